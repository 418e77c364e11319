"""*Réglages* and *À propos* in a real window, around a real desk and the file of its profile."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

from PySide6.QtWidgets import QWidget

from guichet_desktop.bridge import Asking, DeskThread
from guichet_desktop.desk.desk import Desk
from guichet_desktop.profiles import Profile
from guichet_desktop.screens.context import Context, Taxonomy
from guichet_desktop.screens.notices import Undo
from guichet_desktop.screens.page import Page
from guichet_desktop.screens.preferences import Preferences
from guichet_desktop.screens.text_size import resize
from guichet_desktop.settings import Settings
from guichet_desktop.tour import Hands, live, until
from tests.helpers.contexts import context_in
from tests.helpers.stages import Setting, stage

PageT = TypeVar("PageT", bound=Page)


class Sat(Generic[PageT]):
    """A person before the page. ``said`` are its notices."""

    def __init__(self, context: Context, profile: Profile, window: QWidget, page: PageT) -> None:
        self.context, self.profile, self.window, self.page = context, profile, window, page
        self.said: list[tuple[str, Undo | None]] = []
        context.notices.said.connect(lambda sentence, undo: self.said.append((sentence, undo)))
        self.hands = Hands(window)

    @property
    def settings(self) -> Settings:
        """The settings on disk."""
        return self.profile.settings

    def keeps(self, **expected: object) -> None:
        """Wait until the file has these settings."""
        until(lambda: all(getattr(self.settings, name) == value for name, value in expected.items()), f"{expected} kept")

    def undoes(self) -> None:
        """Undo what was said last."""
        undo = self.said[-1][1]
        assert undo is not None
        undo()


@contextmanager
def page_of(
    make: Callable[[Context], PageT], desk: Desk, profile: Profile, setting: Setting, taxonomy: Taxonomy | None = None
) -> Iterator[Sat[PageT]]:
    """The page for the length of a ``with`` block, once it has entered; the window around it does what the settings say."""
    with stage(setting) as there:
        thread = DeskThread(there.window)
        asking = Asking(thread, there.window)
        preferences = Preferences(profile.settings, profile.change, asking, there.window)
        context = context_in(
            there.window,
            desk,
            asking,
            setting.words,
            there.look,
            preferences=preferences,
            keys=preferences.settings.shortcuts,
            taxonomy=taxonomy,
        )
        commands = context.commands
        commands.bind("smaller", lambda: resize(preferences, -1), there.window)
        commands.bind("larger", lambda: resize(preferences, 1), there.window)
        preferences.changed.connect(lambda settings: there.look.wear(settings.theme, settings.scale))
        preferences.changed.connect(lambda settings: commands.remap(settings.shortcuts))
        made = Sat(context, profile, there.window, make(context))
        there.show(made.page)
        made.page.enter()
        live()
        try:
            yield made
        finally:
            thread.close()
