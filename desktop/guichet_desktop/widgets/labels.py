"""Texts in their roles, pills and key caps."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget


def text(words: str, role: str = "", *, wrap: bool = False) -> QLabel:
    """A label of plain text: never markup, whatever it holds."""
    label = QLabel(words)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(wrap)
    if role:
        label.setProperty("role", role)
    return label


def pill(words: str, tone: str) -> QLabel:
    """A word on a tint: the tint alone never tells anything."""
    label = text(words)
    label.setProperty("pill", tone)
    label.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Maximum)
    return label


def keycap(key: str) -> QLabel:
    """A key, drawn as a key."""
    label = text(key)
    label.setProperty("keycap", "true")
    label.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Maximum)
    return label


def restyle(widget: QWidget) -> None:
    """Apply the style sheet again after a property changed."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def set_pill(label: QLabel, words: str, tone: str) -> None:
    """Change what a pill says."""
    label.setText(words)
    label.setProperty("pill", tone)
    restyle(label)
