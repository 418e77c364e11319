"""A field that offers matches while one types: arrows choose, Enter takes, nothing is taken by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QCompleter, QLineEdit, QListView

_VALUE = Qt.ItemDataRole.UserRole
_NAME = Qt.ItemDataRole.UserRole + 1
_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Match:
    """What is offered: the line of the list, what the field reads once it is taken, and the value it stands for."""

    line: str
    name: str
    value: object


class LookupField(QLineEdit):
    """Emits ``typed`` while one types and ``chosen`` with the value of the match taken: the highlighted one, else the first."""

    typed = Signal(str)
    chosen = Signal(object)

    def __init__(self, placeholder: str = "") -> None:
        super().__init__()
        self.setPlaceholderText(placeholder)
        self._matches = QStandardItemModel(self)
        self._popup = QListView()
        self._popup.setObjectName("popup")
        self._completer = QCompleter(self._matches, self)
        self._completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self._completer.setCompletionRole(_NAME)
        self._completer.setMaxVisibleItems(_SHOWN)
        self._completer.setPopup(self._popup)
        self._completer.activated[QModelIndex].connect(self._take)  # type: ignore[index]
        self.setCompleter(self._completer)
        self.textEdited.connect(self._on_edited)
        self.returnPressed.connect(self._on_return)
        self._awaited = False
        self._enter_pressed = False

    def offer(self, matches: Sequence[Match]) -> None:
        """Show the matches of what is typed now, or none. Enter that was pressed meanwhile takes the first of them."""
        self._awaited = False
        self._fill(matches)
        if matches and self.hasFocus():
            self._completer.complete()
            if self._enter_pressed:
                self._take_first()
        else:
            self._popup.hide()
        self._enter_pressed = False

    def _on_edited(self, typed: str) -> None:
        """Matches of other words are none of these: Enter must not take one."""
        self._awaited, self._enter_pressed = True, False
        self.typed.emit(typed)

    def _fill(self, matches: Sequence[Match]) -> None:
        self._matches.clear()
        for match in matches:
            item = QStandardItem(match.line)
            item.setData(match.value, _VALUE)
            item.setData(match.name, _NAME)
            item.setEditable(False)
            self._matches.appendRow(item)

    def is_choosing(self) -> bool:
        """Whether the matches are shown."""
        return self._popup.isVisible()

    def _on_return(self) -> None:
        """Enter comes here before it reaches the list: without a line highlighted there, the first is meant."""
        if self._awaited:
            self._enter_pressed = True
        elif self.is_choosing() and not self._popup.currentIndex().isValid():
            self._take_first()

    def _take_first(self) -> None:
        self._popup.hide()
        self._take(self._completer.completionModel().index(0, 0))

    def _take(self, index: QModelIndex) -> None:
        name, value = index.data(_NAME), index.data(_VALUE)
        if self._awaited:
            return
        self.setText(name)
        self.chosen.emit(value)
