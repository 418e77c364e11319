"""The one page before the desk that is on the screen, and the language it is in."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from guichet_sync.domain.errors import GuichetError
from guichet_sync.wording import Words

from ..theme.look import Look
from .gate_pages import GatePage


class GateRoom(QObject):
    """Shows pages by ``show``; the same page is made again when the language changes, with what it held.

    Emits ``language_chosen`` with the language a person asked for.
    """

    language_chosen = Signal(object)

    def __init__(self, look: Look, show: Callable[[QWidget], None], parent: QObject) -> None:
        super().__init__(parent)
        self.look = look
        self.words: Words | None = None
        self._show = show
        self._page: GatePage | None = None

    def turn_to(self, make: Callable[[Look, Words], GatePage]) -> GatePage:
        """Show the page that ``make`` makes of look and words.

        :raises ValueError: no language was spoken yet.
        """
        if self.words is None:
            raise ValueError
        self._make = make
        self._page = page = make(self.look, self.words)
        page.language_chosen.connect(self.language_chosen)
        self._show(page)
        page.begin()
        return page

    def speak(self, words: Words) -> None:
        """Pages are in this language from now on, the one on the screen too: what was typed in it stays."""
        before, page = self.words, self._page
        self.words = words
        if page is not None and before is not None and words.language is not before.language:
            kept = page.kept()
            self.turn_to(self._make).restore(kept)

    def leave(self) -> None:
        """No page of these is on the screen any more."""
        self._page = None

    def tell(self, error: GuichetError) -> None:
        """Say on the page what went wrong."""
        if self._page is not None:
            self._page.tell(error)

    def refuse(self, error: GuichetError) -> None:
        """The page that asked says why not, in whatever language it stands now."""
        if self._page is not None:
            self._page.refuse(error)
