"""The style sheet of the parts: states, time lines, drawers, steps, notes beside fields."""

from __future__ import annotations

from string import Template

PARTS = Template(
    """
QLabel[role="state"] { color: $text2; border: 2px solid transparent; border-radius: 8px; padding: 4px 8px; }
QLabel[role="state"]:focus { border: 2px solid $focus; }
QProgressBar[kind="thin"] { min-height: 3px; max-height: 3px; border-radius: 0; }
QProgressBar[kind="thin"]::chunk { border-radius: 0; }
QListView#timeline:focus { border: 0; }
QFrame#drawer { background: $bg; border: 0; border-right: 1px solid $field; }
QLabel[role="warning"] { font-size: ${px12}px; color: $warn; font-weight: 500; }
QLabel[role="step"] { color: $text2; }
QLabel[role="stepnow"] { color: $text; font-weight: 600; }
QFrame#toast QPushButton:focus { border: 3px solid $surface; padding: 4px 12px; }
QFrame#toast QPushButton:hover { background: transparent; border: 2px solid $surface; padding: 5px 13px; }
QGroupBox[kind="choices"] { border: 0; margin: 0; padding: 0; background: transparent; }
"""
)
