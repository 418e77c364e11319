from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.helpers.seed import document, fiches, pairs, rows, texts
from tests.tooling.typography import flaws

DOCUMENTS = ("taxonomy.json", "city.json", "materials.json")
UNFINISHED = re.compile(r"\b(?:todo|tbd|lorem|ipsum|xxx+|à compléter|à venir|to come|placeholder)\b|\?\?|\[\s*\]", re.IGNORECASE)
TYPED_ON_A_TYPEWRITER = re.compile(r"['\"]|\.\.\.|\s[:;!?]")
OF_THE_OTHER_LANGUAGE = re.compile(r"\b(?:le|la|les|des|du|une|est|pour|avec)\b", re.IGNORECASE)
A_REAL_AUTHORITY = re.compile(r"\b(?:STL|STM|Laval|Montréal|Longueuil|Gatineau|Lévis|Trois-Rivières|Sherbrooke)\b")


def every_text(language: str) -> Iterator[str]:
    for name in DOCUMENTS:
        yield from texts(document(name), language)
    yield from texts(fiches(), language)


def test_french_is_typeset_as_in_quebec() -> None:
    prose = [*every_text("fr"), *(row["name_fr"] for row in rows("closed_days.csv"))]
    prose += [row[column] for row in rows("addresses.csv") for column in ("street", "label")]
    prose += [row["moved_because"] for row in rows("calendar.csv")]
    prose += [request["description"] for request in document("requests.json")]
    assert [(text, flaws(text)) for text in prose if flaws(text)] == []


def test_figures_and_their_units_stay_on_one_line_in_french() -> None:
    apart = re.compile(r"\d (?:h|\$|%|cm|km)(?:\W|$)|\bh \d\d\b")
    assert [text for text in every_text("fr") if apart.search(text)] == []


def test_english_is_typeset_as_english() -> None:
    prose = [*every_text("en"), *(row["name_en"] for row in rows("closed_days.csv"))]
    assert [text for text in prose if TYPED_ON_A_TYPEWRITER.search(re.sub(r"<[^>]*>", "", text))] == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_text_of_the_city_is_in_both_languages(name: str) -> None:
    for pair in pairs(document(name)):
        assert pair.keys() >= {"fr", "en"}, pair
        assert all(pair[language] for language in ("fr", "en")), pair


def test_english_is_english() -> None:
    names = re.compile(r"Tribunal administratif du logement|Commission d’accès à l’information|Val-des-Ormes")
    assert [text for text in every_text("en") if OF_THE_OTHER_LANGUAGE.search(names.sub("", text))] == []


def test_nothing_is_left_to_be_written_and_no_real_city_is_named() -> None:
    for language in ("fr", "en"):
        for text in every_text(language):
            assert not UNFINISHED.search(text), text
            assert not A_REAL_AUTHORITY.search(text), text


def test_the_city_says_it_is_fictional() -> None:
    assert "fictive" in document("city.json")["note"]["fr"]
    assert "Fictional" in document("city.json")["note"]["en"]
    assert "démonstration" in document("taxonomy.json")["note"]["fr"]
