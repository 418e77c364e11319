"""All actions with their keys, made from the table and a person's own keys."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ..actions import ACTIONS, SCOPES, Action, Scope, shown_keys
from ..widgets.columns import Columns
from ..widgets.icon_button import IconButton
from ..widgets.key_block import KeyBlock, KeyRow
from ..widgets.labels import label
from ..widgets.overlay import Overlay
from .context import Context

_SELF, _PALETTE = "keys", "palette"
_COLUMNS, _NARROWEST = 190, 50
_BLOCK = 12


class KeySheet(Overlay):
    """By scope, in columns: what each action is called, what it does, its keys. Escape or its own key closes it.

    Tab goes from block to block, and a screen reader reads each whole.
    """

    def __init__(self, context: Context, host: QWidget) -> None:
        super().__init__(host, context.words.text("Raccourcis clavier"), columns=_COLUMNS)
        self._context = context
        self._words = context.words

    def open(self) -> None:
        """Show the keys of now: a person may have changed them since."""
        if self.is_open():
            return
        self.answer_to(("Escape", *self._context.commands.keys(_SELF)), self.close_panel)
        sheet = self._sheet()
        self.set_content(sheet, sheet.findChild(KeyBlock))
        super().open()

    def _sheet(self) -> QWidget:
        sheet = QWidget()
        column = QVBoxLayout(sheet)
        column.setContentsMargins(18, 16, 18, 18)
        column.setSpacing(14)
        column.addLayout(self._head())
        key = self._context.commands.shown_key(_PALETTE)
        sentence = self._words.text("Tout se trouve aussi par son nom : {key}.", key=key)
        column.addWidget(label(sentence, "muted", wrap=True))
        scopes = Columns(_NARROWEST)
        for scope, actions in _blocks():
            scopes.add(self._block(scope, actions))
        column.addWidget(scopes)
        column.addStretch(1)
        return sheet

    def _head(self) -> QHBoxLayout:
        close = IconButton(self._context.look, "x", kind="ghost", name=self._words.text("Fermer"))
        close.clicked.connect(self.close_panel)
        head = QHBoxLayout()
        head.addWidget(label(self._words.text("Raccourcis clavier"), "title", wrap=True), 1)
        head.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        return head

    def _block(self, scope: Scope, actions: tuple[Action, ...]) -> KeyBlock:
        return KeyBlock(self._context.look, self._heading(scope, actions[0]), tuple(map(self._row, actions)))

    def _row(self, action: Action) -> KeyRow:
        keys = shown_keys(self._context.commands.keys(action.id), self._words)
        return KeyRow(keys, self._words.text(action.text), self._words.text(action.says) if action.says else "")

    def _heading(self, scope: Scope, first: Action) -> str:
        name = self._words.text(SCOPES[scope])
        begins = next(each for each in ACTIONS if each.scope is scope)
        return name if first is begins else self._words.text("{place} (suite)", place=name)


def _blocks() -> Iterator[tuple[Scope, tuple[Action, ...]]]:
    """The actions of each scope, in blocks short enough to fill columns evenly."""
    for scope in Scope:
        actions = tuple(each for each in ACTIONS if each.scope is scope)
        for start in range(0, len(actions), _BLOCK):
            yield scope, actions[start : start + _BLOCK]
