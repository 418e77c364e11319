"""The page of requests in a real window around a real desk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from guichet_desktop.bridge import Asking, DeskThread
from guichet_desktop.desk.desk import Desk
from guichet_desktop.screens.context import Context, Taxonomy
from guichet_desktop.screens.requests_page import RequestsPage
from guichet_desktop.tour import Hands, until
from guichet_desktop.widgets.listing import ListingState
from guichet_sync.domain.words import Language
from tests.helpers.contexts import context_in
from tests.helpers.stages import Setting, Stage, stage

AT_A_DESK = Setting(Language.FR, 100, (1440, 900))


@dataclass(slots=True)
class RequestDesk:
    """A person at the page; ``said`` are the notices so far."""

    page: RequestsPage
    context: Context
    stage: Stage
    hands: Hands
    said: list[str] = field(default_factory=list)

    def numbers(self) -> tuple[str, ...]:
        """What the rows in sight say in their first column, once they are read."""
        model = self.page.list.model
        return tuple(str(model.index(row, 0).data()) for row in range(model.rowCount()))

    def settles(self) -> None:
        """The list was looked up, and the lines in sight were read."""
        listing, model = self.page.list.listing, self.page.list.model
        until(lambda: listing.state is not ListingState.LOADING and not model.is_reading(), "the list")
        if model.rowCount():
            top = max(0, self.page.list.table.rowAt(0))
            until(lambda: model.line(top) is not None and not model.is_reading(), "its lines, as they are now")

    def finds(self, words: str) -> None:
        """Ctrl+F, words, and what they find."""
        self.hands.press("Ctrl+F")
        self.hands.type(words)
        until(lambda: self.page.list.filters.wanted.text == words, "the words")
        self.page.list.filters.changed.emit()
        self.settles()

    def reads(self, number: str) -> None:
        """The request of that number is on the screen."""
        until(lambda: self.page.view.sheet is not None and self.page.view.sheet.number == number, f"request {number}")


@contextmanager
def request_desk(desk: Desk, setting: Setting = AT_A_DESK) -> Iterator[RequestDesk]:
    """Sit down at the page for the length of a ``with`` block."""
    with stage(setting) as there:
        thread = DeskThread(there.window)
        asking = Asking(thread, there.window)
        context = context_in(there.window, desk, asking, setting.words, there.look, taxonomy=Taxonomy.read(desk))
        page = RequestsPage(context)
        seated = RequestDesk(page, context, there, Hands(there.window))
        context.notices.said.connect(lambda sentence, _undo: seated.said.append(sentence))
        there.show(page)
        page.enter()
        seated.settles()
        try:
            yield seated
        finally:
            thread.close()
