"""The buttons that stand over a map."""

from __future__ import annotations

from string import Template

MAP = Template(
    """
QPushButton[kind="map"] { background: $surface; border: 1px solid $field; border-radius: ${px6}px; padding: ${px4}px;
  min-width: ${px18}px; min-height: ${px18}px; }
QPushButton[kind="map"]:hover { background: $raised; border-color: $brand; }
QPushButton[kind="map"]:focus { border: 3px solid $focus; padding: ${px4_2}px; }
"""
)
