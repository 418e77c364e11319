"""The page *À transmettre* in a real window, around a real desk and its desk thread."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from PySide6.QtWidgets import QWidget

from guichet_desktop.bridge import Asking, DeskThread
from guichet_desktop.desk import capture, drafts
from guichet_desktop.desk.capture import Captured
from guichet_desktop.desk.desk import Desk
from guichet_desktop.models.outbox import OutboxRow
from guichet_desktop.screens.context import Context
from guichet_desktop.screens.notices import Undo
from guichet_desktop.screens.outbox_page import OutboxPage
from guichet_desktop.tour import Hands, until
from guichet_sync.domain.category import Answer
from guichet_sync.domain.request import Channel, Requester
from guichet_sync.domain.words import Language
from guichet_sync.protocol.messages import IntentOutcome, IntentReceipt
from guichet_sync.store import outbox as store_outbox
from tests.helpers.contexts import context_in
from tests.helpers.desks import filled
from tests.helpers.stages import Setting, stage

POTHOLE: dict[str, Answer] = {"dim": "moyen"}
PERSON = Requester("Luce Roy", "450 555-0123", on_behalf_of="sa mère")


class Outbox:
    """A person before the page. ``said`` are its notices, ``opened`` the drafts it asked to open, ``woken`` the exchanges."""

    def __init__(self, context: Context, window: QWidget, said: list[tuple[str, Undo | None]], woken: list[str]) -> None:
        self.context = context
        self.window = window
        self.said = said
        self.woken = woken
        self.opened: list[str] = []
        context.commands.bind("sync", context.wake, window)
        self.page = OutboxPage(context)
        self.page.draft_opened.connect(self.opened.append)
        self.hands = Hands(window)

    @property
    def rows(self) -> list[OutboxRow]:
        """The rows that are shown."""
        model = self.page.table.rows
        found = (model.row(place) for place in range(model.rowCount()))
        return [row for row in found if row is not None]

    def sees(self, *states: str) -> None:
        """Wait until the rows are in these states, in this order."""
        until(lambda: [row.state for row in self.rows] == list(states), f"rows that are {states}")

    def hears(self, sentence: str) -> None:
        """Wait until a notice says this."""
        until(lambda: any(sentence in said for said, _undo in self.said), sentence)

    def undoes(self) -> None:
        """Undo what was said last."""
        undo = self.said[-1][1]
        assert undo is not None
        undo()


@contextmanager
def outbox_of(desk: Desk, setting: Setting) -> Iterator[Outbox]:
    """The page for the length of a ``with`` block, once it has entered."""
    with stage(setting) as there:
        thread = DeskThread(there.window)
        asking = Asking(thread, there.window)
        said, woken = list[tuple[str, Undo | None]](), list[str]()
        context = context_in(there.window, desk, asking, setting.words, there.look, wake=lambda: woken.append("woken"))
        context.notices.said.connect(lambda sentence, undo: said.append((sentence, undo)))
        made = Outbox(context, there.window, said, woken)
        there.show(made.page)
        made.page.enter()
        until(lambda: made.page.listing.state != "loading", "the lines")
        try:
            yield made
        finally:
            thread.close()


def pothole(desk: Desk, at: str = "A00831") -> Captured:
    """Capture a request."""
    return capture.submit(desk, filled(desk, "NDP", POTHOLE, at=at, description="Devant l’entrée.", requester=PERSON))


def answered(desk: Desk) -> str:
    """Count an answer; its intent."""
    return capture.give_answer(desk, "COL-001", Channel.PHONE, Language.FR).intent_id


def refuse(desk: Desk, intent_id: str, code: str = "unknown_category") -> None:
    """What the exchange keeps of a server's no."""
    store_outbox.seal(desk.store, [intent_id])
    store_outbox.record(desk.store, [IntentReceipt(intent_id, IntentOutcome.REFUSED, code=code)])


def one_of_each(desk: Desk) -> None:
    """A line of each kind: refused, set aside, draft, received, postponed, waiting, answer."""
    told = [pothole(desk, f"A0010{place}") for place in range(5)]
    answered(desk)
    drafts.save(desk, filled(desk, "VALVE", description="La vanne"))
    refuse(desk, told[0].intent_id)
    store_outbox.seal(desk.store, [each.intent_id for each in told[1:4]])
    store_outbox.quarantine(desk.store, told[1].intent_id, "request_shape")
    receipt = IntentReceipt(told[2].intent_id, IntentOutcome.APPLIED, number="26-000123", effect={"requests/TP": 10**9})
    store_outbox.record(desk.store, [receipt])
    store_outbox.postpone(desk.store, [told[3].intent_id], "try_later", desk.now() + timedelta(hours=1))
