"""Texts in their roles, pills and key caps."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget


def label(words: str, role: str = "", *, wrap: bool = False) -> QLabel:
    """A label of plain text: never markup, whatever it holds."""
    made = QLabel(words)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wrap)
    if role:
        made.setProperty("role", role)
    return made


def pill(words: str, tone: str) -> QLabel:
    """A word on a tint: the tint alone never tells anything."""
    made = label(words)
    made.setProperty("pill", tone)
    made.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Maximum)
    return made


def keycap(key: str) -> QLabel:
    """A key, drawn as a key."""
    made = label(key)
    made.setProperty("keycap", "true")
    made.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Maximum)
    return made


def restyle(widget: QWidget) -> None:
    """Apply the style sheet again after a property changed."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def set_pill(shown: QLabel, words: str, tone: str) -> None:
    """Change what a pill says."""
    shown.setText(words)
    shown.setProperty("pill", tone)
    restyle(shown)
