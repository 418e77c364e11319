"""Sentences: the same reason in both languages, dates as they are said in Québec."""

from datetime import date, datetime

import pytest

from guichet_sync.domain.delay import DelayUnit, StandardDelay, promised
from guichet_sync.domain.errors import DiskFull, GuichetError, InvalidInput
from guichet_sync.domain.routing import Routing, Unit
from guichet_sync.domain.words import Bilingual, Language
from guichet_sync.wording import Words
from guichet_sync.wording.desk_words import event_name, promise_arithmetic, promise_to_read, routing_to_read

FRENCH, ENGLISH = Words(Language.FR), Words(Language.EN)


def test_an_error_says_what_happened_and_what_to_do() -> None:
    said = FRENCH.error(DiskFull(file="work.db"))
    assert said.title == "Le disque de ce poste est plein ou protégé en écriture."
    assert said.advice.startswith("Libérez de l’espace")
    assert ENGLISH.error(DiskFull(file="work.db")).title != said.title


def test_an_unknown_code_is_named_not_hidden() -> None:
    assert "zorglub" in str(FRENCH.error(GuichetError("zorglub")))


def test_the_field_at_fault_is_named() -> None:
    assert "(date)" in FRENCH.error(InvalidInput("invalid_input", field="date")).title


def test_a_missing_value_never_breaks_a_sentence() -> None:
    assert FRENCH.text("Bac {colour} {size}", colour="brun") == "Bac brun "


def test_dates_and_times_are_said_as_in_quebec() -> None:
    assert FRENCH.day(date(2026, 12, 1)) == "mardi 1er décembre 2026"
    assert FRENCH.day(date(2026, 12, 3)) == "jeudi 3 décembre 2026"
    assert ENGLISH.day(date(2026, 12, 1)) == "Tuesday, December 1, 2026"
    assert FRENCH.time(datetime(2026, 12, 3, 13, 58)).replace("\u202f", " ").replace("\xa0", " ") == "13 h 58"
    assert FRENCH.short_day(date(2026, 12, 3)) == "3 déc. 2026"


@pytest.mark.parametrize(
    ("n", "unit", "start"),
    [
        (1, DelayUnit.WORKING_DAYS, "1 jour ouvrable à partir du mardi 22 décembre 2026"),
        (24, DelayUnit.HOURS, "24 heures à partir du"),
        (7, DelayUnit.CALENDAR_DAYS, "7 jours de calendrier à partir du"),
    ],
)
def test_the_promise_shows_its_arithmetic(n: int, unit: DelayUnit, start: str) -> None:
    promise = promised(StandardDelay(n, unit), datetime(2026, 12, 22, 10), {})
    assert promise is not None
    assert promise_arithmetic(FRENCH, promise).startswith(start)


def test_closed_days_and_weekends_are_named_in_the_arithmetic() -> None:
    promise = promised(StandardDelay(5, DelayUnit.WORKING_DAYS), datetime(2026, 12, 22, 10), {date(2026, 12, 25): "Noël"})
    assert promise is not None
    assert promise_arithmetic(FRENCH, promise).endswith("sans compter Noël (25 déc. 2026), 2 jours de fin de semaine.")
    assert "mercredi 30 décembre 2026" in promise_to_read(FRENCH, promise)
    assert "Wednesday, December 30, 2026" in promise_to_read(ENGLISH, promise)


def test_no_delay_is_said_as_such() -> None:
    assert "aucun délai" in promise_to_read(FRENCH, None)


def test_routing_is_explained() -> None:
    north = Routing("TP", Unit("TP-N", Bilingual("Voirie – Nord", "Roads – North")), ("category", "district"))
    assert routing_to_read(FRENCH, north, "Travaux publics") == "Ira à Voirie – Nord car catégorie + quartier"
    assert "Roads – North" in routing_to_read(ENGLISH, north, "Public works")
    assert "Travaux publics" in routing_to_read(FRENCH, Routing("TP", None), "Travaux publics")


def test_text_that_carries_its_translation_is_told_in_the_language() -> None:
    assert ENGLISH.both(Bilingual("Bac", "Bin")) == "Bin"
    assert [FRENCH.plural("{n} bac", "{n} bacs", n) for n in (0, 1, 2)] == ["0 bac", "1 bac", "2 bacs"]


def test_an_event_is_named_and_one_of_a_newer_server_told_by_its_code() -> None:
    assert [event_name(FRENCH, code) for code in ("captured", "transmitted", "merged")] == [
        "Saisie",
        "Transmise pour traitement",
        "merged",
    ]
    assert event_name(ENGLISH, "captured") == "Captured"
