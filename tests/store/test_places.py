"""Finding an address as it is said, dictated or half typed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from guichet_sync.domain.category import PlaceKind
from guichet_sync.domain.errors import NotFound
from guichet_sync.domain.location import Collection, Location, Material
from guichet_sync.domain.words import Bilingual
from guichet_sync.protocol.messages import Operation
from guichet_sync.protocol.records import CollectionCalendar
from guichet_sync.store import mirror, places, schema
from guichet_sync.store.database import reading
from guichet_sync.store.place_words import indexed_words, place_words, typed_words
from guichet_sync.store.post import PostStore
from tests.helpers.stores import address, enrolled_store, gone, put, receive

LABELS = {
    "1425, rue des Érables": "H7G 2L4",
    "14, rue des Érables": "H7G 2L4",
    "142, rue des Érables": "H7G 2L4",
    "14250, rue des Érables": "H7G 2L4",
    "30, boulevard des Pins": "G9Z 1A1",
    "8, avenue Saint-Jean-Baptiste": "",
    "9, rue Sainte-Anne": "",
    "5, rue Stanislas": "",
    "77, 1re Avenue": "",
    "78, 2e Avenue": "",
    "6, chemin de l’Île-aux-Œufs": "",
    "2, place du Marché": "",
}


def _filled(store: PostStore) -> None:
    homes = [
        address(f"A{place}", label, civic=label.partition(",")[0], postal_code=code)
        for place, (label, code) in enumerate(LABELS.items())
    ]
    hall = Location("P1", PlaceKind.PLACE, "Hôtel de ville", 46.0, -72.9)
    receive(store, "places", [put("location", each.id, each) for each in (*homes, hall)])


@pytest.fixture(scope="module")
def city_of(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostStore]:
    """A very small city."""
    with closing(enrolled_store(tmp_path_factory.mktemp("places"))) as store:
        _filled(store)
        yield store


def _labels(store: PostStore, typed: str, limit: int = 8) -> list[str]:
    return [place.label for place in places.addresses(store, typed, limit)]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("1425 erables", "1425, rue des Érables"),
        ("erables 1425", "1425, rue des Érables"),
        ("1425, r. des Érab", "1425, rue des Érables"),
        ("14 rue des erables", "14, rue des Érables"),
        ("boul des pins", "30, boulevard des Pins"),
        ("boul. des Pins", "30, boulevard des Pins"),
        ("BD PINS", "30, boulevard des Pins"),
        ("30 boulev", "30, boulevard des Pins"),
        ("G9Z 1A1", "30, boulevard des Pins"),
        ("g9z1a1", "30, boulevard des Pins"),
        ("g9z1a", "30, boulevard des Pins"),
        ("G9Z1", "30, boulevard des Pins"),
        ("G9Z", "30, boulevard des Pins"),
        ("st-jean", "8, avenue Saint-Jean-Baptiste"),
        ("saint jean bapt", "8, avenue Saint-Jean-Baptiste"),
        ("av. St-Jean", "8, avenue Saint-Jean-Baptiste"),
        ("ste anne", "9, rue Sainte-Anne"),
        ("premiere avenue", "77, 1re Avenue"),
        ("1ere av", "77, 1re Avenue"),
        ("2e av", "78, 2e Avenue"),
        ("ile aux oeufs", "6, chemin de l’Île-aux-Œufs"),
        ("l'ile", "6, chemin de l’Île-aux-Œufs"),
        ("2 pl marche", "2, place du Marché"),
        ("hotel de ville", "Hôtel de ville"),
    ],
)
def test_an_address_is_found_as_people_say_it(city_of: PostStore, typed: str, first: str) -> None:
    assert _labels(city_of, typed)[0] == first


def test_the_exact_civic_number_comes_first_then_those_that_begin_with_it(city_of: PostStore) -> None:
    expected = ["14, rue des Érables", "142, rue des Érables", "1425, rue des Érables", "14250, rue des Érables"]
    assert _labels(city_of, "14 erab") == expected
    assert _labels(city_of, "14 erab", limit=2) == expected[:2]
    assert _labels(city_of, "142 erab")[0] == "142, rue des Érables"


def test_the_exact_civic_number_comes_first_among_many_that_begin_with_it(store: PostStore) -> None:
    labels = [*(f"14{n}, rue Longue" for n in range(100)), "14, rue Longue du Lac"]
    receive(store, "places", [put("location", label, address(label, label, civic=label.split(",")[0])) for label in labels])
    assert _labels(store, "14 longue", limit=2) == ["14, rue Longue du Lac", "140, rue Longue"]


def test_an_abbreviation_may_also_be_the_beginning_of_a_word(city_of: PostStore) -> None:
    assert set(_labels(city_of, "rue st")) == {"9, rue Sainte-Anne", "5, rue Stanislas"}
    assert _labels(city_of, "5 r") == ["5, rue Stanislas"]


@pytest.mark.parametrize("label", LABELS)
def test_an_address_is_found_at_every_keystroke(city_of: PostStore, label: str) -> None:
    for length in range(1, len(label) + 1):
        assert label in _labels(city_of, label[:length], limit=50)


SAID = [word for label, code in LABELS.items() for word in (*label.replace(",", " ").replace("-", " ").split(), *code.split())]


@given(st.lists(st.sampled_from(SAID).flatmap(lambda word: st.integers(1, len(word)).map(lambda end: word[:end])), max_size=4))
def test_what_is_found_has_a_word_that_begins_like_each_that_was_typed(city_of: PostStore, typed: list[str]) -> None:
    for place in places.addresses(city_of, " ".join(typed), 8):
        there = indexed_words(f"{place.label} {place.postal_code}")
        for beginnings in typed_words(" ".join(typed)):
            assert any(word.startswith(beginnings) for word in there), (place.label, typed)


def test_words_of_a_street_are_kept_once_and_go_with_its_last_place(store: PostStore) -> None:
    homes = [address(f"A{n}", f"{n}, rue du Moulin", civic=f"{n}", postal_code=f"G9Z 1A{n}") for n in range(5)]
    hall = Location("P1", PlaceKind.PLACE, "Moulin, 3 rue Basse", 46.0, -72.9, civic="3")
    receive(store, "places", [put("location", each.id, each) for each in (*homes, hall)])
    assert _streets(store) == [" moulin 3 rue basse", " rue du moulin"]
    receive(store, "places", [put("location", "A0", replace(homes[0], label="0, rue du Lac"))])
    assert _labels(store, "0 lac") == ["0, rue du Lac"]
    assert _labels(store, "0 moulin") == []
    assert _labels(store, "3 moulin") == ["3, rue du Moulin", "Moulin, 3 rue Basse"]
    receive(store, "places", [gone(Operation.TOMB, "location", f"A{n}") for n in range(5)])
    assert _streets(store) == [" moulin 3 rue basse"]
    mirror.forget(store, "places")
    assert _streets(store) == []


def _streets(store: PostStore) -> list[str]:
    with reading(store.public) as connection:
        return sorted(connection.execute(select(schema.street.c.words)).scalars())


def test_words_that_nothing_has_find_nothing(city_of: PostStore) -> None:
    assert _labels(city_of, "1425 sapins") == []
    assert _labels(city_of, "  …  ") == []


HOSTILE = st.lists(st.sampled_from(['"', "*", "OR", "NEAR", "(", ")", "-", "^", "\0", "\ud800", "14", "rue", "st", "😀"])).map(
    " ".join
)


@given(st.text(max_size=60) | HOSTILE)
def test_nothing_typed_is_syntax(city_of: PostStore, typed: str) -> None:
    assert len(places.addresses(city_of, typed, 8)) <= 8


@pytest.mark.parametrize("repeated", ["1 ", "a", "é "])
def test_a_very_long_text_is_nothing_special(city_of: PostStore, repeated: str) -> None:
    assert len(places.addresses(city_of, repeated * 50_000, 8)) <= 8


@given(st.text(max_size=60))
def test_the_words_of_a_place_are_the_same_once_spelled_out(text: str) -> None:
    once = place_words(text)
    assert place_words(" ".join(once)) == once


def test_a_place_is_read_whole_by_its_id(city_of: PostStore) -> None:
    home = places.location(city_of, "A4")
    assert (home.label, home.postal_code, home.civic) == ("30, boulevard des Pins", "G9Z 1A1", "30")
    with pytest.raises(NotFound, match="location_not_found"):
        places.location(city_of, "?")


def test_the_next_collections_come_in_the_order_of_their_dates(store: PostStore) -> None:
    days = {date(2026, 12, 1): "vert", date(2026, 11, 30): "brun", date(2026, 11, 23): "brun", date(2026, 12, 8): "bleu"}
    planned = tuple(Collection("S1", material, on) for on, material in days.items())
    bins = Material("brun", Bilingual("Bac brun", "Brown bin"))
    calendar = CollectionCalendar("S1", Bilingual("Secteur 1"), planned)
    receive(store, "places", [put("collections", "S1", calendar), put("material", "brun", bins)])
    coming = places.collections(store, "S1", date(2026, 11, 24), 2)
    assert [each.on for each in coming] == [date(2026, 11, 30), date(2026, 12, 1)]
    assert places.collections(store, "S9", date(2026, 11, 24), 2) == ()
    assert places.materials(store) == (bins,)
