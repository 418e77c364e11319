"""What every pane of a signed-in person needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from guichet_sync.domain.category import Category, Service
from guichet_sync.wording import Words
from guichet_sync.wording.desk_words import FRESHNESS

from ..bridge import DeskThread
from ..desk.desk import Desk
from ..theme import Theme


@dataclass(slots=True)
class Context:
    """The desk, the thread its verbs run on, the words and the look. ``wake`` tells the exchange that something waits."""

    desk: Desk
    thread: DeskThread
    words: Words
    theme: Theme
    wake: Callable[[], None]
    services: dict[str, Service] = field(default_factory=dict)
    categories: tuple[Category, ...] = ()

    def service_names(self) -> dict[str, str]:
        """The names of the services in this language."""
        return {code: self.words.both(service.name) for code, service in self.services.items()}

    def freshness_names(self) -> dict[str, str]:
        """What each freshness is called."""
        return {freshness.value: self.words.text(name) for freshness, name in FRESHNESS.items()}
