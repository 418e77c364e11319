"""What a page alone in a window needs: made as the composition root makes it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from guichet_desktop.bridge import Asking
from guichet_desktop.desk.desk import Desk
from guichet_desktop.screens.commands import Commands, Keys
from guichet_desktop.screens.context import Context, Taxonomy
from guichet_desktop.screens.current_interaction import CurrentInteraction
from guichet_desktop.screens.modes import channel_of, mode_of
from guichet_desktop.screens.notices import Notices
from guichet_desktop.screens.preferences import Preferences
from guichet_desktop.settings import Settings
from guichet_desktop.theme.look import Look
from guichet_sync.wording import Words


def context_in(
    window: QWidget,
    desk: Desk,
    asking: Asking,
    words: Words,
    look: Look,
    *,
    preferences: Preferences | None = None,
    keys: Keys | None = None,
    taxonomy: Taxonomy | None = None,
    wake: Callable[[], None] = lambda: None,
) -> Context:
    """A context whose parts live as long as ``window``."""
    preferences = preferences or Preferences(Settings(), lambda **_changes: Settings(), asking, window)
    mode = mode_of(desk.person.role, preferences.settings.mode)
    return Context(
        desk=desk,
        thread=asking,
        words=words,
        look=look,
        commands=Commands(words, keys or {}, window),
        notices=Notices(window),
        preferences=preferences,
        mode=mode,
        interaction=CurrentInteraction(desk, channel_of(mode), window),
        wake=wake,
        pause=lambda: None,
        taxonomy=taxonomy or Taxonomy(),
    )
