"""What every pane of a signed-in person needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from guichet_sync.domain.category import Category, Service
from guichet_sync.domain.request import Channel
from guichet_sync.domain.spaces import Role
from guichet_sync.wording import Words
from guichet_sync.wording.desk_words import FRESHNESS

from ..bridge import Asking
from ..desk.desk import Desk
from ..theme import Theme


@dataclass(slots=True)
class Context:
    """The desk, how its verbs are asked for, the words and the look.

    ``wake`` tells the exchange that something waits, ``pause`` to let go of the network until then.
    """

    desk: Desk
    thread: Asking
    words: Words
    theme: Theme
    wake: Callable[[], None]
    pause: Callable[[], None]
    services: dict[str, Service] = field(default_factory=dict)
    categories: tuple[Category, ...] = ()

    @property
    def channel(self) -> Channel:
        """How people reach this person: a clerk has them in front of them, others on the line."""
        return Channel.COUNTER if self.desk.person.role is Role.CLERK else Channel.PHONE

    def service_names(self) -> dict[str, str]:
        """The names of the services in this language."""
        return {code: self.words.both(service.name) for code, service in self.services.items()}

    def freshness_names(self) -> dict[str, str]:
        """What each freshness is called."""
        return {freshness.value: self.words.text(name) for freshness, name in FRESHNESS.items()}
