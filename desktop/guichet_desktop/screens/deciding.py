"""Deciding of a proposal: taken over, or dropped; on disk at once, said, and sent."""

from __future__ import annotations

from PySide6.QtCore import QObject

from guichet_sync.domain.errors import GuichetError
from guichet_sync.wording import N_

from ..desk import follow_up, lookup
from ..desk.follow_up import FollowedUp
from .context import Context
from .request_view import RequestView

_SAID = {True: N_("Proposition retenue."), False: N_("Proposition écartée; la requête reste comme elle est.")}


class Deciding(QObject):
    """Decides of the proposal that a view shows. One at a time: a key pressed twice decides nothing twice."""

    def __init__(self, context: Context, view: RequestView) -> None:
        super().__init__(view)
        self._context = context
        self._view = view
        self._busy = False

    def decide(self, *, accept: bool) -> None:
        """Take the proposal over, or keep what is there."""
        sheet, proposal = self._view.sheet, self._view.proposals.proposal
        if sheet is None or proposal is None or self._busy:
            return
        desk = self._context.desk

        def act() -> FollowedUp:
            return follow_up.decide_proposal(desk, lookup.request(desk, sheet.id).request, proposal.id, accept=accept)

        self._busy = True
        self._context.thread.ask(act, lambda _done: self._on_decided(_SAID[accept]), self._on_failed)

    def _on_decided(self, said: str) -> None:
        self._busy = False
        self._context.notices.say(self._context.words.text(said))
        self._context.wake()
        self._view.read_again()

    def _on_failed(self, error: GuichetError) -> None:
        """Somebody decided already: shown as it is now."""
        self._busy = False
        self._context.notices.say(str(self._context.words.error(error)))
        self._view.read_again()
