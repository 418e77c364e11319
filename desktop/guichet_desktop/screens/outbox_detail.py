"""Beside the table of *À transmettre*: what the chosen line holds, why it stands so, and what can be done with it."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QVBoxLayout

from guichet_sync.domain.request import SyncState
from guichet_sync.wording import N_

from ..actions import action
from ..desk.outbox import Line, Verb
from ..models.outbox import OutboxRow
from ..models.outbox_facts import facts_of
from ..widgets.facts import Facts
from ..widgets.flow import FlowLayout
from ..widgets.frames import Banner, row
from ..widgets.icon_button import ActionButton
from ..widgets.labels import keycap, label, pill, restyle, set_pill
from .context import Context
from .outbox_verbs import ACTIONS

_NOTES = {
    SyncState.WAITING: N_("Enregistrée ici, à envoyer : rien n’en est encore parti."),
    SyncState.SEALED: N_("L’envoi a commencé : elle ne peut plus être modifiée."),
    SyncState.ACCEPTED: N_("Le serveur l’a reçue; elle disparaîtra d’ici dès que la copie locale la montrera."),
}
_AGAIN_NOTE = N_("Rien n’est perdu : refaites-le sur la requête telle qu’elle est maintenant, ou supprimez-le.")
_KEPT_NOTE = N_("Ce brouillon garde le numéro donné à la personne : il restera le sien.")
_SPENT_NOTE = N_("Le numéro donné à la personne ne peut plus servir : un autre sera donné à l’enregistrement.")


class OutboxDetail(QFrame):
    """Shows one row at a time; its buttons are the actions that can truly be done with it."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setProperty("card", "true")
        self._context = context
        words = context.words
        self._title = label("", "section", wrap=True)
        self._pill = pill("", "mute")
        self._reason, self._note = Banner("bad", "section"), Banner("info")
        self._advice = label("", wrap=True)
        self._reason.add(self._advice)
        self.facts = Facts(context.look, words.text("Détail de la ligne choisie"))
        self.buttons = {verb: self._button(name) for verb, name in ACTIONS.items()}
        self._keycaps = {verb: keycap(context.commands.shown_key("outbox_main")) for verb in ACTIONS}
        self.copy_button = ActionButton(context.look, context.commands.action("outbox_copy"), "copy", kind="ghost")
        self._lay_out()

    def _button(self, name: str) -> ActionButton:
        return ActionButton(self._context.look, self._context.commands.action(name), action(name).icon)

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 12, 12)
        layout.setSpacing(10)
        layout.addLayout(row(self._title, self._pill))
        buttons = FlowLayout(8)
        for verb, button in self.buttons.items():
            buttons.addWidget(button)
            buttons.addWidget(self._keycaps[verb])
        buttons.addWidget(self.copy_button)
        layout.addLayout(buttons)
        layout.addWidget(self._reason)
        layout.addWidget(self._note)
        layout.addWidget(self.facts, 1)

    def show_row(self, shown: OutboxRow | None) -> None:
        """Show a row, or nothing."""
        self.setEnabled(shown is not None)
        if shown is None:
            return
        line = shown.line
        self._title.setText(shown.number or shown.what)
        set_pill(self._pill, shown.state, shown.tone)
        self._show_reason(line)
        self._note.say(self._said(line))
        self.facts.show_pairs([(fact.name, fact.value) for fact in facts_of(line, self._context.words, self._context.desk)])
        self._show_verbs(line)

    def _show_verbs(self, line: Line) -> None:
        """Its verbs, the main one as such, with the key that does it."""
        for verb, button in self.buttons.items():
            main = verb is line.main
            button.setProperty("kind", "primary" if main else "")
            button.set_icon(action(ACTIONS[verb]).icon, "onBrand" if main else "text")
            restyle(button)
            button.setVisible(verb in line.verbs)
            self._keycaps[verb].setVisible(main)
        self.copy_button.setVisible(bool(line.number))

    def _show_reason(self, line: Line) -> None:
        """Why it was refused, set aside or could not be taken, and what to do about it."""
        code = line.item.last_error if line.item else ""
        reason = self._context.words.reason(code) if code else None
        self._reason.setProperty("tone", "bad" if line.failed and Verb.AGAIN not in line.verbs else "warn")
        restyle(self._reason)
        self._advice.setText(reason.advice if reason else "")
        self._advice.setVisible(bool(reason and reason.advice))
        self._reason.say(reason.title if reason else "")

    def _said(self, line: Line) -> str:
        text = self._context.words.text
        if line.item is not None and Verb.AGAIN in line.verbs:
            return text(_AGAIN_NOTE)
        if line.item is not None:
            return text(_NOTES[line.item.state]) if line.item.state in _NOTES else ""
        if line.content is None or not line.content.number:
            return ""
        return text(_SPENT_NOTE if line.content.number_spent else _KEPT_NOTE)
