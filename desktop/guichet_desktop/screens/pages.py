"""The pages beyond the first: each is imported and made when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from .page import Page

if TYPE_CHECKING:
    from .shell import Shell


def make_page(name: str, shell: Shell) -> Page:
    """The page of that name."""
    return _MAKERS[name](shell)


def _requests(shell: Shell) -> Page:
    from .requests_page import RequestsPage

    return RequestsPage(shell.context)


def _outbox(shell: Shell) -> Page:
    from .outbox_page import OutboxPage

    page = OutboxPage(shell.context)


    def open_draft(draft: str) -> None:
        shell.show_home()
        shell.home.open_draft(draft)

    page.draft_opened.connect(open_draft)
    return page


def _settings(shell: Shell) -> Page:
    from .settings_page import SettingsPage

    return SettingsPage(shell.context)


def _about(shell: Shell) -> Page:
    from .about_page import AboutPage

    return AboutPage(shell.context)


_MAKERS: dict[str, Callable[[Shell], Page]] = {
    "requests": _requests,
    "outbox": _outbox,
    "settings": _settings,
    "about": _about,
}
