"""The style of fields with a button inside, of choices and of the settings' table."""

from __future__ import annotations

from string import Template

SETTINGS = Template(
    """
QPushButton[kind="inside"] { background: transparent; border: 1px solid transparent; border-radius: 5px; padding: 0;
  min-height: 0; }
QPushButton[kind="inside"]:hover { background: $sunken; }
QPushButton[kind="inside"]:checked { background: $tint; }
QPushButton[kind="inside"]:focus { border: 2px solid $focus; padding: 0; }
QPushButton[kind="less"], QPushButton[kind="more"] { padding: ${px6}px; min-width: ${px20}px; }
QLabel[role="percent"] { font-size: ${px15}px; font-weight: 600; min-width: ${px56}px; }
QLineEdit[kind="capture"] { border: 2px solid $focus; padding: 0 ${px6}px; background: $tintSoft; color: $text;
  border-radius: 0; }
"""
)
