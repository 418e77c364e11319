"""Who is signed in here, and with what: to be read, not changed."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from guichet_sync.wording.desk_words import ROLE

from ..desk import shift
from ..desk.shift import Status
from ..widgets.facts import Facts
from .context import Context
from .settings_section import Section

_AROUND_PX = 4


class AccountSection(Section):
    """Read on the desk thread each time the page is entered."""

    def __init__(self, context: Context) -> None:
        words = context.words
        name = words.text("Compte")
        super().__init__(context, name, words.text("Votre rôle et votre service viennent du serveur central."))
        self.facts = Facts(context.look, name)
        self.facts.stand_tall(tall=True)
        self.facts.document().setDocumentMargin(_AROUND_PX)
        self.column.addWidget(self.facts)
        self.close_with_trouble()
        self.facts.show_pairs(self._known())

    def first(self) -> QWidget:
        """The facts, to be read."""
        return self.facts

    def read(self) -> None:
        """Look up what the post knows."""
        desk = self.context.desk
        self.context.thread.ask(lambda: shift.status(desk), self._show, self.tell_unread, lane="account")

    def tell_unread(self, error: object) -> None:
        """What the post knows can't be read now: what is known without it stays."""

    def _show(self, status: Status) -> None:
        words, name = self.words, self.context.preferences.settings.post_name
        post = words.text("{name} (code {code})", name=name, code=status.post) if name else status.post
        more = ((words.text("Poste de travail"), post), (words.text("Serveur central"), status.server))
        self.facts.show_pairs((*self._known(), *more))

    def _known(self) -> tuple[tuple[str, str], ...]:
        words, person = self.words, self.context.desk.person
        service = self.context.services.get(person.service)
        pairs = (
            (words.text("Personne"), person.display),
            (words.text("Nom d’utilisateur"), person.name),
            (words.text("Rôle"), words.text(ROLE[person.role])),
            (words.text("Service"), words.both(service.name) if service else person.service),
        )
        return tuple((name, value) for name, value in pairs if value)
