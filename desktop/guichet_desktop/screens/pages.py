"""The pages beyond the first: each is imported and made when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable

from .context import Context
from .page import Page

OpenDraft = Callable[[str], None]


def make_page(name: str, context: Context, open_draft: OpenDraft) -> Page:
    """The page of that name; ``open_draft`` shows a kept draft in the form."""
    return _MAKERS[name](context, open_draft)


def _requests(context: Context, _open_draft: OpenDraft) -> Page:
    from .requests_page import RequestsPage

    return RequestsPage(context)


def _outbox(context: Context, open_draft: OpenDraft) -> Page:
    from .outbox_page import OutboxPage

    page = OutboxPage(context)
    page.draft_opened.connect(open_draft)
    return page


def _settings(context: Context, _open_draft: OpenDraft) -> Page:
    from .settings_page import SettingsPage

    return SettingsPage(context)


def _about(context: Context, _open_draft: OpenDraft) -> Page:
    from .about_page import AboutPage

    return AboutPage(context)


_MAKERS: dict[str, Callable[[Context, OpenDraft], Page]] = {
    "requests": _requests,
    "outbox": _outbox,
    "settings": _settings,
    "about": _about,
}
