"""The style of panels over the window: command palette, key sheet, privacy screen."""

from __future__ import annotations

from string import Template

OVERLAYS = Template(
    """
QDialog#panel { background: $surface; border: 1px solid $line; border-radius: 12px; }
QGroupBox#keys { border: 2px solid transparent; border-radius: 8px; margin: 0; padding: 0; background: transparent; }
QGroupBox#keys:focus { border: 2px solid $focus; }
QDialog#cover { background: transparent; border: 0; }
QDialog#cover QLabel { color: $railText; font-size: ${px15}px; }
QDialog#cover QLabel[role="clock"] { font-size: ${px40}px; font-weight: 600; }
QDialog#cover QLabel[role="covertitle"] { font-size: ${px20}px; font-weight: 600; }
"""
)
