"""The actions of the table, made to act: keys, buttons, palette and menus all go through here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from guichet_sync.wording import Words

from ..actions import ACTIONS, Action, action, shown_key
from ..widgets.overlay import ALWAYS

Keys = Mapping[str, Sequence[str]]


class Commands(QObject):
    """What each action does in this window. ``keys`` are a person's own, by action id; the table's stand for the others.

    An action acts where its host is on the screen: one of a page that is hidden neither hears its key nor stands in the palette.
    """

    remapped = Signal()

    def __init__(self, words: Words, keys: Keys, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._words = words
        self._own = dict(keys)
        self._made: dict[str, tuple[QAction, QWidget]] = {}

    def bind(self, name: str, act: Callable[[], object], host: QWidget) -> QAction:
        """The action of that id acts so, while ``host`` is on the screen; once, however long its key is held."""
        known = action(name)
        made = QAction(self._words.text(known.text), host)
        made.setData(name)
        made.setProperty(ALWAYS, known.always)
        made.setAutoRepeat(False)
        made.triggered.connect(lambda _checked=False: act())
        host.addAction(made)
        self._made[name] = (made, host)
        self._set_keys(known, made)
        return made

    def bind_each(self, name: str, act: Callable[[int], object], host: QWidget) -> None:
        """Each key of that action acts by its rank, from 0: it needs its key and stands in no list of what can be chosen."""
        for rank, key in enumerate(self.keys(name)):
            QShortcut(QKeySequence(key), host, lambda rank=rank: act(rank)).setAutoRepeat(False)

    def action(self, name: str) -> QAction:
        """The action of that id, once it is bound."""
        return self._made[name][0]

    def keys(self, name: str) -> tuple[str, ...]:
        """Its keys: a person's own, or the table's."""
        return tuple(self._own.get(name, action(name).keys))

    def shown_key(self, name: str) -> str:
        """Its first key as it stands on the keyboard, or nothing."""
        return shown_key(next(iter(self.keys(name)), ""), self._words)

    def available(self) -> tuple[tuple[Action, QAction], ...]:
        """What can be done now, in the order of the table."""
        made = ((each, *self._made[each.id]) for each in ACTIONS if each.id in self._made)
        return tuple((each, acting) for each, acting, host in made if acting.isEnabled() and host.isVisible())

    def remap(self, keys: Keys) -> None:
        """From now on a person's own keys are these."""
        self._own = dict(keys)
        for name, (made, _host) in self._made.items():
            self._set_keys(action(name), made)
        self.remapped.emit()

    def _set_keys(self, known: Action, made: QAction) -> None:
        made.setShortcuts([QKeySequence(key) for key in self.keys(known.id)])
        shown = self.shown_key(known.id)
        says = self._words.text(known.says or known.text)
        made.setToolTip(f"{says} ({shown})" if shown else says)
