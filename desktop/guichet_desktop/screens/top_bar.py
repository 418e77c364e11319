"""The top of the window: the one search field, how the post stands, who is signed in."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy

from guichet_sync.domain.words import Language
from guichet_sync.wording.desk_words import ROLE

from ..theme.look import Look
from ..widgets.icon_button import ActionButton
from ..widgets.labels import label
from ..widgets.search_edit import SearchEdit
from ..widgets.sync_chip import SyncChip
from .context import Context
from .room import Room

_LEAST_SEARCH_PX, _MOST_SEARCH_PX = 200, 640


class SearchField(SearchEdit):
    """The one search field."""

    def __init__(self, context: Context) -> None:
        words = context.words
        hints = (words.text("Chercher une réponse : arrosage, bac brun, permis…"), words.text("Chercher une réponse"))
        super().__init__(context.look, (*hints, words.text("Rechercher")), words.text("Effacer la recherche"))
        self.setObjectName("search")
        self.setAccessibleName(words.text("Rechercher une fiche"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        context.look.changed.connect(lambda: self._bound(context.look))
        self._bound(context.look)

    def _bound(self, look: Look) -> None:
        self.setMinimumWidth(look.theme.px(_LEAST_SEARCH_PX))
        self.setMaximumWidth(look.theme.px(_MOST_SEARCH_PX))


class TopBar(QFrame):
    """Holds the search field and the actions that are always at hand."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setObjectName("topbar")
        words, commands, look = context.words, context.commands, context.look
        self.search = SearchField(context)
        self.chip = SyncChip(words.text("État de la synchronisation"))
        self._brand = label("Guichet", "brand")
        self._mode = label("", "meta")
        self.side_button = ActionButton(look, commands.action("side"), "panel-left", words="", kind="icon")
        self.language_button = ActionButton(look, commands.action("language"), words=_other(words.language), kind="chip")
        self.language_button.setAccessibleName(words.text("Passer à l’anglais"))
        self.lock_button = ActionButton(look, commands.action("lock"), "lock")
        self._who = _avatar(context)
        self._lay_out()

    def _lay_out(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 8, 16, 8)
        layout.setSpacing(12)
        for part, stretch in (
            (self.side_button, 0),
            (self._brand, 0),
            (self._mode, 3),
            (self.search, 8),
        ):
            layout.addWidget(part, stretch)
        layout.addStretch(1)
        for last in (self.chip, self.language_button, self.lock_button, self._who):
            layout.addWidget(last)

    def show_place(self, sentence: str) -> None:
        """Which post this is, for which work."""
        self._mode.setText(sentence)

    def set_room(self, room: Room, *, drawer: bool) -> None:
        """Say less where there is less room; ``drawer``: the page has a pane that is a drawer then."""
        self.side_button.setVisible(drawer and room is not Room.WIDE)
        self._brand.setVisible(room is not Room.NARROW)
        self._mode.setVisible(room is Room.WIDE)
        self.chip.set_short(short=room is Room.NARROW)
        self.lock_button.show_words(shown=room is Room.WIDE)


def _other(language: Language) -> str:
    """The language one would change to, by its own short name."""
    return (Language.EN if language is Language.FR else Language.FR).value.upper()


def _avatar(context: Context) -> QLabel:
    """The initials of who is signed in; the whole name on the tip and for a screen reader."""
    person = context.desk.person
    initials = "".join(part[0] for part in person.display.replace("-", " ").split() if part[0].isalpha())[:2].upper()
    made = label(initials, "avatar")
    made.setAlignment(Qt.AlignmentFlag.AlignCenter)
    who = context.words.text("{name}, {role}", name=person.display, role=context.words.text(ROLE[person.role]))
    made.setAccessibleName(who)
    made.setToolTip(who)
    return made
