"""What the actions of every page do."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ..theme.tokens import THEMES
from .command_palette import CommandPalette
from .key_sheet import KeySheet
from .privacy_screen import PrivacyScreen

if TYPE_CHECKING:
    from .shell import Shell

_STEP_PERCENT, _LEAST_PERCENT, _MOST_PERCENT = 10, 100, 200


def bind_shell(shell: Shell) -> None:
    """Bind them; what they act on may be made later."""
    for name, act in (_moves(shell) | _verbs(shell) | _panels(shell) | _looks(shell)).items():
        shell.context.commands.bind(name, act, shell)


def _moves(shell: Shell) -> dict[str, Callable[[], object]]:
    pages = {name: (lambda name=name: shell.go(name)) for name in ("requests", "outbox", "settings", "about")}
    return {
        **pages,
        "home": shell.show_home,
        "search": shell.search,
        "next_pane": lambda: shell.go_to_pane(1),
        "previous_pane": lambda: shell.go_to_pane(-1),
        "side": lambda: _toggle_side(shell),
    }


def _verbs(shell: Shell) -> dict[str, Callable[[], object]]:
    return {
        "new_request": lambda: _begin_request(shell),
        "new_interaction": lambda: _another_person(shell, shell.context.interaction.begin),
        "end_interaction": lambda: _another_person(shell, shell.context.interaction.end),
        "undo": shell.toast.undo,
        "sync": shell.context.wake,
        "lock": shell.lock_asked.emit,
        "language": shell.language_asked.emit,
    }


def _toggle_side(shell: Shell) -> None:
    shell.show_home()
    shell.home.toggle_side()


def _begin_request(shell: Shell) -> None:
    shell.show_home()
    shell.home.begin_request()


def _another_person(shell: Shell, change: Callable[[], object]) -> None:
    """What was typed for the one before is kept as a draft; the next one finds an empty desk."""
    change()
    shell.home.form.clear()
    shell.top.search.clear()
    shell.search()


def _panels(shell: Shell) -> dict[str, Callable[[], object]]:
    context = shell.context
    return {
        "palette": lambda: CommandPalette(context, shell).open(),
        "keys": lambda: KeySheet(context, shell).open(),
        "privacy": lambda: PrivacyScreen(context, shell).open(),
    }


def _looks(shell: Shell) -> dict[str, Callable[[], object]]:
    preferences = shell.context.preferences

    def resize(by: int) -> None:
        wanted = preferences.settings.scale + by
        preferences.change(scale=max(_LEAST_PERCENT, min(_MOST_PERCENT, wanted)))

    def next_theme() -> None:
        here = THEMES.index(shell.context.theme.name)
        preferences.change(theme=THEMES[(here + 1) % len(THEMES)])

    return {"theme": next_theme, "larger": lambda: resize(_STEP_PERCENT), "smaller": lambda: resize(-_STEP_PERCENT)}
