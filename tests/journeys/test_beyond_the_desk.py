"""The other pages of the window and what stands over them, by keyboard alone: refusals, requests, keys of one's own."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QApplication, QLabel
from sqlalchemy import delete

from guichet_desktop import settings
from guichet_desktop.actions import ACTIONS
from guichet_desktop.screens.about_page import AboutPage
from guichet_desktop.screens.outbox_page import OutboxPage
from guichet_desktop.screens.requests_page import RequestsPage
from guichet_desktop.screens.settings_page import SettingsPage
from guichet_desktop.theme.city import read_city
from guichet_desktop.tour import live, until
from guichet_desktop.widgets.key_block import KeyBlock
from guichet_sync import resources
from guichet_sync.central import schema
from guichet_sync.central.database import writing
from guichet_sync.domain.category import Nature
from guichet_sync.store.folders import ProfileFolder
from tests.helpers.central import AGENT, CentralServer
from tests.helpers.seed import rows
from tests.helpers.shells import asked_for, by_rail, commands, goes_offline, page_of, palette, takes_first, texts, types_a_pothole
from tests.helpers.windows import Sitting, sitting

pytestmark = pytest.mark.usefixtures("qapp")
HOLE = "Trou profond devant la porte."
OTHER_PLACE = "A00010"
BY_STATE = {"outbox_correct", "outbox_retry", "outbox_take_back", "outbox_again", "outbox_undo", "outbox_copy_text"}
BY_STATE |= {"keep_proposal", "drop_proposal", "next_proposal"}
"""What can be done with a line as it stands with the server (refused, set aside, sealed or not), and with edits that crossed."""


def _ends(central: CentralServer, category: str) -> None:
    """The city does without a category; the post does not know it yet."""
    with writing(central.engine) as connection:
        row = schema.record.c
        connection.execute(delete(schema.record).where(row.kind == "category", row.id == category))


def _reached(agent: Sitting) -> set[str]:
    """What the palette offers here and now."""
    opened = palette(agent)
    found = set(opened.shown())
    agent.hands.press("Escape")
    return found


def test_what_was_refused_is_corrected_sent_and_read_with_its_history(central: CentralServer, post: Path) -> None:
    with sitting(post, central.url) as agent:
        agent.enrols(AGENT)
        goes_offline(agent, central)
        types_a_pothole(agent, HOLE)
        number = agent.saves()
        _ends(central, "NDP")
        central.start()
        agent.hands.press("F5")
        until(lambda: any("Refusée" in row for row in agent.waits()), "the refusal")
        by_rail(agent, "outbox")
        page = page_of(agent, OutboxPage)
        until(lambda: page.table.row() is not None, "the line")
        assert "outbox_correct" in _reached(agent)
        page.table.setFocus()
        agent.hands.press("Return")
        fields = agent.main.home.form.fields
        until(lambda: agent.main.page() == "home" and fields.description.toPlainText() == HOLE, "the form as it was")
        while not fields.category.lookup.hasFocus():
            agent.hands.press("F6")
        agent.hands.press("Ctrl+A")
        takes_first(agent, fields.category.lookup, "chantier")
        assert agent.saves() == number
        agent.hands.press("F5")
        until(lambda: f"{number} est maintenant la requête 26-" in agent.main.toast.message(), "the official number")
        assert asked_for(central)[HOLE].category == "TRAVAUX"
        _reads(agent, number)


def _reads(agent: Sitting, number: str) -> None:
    """Find a request by its number, and read it."""
    by_rail(agent, "requests")
    page = page_of(agent, RequestsPage)
    agent.hands.press("Ctrl+F")
    agent.hands.type(number)
    agent.hands.press("Return")
    until(lambda: page.view.sheet is not None and page.view.isVisible(), "the request")
    assert page.view.sheet is not None
    assert page.view.sheet.number.startswith("26-")
    assert any(number in each for each in texts(agent))
    assert [each.title for each in page.view.timeline.moments()] == ["Saisie", "Transmise pour traitement"]


def test_a_key_of_one_s_own_acts_the_old_one_no_longer_does_and_both_are_told(central: CentralServer, post: Path) -> None:
    with sitting(post, central.url) as agent:
        agent.enrols(AGENT)
        agent.hands.press("Ctrl+4", *["F6"] * 5, "Ctrl+Home")
        page = page_of(agent, SettingsPage)
        table = page.keys.table
        assert table.hasFocus()
        agent.hands.press(*["Down"] * table.rows.place_of("new_request"), "Return", "F11")
        until(lambda: agent.main.context.commands.keys("new_request") == ("F11",), "the key taken")
        agent.hands.press("Ctrl+1")
        _acts_by(agent, "F11", not_by="F4")
    assert settings.read(ProfileFolder(post).settings).shortcuts == {"new_request": ["F11"]}
    with sitting(post, central.url) as agent:
        agent.signs_in()
        _acts_by(agent, "F11", not_by="F4")


def _acts_by(agent: Sitting, key: str, *, not_by: str) -> None:
    category = agent.main.home.form.fields.category.lookup
    agent.hands.press("F2", not_by)
    assert not category.hasFocus()
    agent.hands.press(key)
    assert category.hasFocus()
    hints = [each.text() for each in agent.main.status.findChildren(QLabel)]
    assert key in hints
    assert not_by not in hints
    agent.hands.press("F1")
    told = [row for block in agent.main.findChildren(KeyBlock) for row in block.rows if row.name == "Nouvelle requête"]
    assert [row.keys for row in told] == [(key,)]
    agent.hands.press("Escape")
    assert category.hasFocus()


def test_about_opens_by_its_name_and_what_is_hidden_from_eyes_comes_back_as_it_was(central: CentralServer, post: Path) -> None:
    with sitting(post, central.url) as agent:
        agent.enrols(AGENT)
        commands(agent, "a propos")
        page_of(agent, AboutPage)
        types_a_pothole(agent, HOLE)
        agent.hands.press("F9")
        assert not agent.main.isVisible()
        agent.hands.type("rien")
        agent.hands.press("F9")
        assert agent.main.isVisible()
        description = agent.main.home.form.fields.description
        assert QApplication.focusWidget() is description
        assert description.toPlainText() == HOLE


def test_the_palette_reaches_every_action_of_the_table(central: CentralServer, post: Path) -> None:
    with sitting(post, central.url) as agent:
        agent.enrols(AGENT)
        goes_offline(agent, central)
        agent.searches("nid-de-poule")
        agent.hands.press("Ctrl+R")
        types_a_pothole(agent, HOLE)
        agent.saves()
        agent.searches("nid-de-poule")
        types_a_pothole(agent, HOLE)
        agent.hands.press("Alt+M")
        until(agent.main.home.form.fields.map.canvas.isVisible, "the map")
        reached = _reached(agent)
        reached |= _reached_among_requests(agent) | _reached_in_the_outbox(agent) | _reached_in_the_settings(agent)
        commands(agent, "a propos")
        until(lambda: "copy_status" in _available(agent), "the state of the post")
        reached |= _reached(agent)
        rest = {each.id for each in ACTIONS if not each.which and each.id != "palette"} - reached
        assert rest <= BY_STATE, rest - BY_STATE


def _available(agent: Sitting) -> set[str]:
    return {each.id for each, _acting in agent.main.context.commands.available()}


def _reached_among_requests(agent: Sitting) -> set[str]:
    agent.hands.press("Ctrl+2")
    page = page_of(agent, RequestsPage)
    until(page.list.model.rowCount, "the list")
    agent.hands.press("Alt+O", "Ctrl+F", "Down")
    until(page.list.table.chosen, "a line of it")
    reached = _reached(agent)
    agent.hands.press("Ctrl+O")
    until(lambda: page.view.sheet is not None and page.view.isVisible(), "a request")
    return reached | _reached(agent)


def _reached_in_the_outbox(agent: Sitting) -> set[str]:
    """Line by line: what can be done depends on the one that is chosen."""
    agent.hands.press("Ctrl+3")
    page = page_of(agent, OutboxPage)
    until(lambda: page.table.rows.rowCount() == 3, "a draft, a request and an answer")
    page.table.setFocus()
    reached: set[str] = set()
    for row in range(3):
        agent.hands.press("Ctrl+Home", *["Down"] * row)
        reached |= _reached(agent)
    return reached


def _reached_in_the_settings(agent: Sitting) -> set[str]:
    """With a key of one's own, which can be given back."""
    agent.hands.press("Ctrl+4", *["F6"] * 5, "Ctrl+Home", "Return", "F11")
    until(lambda: agent.main.context.commands.keys(ACTIONS[0].id) == ("F11",), "a key")
    return _reached(agent)


def test_the_window_comes_back_where_it_was_in_the_colours_of_the_city(central: CentralServer, post: Path) -> None:
    place, file = QRect(120, 90, 1340, 820), ProfileFolder(post).settings
    colours = next(iter(sorted((resources.folder("theme") / "cities").iterdir())))
    with sitting(post, central.url) as agent:
        agent.enrols(AGENT)
        agent.guichet.window.setGeometry(place)
        live()
    assert settings.read(file).geometry
    settings.change(file, city_theme=str(colours))
    with sitting(post, central.url) as agent:
        agent.sees_sign_in()
        assert agent.guichet.window.geometry() == place
        until(lambda: agent.guichet.look.theme.colours["brand"] == read_city(colours).colours["light"]["brand"], "its colours")
        agent.signs_in()
        assert not agent.main.toast.message()
    settings.change(file, city_theme=str(post / "nulle-part.toml"))
    with sitting(post, central.url) as agent:
        agent.signs_in()
        assert "nulle-part.toml" in agent.main.toast.message()


def test_what_is_read_back_follows_what_is_typed_and_nature_urgency_and_place_are_sent(
    central: CentralServer, post: Path
) -> None:
    with sitting(post, central.url) as agent:
        agent.enrols(AGENT)
        form = agent.main.home.form
        agent.hands.press("F4", "F7")
        until(lambda: "Choisissez d’abord une catégorie" in agent.main.toast.message(), "why there is nothing to read")
        types_a_pothole(agent, HOLE)
        until(form.promise.promise.isVisible, "a promise")
        agent.hands.press("F7")
        assert HOLE.rstrip(".") in form.promise.read_back.label.text()
        agent.hands.type(" Et large.")
        until(lambda: "Et large" in form.promise.read_back.label.text(), "the new words read back")
        pointed_at = _points_at(agent, OTHER_PLACE)
        form.heading.nature.setFocus()
        agent.hands.press("Down", "Down", "Tab", "Space", "Alt+A")
        assert form.fields.requester.anonymous.isChecked()
        chosen = form.draft().nature
        assert chosen is Nature(form.heading.nature.currentData())
        assert chosen is not Nature.REQUEST
        agent.saves()
        agent.hands.press("F5")
        until(lambda: asked_for(central), "the request at the server")
        (sent,) = asked_for(central).values()
        assert (sent.nature, sent.urgent, sent.requester) == (chosen, True, None)
        assert sent.where.label == pointed_at


def _points_at(agent: Sitting, id_: str) -> str:
    """A known place, on the map that a key opened: what then is in the field."""
    place, town = agent.main.home.form.fields.place, agent.main.home.form.fields.map
    agent.hands.press("Alt+M")
    assert town.isVisible()
    known = next(row for row in rows("addresses.csv") if row["location_id"] == id_)
    town.point_picked.emit(float(known["lat"]), float(known["lon"]))
    until(lambda: place.read().id == id_, "the place that was pointed at")
    return place.lookup.text()
