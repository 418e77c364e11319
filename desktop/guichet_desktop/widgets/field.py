"""A form's field: its label in words, its editor, what is noted about it and its error beside it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from .labels import label, restyle
from .noted_edit import NotedEdit

Told = Callable[[str], None]
_GAP_PX = 10
_NOTE_CHARACTERS = 14


class Field(QWidget):
    """Wraps an editor. The label names it for screen readers too; note and error are announced as its description.

    An editor of several parts gives ``tell``: it is called with what is wrong, to be told by each of them.
    """

    def __init__(self, name: str, editor: QWidget, tell: Told | None = None) -> None:
        super().__init__()
        self.editor = editor
        self._tell = tell or editor.setAccessibleDescription
        self._label = label(name, "label", wrap=True)
        self._label.setBuddy(editor)
        self._beside = label("", "meta", wrap=True)
        self._warning = label("", "warning", wrap=True)
        self._error = label("", "error", wrap=True)
        editor.setAccessibleName(name)
        self._lay_out()
        if isinstance(editor, NotedEdit):
            editor.noted.connect(self._on_noted)
            self._on_noted(editor.note(), warns=False)

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._label)
        self._editor_line = self._line()
        layout.addLayout(self._editor_line)
        for part in (self._warning, self._error):
            part.hide()
            layout.addWidget(part)

    def _line(self) -> QHBoxLayout:
        """The editor, and room for what it notes where it is a short one."""
        line = QHBoxLayout()
        line.setSpacing(_GAP_PX)
        line.addWidget(self.editor)
        if self._is_short():
            self._beside.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            line.addWidget(self._beside, 1, Qt.AlignmentFlag.AlignVCenter)
        else:
            self._beside.setParent(self)
            self._beside.hide()
        return line

    def _is_short(self) -> bool:
        return isinstance(self.editor, NotedEdit) and self.editor.columns > 0

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A note stands beside a short editor where it has room there, else below."""
        if self._is_short():
            room = event.size().width() - self.editor.sizeHint().width() - _GAP_PX
            beside = room >= _NOTE_CHARACTERS * self._beside.fontMetrics().averageCharWidth()
            self._editor_line.setDirection(QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom)
        super().resizeEvent(event)

    def show_error(self, sentence: str) -> None:
        """Say what is wrong beside the field, or nothing."""
        self._error.setText(sentence)
        self._error.setVisible(bool(sentence))
        self.editor.setProperty("invalid", "true" if sentence else "false")
        restyle(self.editor)
        self._describe()

    def error(self) -> str:
        """What is said now."""
        return self._error.text()

    def _on_noted(self, sentence: str, warns: bool) -> None:
        calm = "" if warns else sentence
        self._beside.setText(calm)
        self._warning.setText(sentence if warns else "")
        self._warning.setVisible(warns and bool(sentence))
        self._describe()

    def _describe(self) -> None:
        said = (self._error.text(), self._warning.text(), self._beside.text())
        self._tell(" ".join(filter(None, said)))
