"""What a person sees of the window's shell, and what reached the server of what they did in it."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtWidgets import QLabel
from sqlalchemy import select

from guichet_desktop.screens.command_palette import CommandPalette
from guichet_desktop.screens.interaction_card import InteractionCard
from guichet_desktop.screens.page import Page
from guichet_desktop.tour import until
from guichet_desktop.widgets.lookup_field import LookupField
from guichet_desktop.widgets.rail import RailButton
from guichet_sync.central import schema
from guichet_sync.central.database import reading
from guichet_sync.domain.intents import CreateRequest, IntentKind, RecordAnswer
from guichet_sync.protocol import codec
from tests.helpers.central import CentralServer
from tests.helpers.windows import Sitting

Body = TypeVar("Body", CreateRequest, RecordAnswer)
PageT = TypeVar("PageT", bound=Page)


def asked_for(central: CentralServer) -> dict[str, CreateRequest]:
    """The requests that reached the server, by what was typed as their description."""
    return {each.description: each for each in _bodies(central, IntentKind.CREATE_REQUEST, CreateRequest)}


def answers_given(central: CentralServer) -> list[RecordAnswer]:
    """The answers that reached the server."""
    return _bodies(central, IntentKind.RECORD_ANSWER, RecordAnswer)


def _bodies(central: CentralServer, kind: IntentKind, shape: type[Body]) -> list[Body]:
    with reading(central.engine) as connection:
        found = connection.execute(select(schema.intent.c.body).where(schema.intent.c.kind == kind)).scalars().all()
    return [codec.decode(body, shape) for body in found]


def basket(agent: Sitting) -> tuple[str, ...]:
    """What the basket tells."""
    model = agent.main.home.side.basket.model()
    return tuple(str(model.index(row, 0).data()) for row in range(model.rowCount()))


def under_way(agent: Sitting) -> str:
    """The id of the interaction under way, or nothing."""
    now = agent.main.context.interaction.now
    return now.id if now else ""


def texts(agent: Sitting) -> set[str]:
    """All the words on labels that are seen."""
    return {each.text() for each in agent.main.findChildren(QLabel) if each.isVisible()}


def cards(agent: Sitting) -> list[InteractionCard]:
    """The cards of a call or a visit that are seen."""
    return [each for each in agent.main.findChildren(InteractionCard) if each.isVisible()]


def types_a_pothole(agent: Sitting, words: str) -> None:
    """A request with all it needs and a description, by keys, not saved yet. Words are in ASCII."""
    agent.begins_request("nid-de", "120 ormes")
    agent.hands.press("Down", "Tab", "Tab", "Tab")
    agent.hands.type(words)
    assert agent.main.home.form.fields.description.toPlainText() == words


def takes_first(agent: Sitting, field: LookupField, words: str) -> None:
    """Type into the field that has the focus, and take the first match: the focus then goes on."""
    assert field.hasFocus()
    agent.hands.type(words)
    until(field.is_choosing, words)
    agent.hands.press("Return")
    until(lambda: not field.hasFocus(), f"{words} taken")


def goes_offline(agent: Sitting, central: CentralServer) -> None:
    """The server goes, and the chip says so."""
    central.stop()
    agent.hands.press("F5")
    agent.sees_chip("Hors ligne")


def by_rail(agent: Sitting, page: str) -> None:
    """To a page by its button of the rail, by keys."""
    button = next(each for each in agent.main.rail.findChildren(RailButton) if each.property("action") == page)
    button.setFocus()
    agent.hands.press("Space")
    assert agent.main.page() == page


def page_of(agent: Sitting, kind: type[PageT]) -> PageT:
    """The page that is shown, which is one of those."""
    page = agent.main.stack.currentWidget()
    assert isinstance(page, kind)
    return page


def palette(agent: Sitting) -> CommandPalette:
    """The palette, opened by its key."""
    agent.hands.press("Ctrl+K")
    opened = [each for each in agent.main.findChildren(CommandPalette) if each.is_open()]
    assert len(opened) == 1
    return opened[0]


def commands(agent: Sitting, words: str) -> None:
    """Carry out the first command that these words find, through the palette."""
    opened = palette(agent)
    agent.hands.type(words)
    until(opened.chosen, words)
    agent.hands.press("Return")
