"""A signed-in person's seat: their desk, preferences and interaction, and the window's shell, made anew for another language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from guichet_sync.domain.words import Language
from guichet_sync.wording import Words

from .bridge import Asking, DeskThread
from .screens.commands import Commands
from .screens.context import Context
from .screens.current_interaction import CurrentInteraction
from .screens.key_choice import usable
from .screens.modes import channel_of, mode_of
from .screens.notices import Notices
from .screens.preferences import Preferences
from .screens.shell import Kept, Shell

if TYPE_CHECKING:
    from .exchange import ExchangeProcess
    from .gate import Entered
    from .settings import Settings
    from .theme.look import Look


class Seat(QObject):
    """Emits ``lock_asked``, and ``language_chosen`` with the language that everything else is to speak from now on."""

    lock_asked = Signal()
    language_chosen = Signal(object)

    def __init__(
        self, here: Entered, settings: Settings, words: Words, look: Look, exchange: ExchangeProcess, thread: DeskThread
    ) -> None:
        super().__init__()
        self._desk, self._look, self._exchange, self._thread = here.desk, look, exchange, thread
        self._words = words
        self._asking = Asking(thread, self)
        self.preferences = Preferences(settings, here.profile.change, self._asking, self)
        self.preferences.changed.connect(self._on_changed)
        self._mode = mode_of(here.desk.person.role, settings.mode)
        self.interaction = CurrentInteraction(here.desk, channel_of(self._mode), self)
        self.shell: Shell | None = None

    def sit(self, show: Callable[[QWidget], None], kept: Kept | None = None) -> Shell:
        """Make the shell and have it shown, where the last one was left."""
        self._show = show
        context = self._context()
        if kept is not None:
            context.taxonomy = kept.taxonomy
        shell = Shell(context)
        for owned in (context.thread, context.commands, context.notices):
            owned.setParent(shell)
        shell.lock_asked.connect(self.lock_asked)
        shell.language_asked.connect(self._other_language)
        self._exchange.event_heard.connect(shell.hear)
        if self._exchange.last_state is not None:
            shell.hear(self._exchange.last_state)
        self.shell = shell
        show(shell)
        shell.refresh()
        shell.top.search.setFocus()
        if kept is not None:
            shell.take_over(kept)
        return shell

    def say(self, sentence: str) -> None:
        """Say a sentence to the person."""
        if self.shell is not None:
            self.shell.context.notices.say(sentence)

    def then(self, act: Callable[[], None]) -> None:
        """After the results that a screen still waits for: none of them may come to a screen that is gone."""
        self._asking.ask(lambda: None, lambda _nothing: act())

    def leave(self) -> None:
        """Keep what is typed and close the files."""
        if self.shell is not None:
            self.shell.home.form.keeper.keep()
            self.shell = None
        self._asking.ask(self._desk.close, lambda _nothing: None)

    def _context(self) -> Context:
        return Context(
            desk=self._desk,
            thread=Asking(self._thread),
            words=self._words,
            look=self._look,
            commands=Commands(self._words, usable(self.preferences.settings.shortcuts)),
            notices=Notices(),
            preferences=self.preferences,
            mode=self._mode,
            interaction=self.interaction,
            wake=self._exchange.wake,
            pause=self._exchange.pause,
        )

    def _other_language(self) -> None:
        other = Language.EN if self._words.language is Language.FR else Language.FR
        self.preferences.change(language=other.value)

    def _on_changed(self, settings: Settings) -> None:
        """What a person prefers is worn at once; another language or another work needs other words, hence another shell."""
        self._look.wear(settings.theme, settings.scale)
        if self.shell is not None:
            self.shell.context.commands.remap(usable(settings.shortcuts))
        mode = mode_of(self._desk.person.role, settings.mode)
        if mode is not self._mode or settings.language not in ("", self._words.language.value):
            self.then(self._sit_again)

    def _sit_again(self) -> None:
        before, settings = self.shell, self.preferences.settings
        if before is None:
            return
        kept = before.kept()
        if kept.draft is not None and kept.draft.is_blank():
            kept = replace(kept, draft=None)  # its channel was that of the mode of before
        before.home.form.keeper.keep()
        self._mode = mode_of(self._desk.person.role, settings.mode)
        self.interaction.channel = channel_of(self._mode)
        self._words = Words(Language(settings.language or self._words.language))
        self.language_chosen.emit(self._words.language)
        self.sit(self._show, kept)
