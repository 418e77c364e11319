"""The shell: rail, top bar, who is signed in."""

from __future__ import annotations

from string import Template

SHELL = Template(
    """
QFrame#rail { background: $rail; border: 0; }
QFrame#rail QToolButton { background: transparent; color: $railText; border: 2px solid transparent; border-radius: ${px8}px;
  padding: ${px6}px ${px4}px; font-size: ${px11}px; font-weight: 600; min-width: ${px74}px; }
QFrame#rail QToolButton:hover { color: $railActive; border-color: $railActiveBg; }
QFrame#rail QToolButton:checked { background: $railActiveBg; color: $railActive; }
QFrame#rail QToolButton:focus { border-color: $railText; }
QFrame#rail[narrow="true"] QToolButton { min-width: ${px24}px; padding: ${px8}px; }
QLabel[role="avatar"] { background: $tint; color: $onTint; border-radius: ${half30}px; font-size: ${px12}px; font-weight: 600;
  min-width: ${px30}px; max-width: ${px30}px; min-height: ${px30}px; max-height: ${px30}px; }
QFrame[tone="call"] { background: $tintSoft; border: 1px solid $brand; border-radius: ${px10}px; }
QLabel[role="timer"] { font-size: ${px22}px; font-weight: 600; }
QFrame#statusbar QProgressBar { min-width: ${px90}px; max-width: ${px120}px; }
QPushButton[kind="icon"] { padding: ${px5}px; border-color: $line; }
QPushButton[kind="icon"]:focus { border: 2px solid $focus; padding: ${px5_1}px; }
"""
)
