"""Fields before the desk: Enter goes to the one that is still empty, then does what the button does; errors stand beside them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QLineEdit, QPushButton

from ..widgets.announcing import announce
from ..widgets.field import Field
from ..widgets.progress import Progress
from .gate_pages import GatePage


class GateForm(QObject):
    """The fields of a page by name, in their order, and the button that gives what was typed to ``act``, once all are filled.

    ``progress`` is shown while it is being used.
    """

    def __init__(
        self, page: GatePage, fields: Mapping[str, Field], button: QPushButton, progress: Progress, act: Callable[[], None]
    ) -> None:
        super().__init__(page)
        self._page = page
        self._fields = dict(fields)
        self._button = button
        self._progress = progress
        progress.hide()
        self._act = act
        self.busy = False
        button.setObjectName("go")
        button.clicked.connect(self._give)
        for name, field in fields.items():
            field.editor.setObjectName(name)
            editor = field.editor
            if isinstance(editor, QLineEdit):
                editor.returnPressed.connect(self._on_return)

    def tell(self, name: str, sentence: str) -> None:
        """Say a sentence beside a field, aloud too."""
        field = self._fields[name]
        field.show_error(sentence)
        announce(field.editor, sentence, at_once=True)

    def clear(self) -> None:
        """Take back all that is said."""
        self._page.warn("")
        for field in self._fields.values():
            field.show_error("")

    def set_busy(self, *, busy: bool) -> None:
        """While what was typed is being used, it stays as it is."""
        if busy and not self.busy:
            self._progress.begin()
            self._page.see(self._progress)
        self.busy = busy
        self._progress.setVisible(busy)
        self._button.setEnabled(not busy)
        for field in self._fields.values():
            if isinstance(field.editor, QLineEdit):
                field.editor.setReadOnly(busy)
            else:
                field.editor.setEnabled(not busy)

    def _missing(self) -> tuple[str, ...]:
        """The fields that are empty."""
        return tuple(
            name
            for name, field in self._fields.items()
            if isinstance(field.editor, QLineEdit) and not field.editor.text().strip()
        )

    def _on_return(self) -> None:
        missing = self._missing()
        if missing and self._fields[missing[0]].editor is not self._page.focusWidget():
            self._page.go_to(self._fields[missing[0]].editor)
        else:
            self._give()

    def _give(self) -> None:
        if self.busy:
            return
        self.clear()
        missing = self._missing()
        for name in missing:
            self.tell(name, self._page.words.text("Ce champ est à remplir."))
        if missing:
            self._page.go_to(self._fields[missing[0]].editor)
        else:
            self._act()
