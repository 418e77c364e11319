"""Above the table of *À transmettre*: how the post stands with the server, and the chips that narrow the list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial

from PySide6.QtWidgets import QWidget

from guichet_sync.client.events import Link, State
from guichet_sync.wording import N_

from ..desk import shift
from ..models.outbox import Group, OutboxRow
from ..widgets.flow import FlowLayout
from ..widgets.frames import Banner
from ..widgets.icon_button import ActionButton
from ..widgets.labels import restyle
from .context import Context

_LINKS = {
    Link.OFFLINE: (N_("Hors ligne : tout partira au retour du réseau."), "warn"),
    Link.STOPPED: (N_("Envoi suspendu : « Envoyer maintenant » le reprend."), "warn"),
    Link.SIGNED_OUT: (N_("Session à rouvrir : ce qui attend reste sur ce poste."), "bad"),
}


class LinkBanner(Banner):
    """Says why nothing leaves, where nothing does; silent while all is well, and for two minutes after."""

    def __init__(self, context: Context) -> None:
        super().__init__("warn")
        self._words, self._desk = context.words, context.desk

    def show_state(self, state: State) -> None:
        """Show how the post stands; an exchange that has just begun changes nothing yet."""
        if state.link is Link.WORKING:
            return
        quiet = state.link is Link.OFFLINE and shift.quiet_for(self._desk, state.last_exchange_at) > timedelta(0)
        sentence, tone = ("", "") if quiet else _LINKS.get(state.link, ("", ""))
        told = self._words.text(sentence) if sentence else ""
        if told and state.code and state.link is not Link.OFFLINE:
            told = str(self._words.reason(state.code))
        self.setProperty("tone", tone)
        restyle(self)
        self.say(told)


class GroupChips(QWidget):
    """One chip for each group, with how many lines it has. ``narrow`` is what choosing one does."""

    def __init__(self, context: Context, narrow: Callable[[Group], object], host: QWidget) -> None:
        super().__init__()
        self._words = context.words
        self._names: dict[Group, str] = {}
        self.chips: dict[Group, ActionButton] = {}
        line = FlowLayout(8, self)
        for group in Group:
            action = context.commands.bind(f"outbox_{group.value}", partial(narrow, group), host)
            chip = ActionButton(context.look, action, kind="chip")
            chip.setCheckable(True)
            self._names[group], self.chips[group] = action.text(), chip
            line.addWidget(chip)

    def show_counts(self, rows: Sequence[OutboxRow], chosen: Group) -> None:
        """How many of ``rows`` each group has; the chosen one stands out."""
        for group, chip in self.chips.items():
            count = self._words.number(sum(group in (Group.ALL, each.group) for each in rows))
            chip.setText(f"{self._names[group]}  {count}")
            chip.setAccessibleName(f"{self._names[group]}, {count}")
            chip.setChecked(group is chosen)
