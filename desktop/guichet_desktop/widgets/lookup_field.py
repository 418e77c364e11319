"""A field that offers matches while one types: arrows choose, Enter takes, nothing is taken by itself."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QCompleter, QLineEdit

_VALUE = Qt.ItemDataRole.UserRole


class LookupField(QLineEdit):
    """Emits ``typed`` while one types and ``chosen`` with the value of the match taken."""

    typed = Signal(str)
    chosen = Signal(object)

    def __init__(self, placeholder: str = "") -> None:
        super().__init__()
        self.setPlaceholderText(placeholder)
        self._matches = QStandardItemModel(self)
        completer = QCompleter(self._matches, self)
        completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        completer.popup().setObjectName("popup")
        completer.setMaxVisibleItems(8)
        completer.activated[QModelIndex].connect(self._on_activated)
        self.setCompleter(completer)
        self.textEdited.connect(self.typed)

    def offer(self, matches: Sequence[tuple[str, object]]) -> None:
        """Show matches: what each reads and the value it stands for."""
        self._matches.clear()
        for label, value in matches:
            item = QStandardItem(label)
            item.setData(value, _VALUE)
            item.setEditable(False)
            self._matches.appendRow(item)
        if matches and self.hasFocus():
            self.completer().complete()
        else:
            self.completer().popup().hide()

    def take_first(self) -> bool:
        """Take the first match, as Enter does when none is chosen; whether there was one."""
        if not self._matches.rowCount():
            return False
        self._take(self._matches.item(0))
        return True

    def _on_activated(self, index: QModelIndex) -> None:
        source = self.completer().completionModel().mapToSource(index)  # type: ignore[attr-defined]
        self._take(self._matches.itemFromIndex(source))

    def _take(self, item: QStandardItem) -> None:
        value = item.data(_VALUE)
        self.setText(item.text())
        self._matches.clear()
        self.chosen.emit(value)
