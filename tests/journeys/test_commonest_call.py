from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import func, select

from guichet_desktop.tour import until
from guichet_sync.central import schema
from guichet_sync.central.database import reading
from tests.helpers.central import AGENT, CLERK, CentralServer
from tests.helpers.windows import Sitting, sitting

pytestmark = pytest.mark.usefixtures("qapp")


def _count(central: CentralServer, kind: str) -> int:
    with reading(central.engine) as connection:
        return connection.execute(select(func.count()).where(schema.record.c.kind == kind)).scalar_one()


def _answers(central: CentralServer) -> list[str]:
    with reading(central.engine) as connection:
        return list(connection.execute(select(schema.answer.c.channel)).scalars())


def test_a_whole_call_by_keyboard_alone_online_then_offline(central: CentralServer, post: Path) -> None:
    before = _count(central, "request")
    with sitting(post, central.url) as agent:
        agent.enrols(AGENT)
        assert "neig" in agent.searches("deneigement").lower()
        agent.hands.press("Ctrl+R")
        until(agent.waits, "the answer in the list")
        agent.hands.press("F5")
        until(lambda: _answers(central) == ["phone"], "the answer at the server")

        central.stop()
        number = _captures_a_pothole(agent)
        agent.sees_chip("Hors ligne")
        listed = f"{number}  ·  Nid-de-poule. En attente d’envoi"
        until(lambda: [row for row in agent.waits() if row.startswith(listed)], "the request in the list")

        central.start()
        agent.hands.press("F5")
        until(lambda: f"{number} est maintenant la requête" in agent.main.toast.message(), "the official number")
        agent.sees_chip("En ligne")
        until(lambda: not agent.waits(), "nothing left to send")
    assert _count(central, "request") == before + 1


def _captures_a_pothole(agent: Sitting) -> str:
    keys = agent.hands.keys
    agent.begins_request("nid-de", "120 ormes")
    agent.hands.press("Down", "Tab", "Tab", "Tab")
    agent.hands.type("Trou profond devant l'arrêt.")
    promise = agent.main.home.form.promise
    until(promise.promise.isVisible, "a promise")
    assert "devrait être traitée d’ici le" in promise.promise.label.text()
    number = agent.saves()
    assert agent.hands.keys - keys <= 45
    return number


def test_a_clerk_s_answer_is_counted_at_the_counter_and_can_be_undone(central: CentralServer, post: Path) -> None:
    with sitting(post, central.url) as clerk:
        clerk.enrols(CLERK)
        central.stop()
        clerk.hands.press("F5")
        clerk.sees_chip("Hors ligne")
        clerk.searches("bac brun")
        clerk.hands.press("Ctrl+R")
        until(clerk.waits, "the answer in the list")
        clerk.main.toast.undo_button.click()
        until(lambda: not clerk.waits(), "the answer taken back")
        clerk.searches("bac brun")
        clerk.hands.press("Ctrl+R")
        until(clerk.waits, "the answer in the list again")
        central.start()
        clerk.hands.press("F5")
        until(lambda: _answers(central) == ["counter"], "one answer at the server")


def test_what_is_missing_is_said_beside_its_field_and_nothing_typed_is_lost(central: CentralServer, post: Path) -> None:
    with sitting(post, central.url) as agent:
        agent.enrols(AGENT)
        form = agent.main.home.form
        agent.hands.press("F4")
        agent.hands.press("Ctrl+Return")
        until(form.fields.category.error, "a sentence beside the category")
        assert form.fields.category.error().startswith("Il manque la catégorie")
        agent.begins_request("nid-de")
        agent.hands.press("Tab", "Tab", "Tab", "Tab")
        agent.hands.type("Trou devant la porte.")
        agent.hands.press("Ctrl+Return")
        until(form.fields.place.error, "a sentence beside the place")
        assert form.fields.place.lookup.hasFocus()
        assert form.fields.description.toPlainText() == "Trou devant la porte."
        agent.hands.type("120 ormes")
        until(form.fields.place.lookup.is_choosing, "places")
        agent.hands.press("Return")
        until(lambda: not form.fields.place.error() and not form.fields.place.lookup.hasFocus(), "the sentence gone")
        agent.hands.press("Down")
        assert agent.saves().startswith("A01-0001-")
