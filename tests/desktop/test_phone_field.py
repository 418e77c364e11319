from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from guichet_desktop.screens.requester_fields import RequesterFields
from guichet_desktop.theme.look import Look
from guichet_desktop.tour import Hands, until
from guichet_desktop.widgets.field import Field
from guichet_desktop.widgets.phone_field import PhoneField
from guichet_desktop.widgets.phone_reading import Oddity, read_phone
from guichet_sync.domain.request import Requester
from guichet_sync.domain.words import Language
from guichet_sync.wording import Words
from tests.helpers.announcements import Announcements, announcements


@pytest.mark.parametrize(
    ("typed", "number", "extension"),
    [
        ("4505550142", "450 555-0142", ""),
        (" (450) 555-0142 ", "450 555-0142", ""),
        ("1 450.555.0142", "450 555-0142", ""),
        ("+1 450 555 0142", "450 555-0142", ""),
        ("450 555-0142 poste 12", "450 555-0142", "12"),
        ("450 555-0142, ext. 7", "450 555-0142", "7"),
        ("450 555-0142 x7", "450 555-0142", "7"),
        ("+33123456789", "+33 1 23 45 67 89", ""),
        ("011 33 1 23 45 67 89", "+33 1 23 45 67 89", ""),
        ("+44 (0)20 8366 1177", "+44 20 8366 1177", ""),
        ("", "", ""),
    ],
)
def test_a_number_takes_the_form_of_here_or_of_its_country(typed: str, number: str, extension: str) -> None:
    phone = read_phone(typed)
    assert (phone.number, phone.extension, phone.oddity) == (number, extension, None)


@pytest.mark.parametrize(
    ("typed", "oddity"),
    [
        ("555-0142", Oddity.NO_AREA),
        ("311", Oddity.LENGTH),
        ("45055501421", Oddity.LENGTH),
        ("514 123-4567", Oddity.UNKNOWN),
        ("chez sa sœur", Oddity.NO_NUMBER),
        ("450 555-0142 le soir", Oddity.NO_NUMBER),
        ("450 555-0142 / 514 555-0100", Oddity.NO_NUMBER),
        ("4" * 500, Oddity.NO_NUMBER),
    ],
)
def test_what_is_odd_is_kept_as_typed(typed: str, oddity: Oddity) -> None:
    phone = read_phone(typed)
    assert (phone.number, phone.oddity) == (typed, oddity)


typed_numbers = (
    st.text() | st.text(alphabet="0123456789 ()-+.,x#poste", max_size=24) | st.from_regex(r"[2-9][0-9]{9}", fullmatch=True)
)


@given(typed_numbers)
def test_a_form_is_its_own_form_and_no_digit_of_a_number_is_lost(typed: str) -> None:
    once = read_phone(typed)
    shown = f"{once.number} poste {once.extension}" if once.extension else once.number
    again = read_phone(shown)
    assert (again.number, again.extension) == (once.number, once.extension)
    if once.oddity:
        assert once.number == typed.strip()
    else:
        assert re.sub(r"\D", "", typed).endswith(re.sub(r"\D", "", once.number.partition(" ")[2] + once.extension))


# ── the field ────────────────────────────────────────────────────────────────


@pytest.fixture
def heard() -> Iterator[Announcements]:
    with announcements() as heard:
        yield heard


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    """A form with a telephone field and another one to go to."""
    window = QWidget()
    layout = QVBoxLayout(window)
    layout.addWidget(Field("Téléphone", PhoneField(Words(Language.FR))))
    layout.addWidget(QLineEdit())
    qtbot.addWidget(window)
    window.show()
    until(window.isActiveWindow, "the window before the person")
    return window


@pytest.fixture
def editor(window: QWidget) -> PhoneField:
    editor = window.findChildren(PhoneField)[0]
    editor.setFocus()
    return editor


def _shown(editor: PhoneField) -> set[str]:
    return {each.text() for each in editor.window().findChildren(QLabel) if each.isVisible() and each.text()}


def test_a_number_is_put_into_its_form_when_one_leaves(editor: PhoneField, heard: Announcements) -> None:
    told: list[str] = []
    editor.changed.connect(lambda: told.append(editor.text()))
    hands = Hands(editor.window())
    hands.type("4505550142 x 12")
    assert editor.text() == "4505550142 x 12"
    assert editor.value() == "450 555-0142 poste 12"
    hands.press("Tab")
    assert editor.text() == "450 555-0142 poste 12"
    assert told[-1] == "450 555-0142 poste 12"
    assert not heard.said


def test_an_odd_number_is_told_and_goes_through(editor: PhoneField, heard: Announcements) -> None:
    hands, odd = Hands(editor.window()), "Il manque l’indicatif régional; le numéro est gardé tel quel."
    hands.type("555-0142")
    assert _shown(editor) == {"Téléphone"}
    hands.press("Tab")
    assert heard.said == [odd]
    assert odd in _shown(editor)
    assert editor.accessibleDescription() == odd
    assert editor.value() == "555-0142"
    editor.setFocus()
    hands.type("1")
    assert _shown(editor) == {"Téléphone"}


def test_a_number_that_was_kept_is_not_rewritten(editor: PhoneField) -> None:
    told: list[int] = []
    editor.changed.connect(lambda: told.append(1))
    editor.show_phone("4505550142")
    Hands(editor.window()).press("Tab")
    assert (editor.text(), editor.value()) == ("4505550142", "4505550142")
    assert not told


def test_the_requester_s_number_is_read_in_its_form_even_before_one_leaves(qtbot: QtBot) -> None:
    fields = RequesterFields(Words(Language.EN))
    qtbot.addWidget(fields)
    fields.show()
    until(fields.isActiveWindow, "the window before the person")
    told: list[Requester | None] = []
    fields.changed.connect(lambda: told.append(fields.read()))
    fields.phone.setFocus()
    Hands(fields).type("4505550142ext7")
    assert told[-1] == Requester(phone="450 555-0142 ext. 7")
    fields.show_requester(Requester(phone="555"))
    assert fields.phone.text() == "555"
    assert fields.phone.note() == ""


def test_telephone_and_e_mail_stand_below_each_other_where_it_is_narrow(qtbot: QtBot, qapp: QApplication) -> None:
    Look(qapp, "light", 100)
    fields = RequesterFields(Words(Language.FR))
    qtbot.addWidget(fields)
    fields.resize(700, 300)
    fields.show()

    def tops() -> tuple[int, int]:
        return fields.phone.mapTo(fields, fields.phone.rect().topLeft()).y(), fields.email.mapTo(
            fields, fields.email.rect().topLeft()
        ).y()

    qtbot.waitUntil(lambda: tops()[0] == tops()[1])
    fields.resize(220, 400)
    qtbot.waitUntil(lambda: tops()[0] < tops()[1])
