"""A form's field: its label in words, its editor, and its error beside it."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from .labels import label, restyle


class Field(QWidget):
    """Wraps an editor. The label names it for screen readers too; the error is announced as its description."""

    def __init__(self, name: str, editor: QWidget) -> None:
        super().__init__()
        self.editor = editor
        self._label = label(name, "label", wrap=True)
        self._label.setBuddy(editor)
        self._error = label("", "error", wrap=True)
        self._error.hide()
        editor.setAccessibleName(name)
        editor.setMinimumHeight(30)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._label)
        layout.addWidget(editor)
        layout.addWidget(self._error)

    def show_error(self, sentence: str) -> None:
        """Say what is wrong beside the field, or nothing."""
        self._error.setText(sentence)
        self._error.setVisible(bool(sentence))
        self.editor.setAccessibleDescription(sentence)
        self.editor.setProperty("invalid", "true" if sentence else "false")
        restyle(self.editor)

    def error(self) -> str:
        """What is said now."""
        return self._error.text()
