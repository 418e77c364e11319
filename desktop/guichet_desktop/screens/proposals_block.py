"""*Deux modifications se sont croisées*: one proposal at a time, calmly, with what can be decided of it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QApplication, QFrame, QSizePolicy, QVBoxLayout, QWidget

from ..widgets.facts import Facts
from ..widgets.flow import FlowLayout
from ..widgets.icon_button import ActionButton
from ..widgets.labels import label
from .context import Context
from .request_proposals import ShownProposal

_GAP = 8


class ProposalsBlock(QFrame):
    """Hidden while nothing is proposed. ``keep_proposal``, ``drop_proposal`` and ``next_proposal`` are the page's actions: it
    binds them before.
    """

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setProperty("tone", "info")
        words, look, commands = context.words, context.look, context.commands
        self._words = words
        self._shown: tuple[ShownProposal, ...] = ()
        self._place = 0
        self._title = label(words.text("Deux modifications se sont croisées"), "section", wrap=True)
        self._said = label("", wrap=True)
        self.facts = Facts(look, words.text("Proposition"))
        self.facts.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.facts.stand_tall(tall=True)
        self.keep = ActionButton(look, commands.action("keep_proposal"), "check")
        self.drop = ActionButton(look, commands.action("drop_proposal"), "x")
        self.following = ActionButton(look, commands.action("next_proposal"), "chevron-down", kind="ghost")
        self._lay_out()
        self.hide()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(_GAP)
        buttons = QWidget()
        flow = FlowLayout(_GAP, buttons)
        for button in (self.keep, self.drop, self.following):
            flow.addWidget(button)
        for part in (self._title, self._said, self.facts, buttons):
            column.addWidget(part)

    @property
    def proposal(self) -> ShownProposal | None:
        """The one that is shown."""
        return self._shown[self._place] if self._shown else None

    def show_proposals(self, proposals: Sequence[ShownProposal]) -> None:
        """Show these; the one that was being read stays, if it is still among them."""
        before = self.proposal.id if self.proposal else ""
        self._shown = tuple(proposals)
        places = {each.id: place for place, each in enumerate(self._shown)}
        self._place = places.get(before, min(self._place, max(0, len(self._shown) - 1)))
        self._draw()

    def step(self, by: int) -> None:
        """So many further; after the last comes the first again."""
        if self._shown:
            self._place = (self._place + by) % len(self._shown)
            self._draw()
            self.facts.setFocus()

    def holds_focus(self) -> bool:
        """Whether the hands are in it."""
        focused = QApplication.focusWidget()
        return focused is not None and self.isAncestorOf(focused)

    def _draw(self) -> None:
        shown = self.proposal
        self.setVisible(shown is not None)
        if shown is None:
            return
        text = self._words.text
        several = len(self._shown) > 1
        said = text("Ce qui était là en premier est resté. Rien n’est perdu\u00a0: choisissez ce qui vaut.")
        rank = text("Proposition {rank} de {count}.", rank=str(self._place + 1), count=str(len(self._shown))) if several else ""
        self._said.setText(" ".join(filter(None, (rank, said))))
        self.facts.setAccessibleName(text("Proposition\u00a0: {field}", field=shown.field))
        self.facts.show_pairs(shown.facts)
        self.following.setVisible(several)
