"""What the actions of every page do."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from ..theme.tokens import THEMES
from ..widgets.overlay import Overlay
from .command_palette import CommandPalette
from .context import Context
from .key_sheet import KeySheet
from .privacy_screen import PrivacyScreen
from .text_size import resize

if TYPE_CHECKING:
    from .shell import Shell

_PANELS: dict[str, Callable[[Context, QWidget], Overlay]] = {
    "palette": CommandPalette,
    "keys": KeySheet,
    "privacy": PrivacyScreen,
}


def bind_shell(shell: Shell) -> None:
    """Bind them; what they act on may be made later."""
    for name, act in (_moves(shell) | _verbs(shell) | _panels(shell) | _looks(shell)).items():
        shell.context.commands.bind(name, act, shell)


def _moves(shell: Shell) -> dict[str, Callable[[], object]]:
    pages = {name: (lambda name=name: shell.go(name)) for name in ("requests", "outbox", "settings", "about")}
    return {
        **pages,
        "home": shell.search,
        "search": shell.search,
        "next_pane": lambda: _go_to_pane(shell, 1),
        "previous_pane": lambda: _go_to_pane(shell, -1),
        "side": lambda: _toggle_side(shell),
    }


def _verbs(shell: Shell) -> dict[str, Callable[[], object]]:
    return {
        "new_request": lambda: _begin_request(shell),
        "new_interaction": lambda: _another_person(shell, shell.context.interaction.begin),
        "end_interaction": lambda: _another_person(shell, shell.context.interaction.end),
        "undo": shell.toast.undo,
        "sync": shell.context.wake,
        "pause": shell.context.pause,
        "lock": shell.lock_asked.emit,
        "language": shell.language_asked.emit,
    }


def _go_to_pane(shell: Shell, by: int) -> None:
    """From wherever in a pane the focus is, to where the next one that can be shown begins."""
    page, top = shell.pages[shell.page()], shell.top
    panes = [(room, first) for room, first in ((top, top.search), *page.panes()) if first.isVisible() or page.can_reveal(first)]
    at = shell.focusWidget()
    here = next((place for place, (room, _first) in enumerate(panes) if at in (room, *room.findChildren(QWidget))), 0)
    room, first = panes[(here + by) % len(panes)]
    page.reveal(room)
    first.setFocus(Qt.FocusReason.ShortcutFocusReason)


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
    """Each is made at its first use, and used again."""
    made: dict[str, Overlay] = {}

    def open_panel(name: str) -> None:
        if name not in made:
            made[name] = _PANELS[name](shell.context, shell)
        made[name].open()

    return {name: partial(open_panel, name) for name in _PANELS}


def _looks(shell: Shell) -> dict[str, Callable[[], object]]:
    preferences = shell.context.preferences

    def next_theme() -> None:
        here = THEMES.index(shell.context.theme.name)
        preferences.change(theme=THEMES[(here + 1) % len(THEMES)])

    return {"theme": next_theme, "larger": lambda: resize(preferences, 1), "smaller": lambda: resize(preferences, -1)}
