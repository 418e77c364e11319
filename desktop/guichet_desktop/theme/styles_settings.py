"""The style of fields with a button inside, of choices and of the settings' table."""

from __future__ import annotations

from string import Template

SETTINGS = Template(
    """
QPushButton[kind="inside"] { background: transparent; border: 1px solid transparent; border-radius: 5px; padding: 0; min-height: 0; }
QPushButton[kind="inside"]:hover { background: $sunken; }
QPushButton[kind="inside"]:checked { background: $tint; }
QPushButton[kind="inside"]:focus { border: 2px solid $focus; padding: 0; }
QPushButton[kind="chip"]:focus { border: 2px solid $focus; padding: 4px 10px; }
QLineEdit:read-only { background: $raised; color: $text2; }
"""
)
