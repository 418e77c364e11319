"""The style of panels over the window: command palette, key sheet, privacy screen."""

from __future__ import annotations

from string import Template

OVERLAYS = Template(
    """
QDialog#panel { background: $surface; border: 1px solid $line; border-radius: 12px; }
"""
)
