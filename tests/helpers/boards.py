"""A page that does the actions of the table and says which it did, in a real window around a real desk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial

from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from guichet_desktop.actions import ACTIONS, Scope
from guichet_desktop.bridge import Asking, DeskThread
from guichet_desktop.desk.desk import Desk
from guichet_desktop.screens.commands import Keys
from guichet_desktop.screens.context import Context
from guichet_desktop.tour import Hands
from tests.helpers.contexts import context_in
from tests.helpers.stages import Setting, stage


class Board:
    """The home page; the actions of other pages are there, but hidden with them.

    ``done`` has the ids of the actions in the order they were done; ``field`` has the focus when it is shown.
    """

    def __init__(self, context: Context, window: QWidget) -> None:
        self.context = context
        self.window = window
        self.page = QWidget()
        self.page.setObjectName("root")
        self.field = QLineEdit()
        self.field.setAccessibleName(context.words.text("Rechercher"))
        QVBoxLayout(self.page).addWidget(self.field)
        self.done: list[str] = []
        self.focus_when_done: list[QWidget | None] = []
        self.hands = Hands(window)
        for each in ACTIONS:
            context.commands.bind(each.id, partial(self._note, each.id), self._host(each.scope))

    def _host(self, scope: Scope) -> QWidget:
        if scope in (Scope.EVERYWHERE, Scope.HOME):
            return self.page
        elsewhere = QWidget(self.page)
        elsewhere.hide()
        return elsewhere

    def _note(self, name: str) -> None:
        self.done.append(name)
        self.focus_when_done.append(self.window.focusWidget())


@contextmanager
def board(desk: Desk, setting: Setting, keys: Keys | None = None) -> Iterator[Board]:
    """A board for the length of a ``with`` block; ``keys`` are the person's own."""
    with stage(setting) as there:
        thread = DeskThread(there.window)
        asking = Asking(thread, there.window)
        context = context_in(there.window, desk, asking, setting.words, there.look, keys=_own(keys))
        made = Board(context, there.window)
        there.show(made.page)
        made.field.setFocus()
        try:
            yield made
        finally:
            thread.close()


def _own(keys: Keys | None) -> Mapping[str, tuple[str, ...]]:
    return {name: tuple(each) for name, each in (keys or {}).items()}
