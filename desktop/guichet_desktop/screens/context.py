"""What every pane of a signed-in person needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from guichet_sync.domain.category import Category, Service
from guichet_sync.domain.request import Channel
from guichet_sync.language import fold
from guichet_sync.wording import Words
from guichet_sync.wording.desk_words import FRESHNESS

from ..bridge import Asking
from ..desk import lookup
from ..desk.desk import Desk
from ..theme import Theme
from ..theme.look import Look
from .commands import Commands
from .current_interaction import CurrentInteraction
from .modes import Mode, channel_of
from .notices import Notices
from .preferences import Preferences


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """What this post's copy has of it; empty until the first copy came."""

    services: dict[str, Service] = field(default_factory=dict)
    categories: tuple[tuple[Category, str], ...] = ()

    @classmethod
    def read(cls, desk: Desk) -> Taxonomy:
        """On the desk thread: read it, and fold its words once."""
        return cls(lookup.services(desk), tuple((each, _words_of(each)) for each in lookup.categories(desk)))


def _words_of(category: Category) -> str:
    return fold(" ".join((category.name.fr, category.name.en, *category.synonyms_fr, *category.synonyms_en)))


@dataclass(slots=True)
class Context:
    """The desk, how its verbs are asked for, the words and the look.

    ``wake`` tells the exchange that something waits, ``pause`` to let go of the network until then.
    """

    desk: Desk
    thread: Asking
    words: Words
    look: Look
    commands: Commands
    notices: Notices
    preferences: Preferences
    mode: Mode
    interaction: CurrentInteraction
    wake: Callable[[], None]
    pause: Callable[[], None]
    taxonomy: Taxonomy = field(default_factory=Taxonomy)

    @property
    def theme(self) -> Theme:
        """The theme worn now."""
        return self.look.theme

    @property
    def services(self) -> dict[str, Service]:
        """The services of this post's copy, by code."""
        return self.taxonomy.services

    @property
    def categories(self) -> tuple[Category, ...]:
        """The categories in use."""
        return tuple(each for each, _words in self.taxonomy.categories)

    @property
    def category_words(self) -> tuple[tuple[Category, str], ...]:
        """The categories in use, each with the folded words people find it by."""
        return self.taxonomy.categories

    @property
    def channel(self) -> Channel:
        """How people reach this person."""
        return channel_of(self.mode)

    def service_names(self) -> dict[str, str]:
        """The names of the services in this language."""
        return {code: self.words.both(service.name) for code, service in self.services.items()}

    def freshness_names(self) -> dict[str, str]:
        """What each freshness is called."""
        return {freshness.value: self.words.text(name) for freshness, name in FRESHNESS.items()}
