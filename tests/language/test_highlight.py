"""What is marked in a shown text, and what a fiche's HTML says."""

from __future__ import annotations

import html
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet_sync.domain.words import Language
from guichet_sync.language import highlight, plain_text

texts = st.text(max_size=200) | st.lists(st.sampled_from(["bac", "bacs", "l’été", "de", " ", "-", "œuf", "\u0301"])).map(" ".join)


def _marked(text: str, query: str, language: Language = Language.FR) -> list[str]:
    return [text[start:end] for start, end in highlight(text, query, language)]


@pytest.mark.parametrize(
    ("text", "query", "marked"),
    [
        ("Collecte des bacs bruns", "bac brun", ["bacs", "bruns"]),
        ("Le déneigement des trottoirs", "deneigement", ["déneigement"]),
        ("L’arrosage est permis", "l'arrosage", ["arrosage"]),
        ("Cœur et sœur", "coeur", ["Cœur"]),
        ("Le déneigement", "dénei", ["déneigement"]),
        ("Nid-de-poule", "nid de poule", ["Nid", "poule"]),
        ("Des bacs", "b", []),
        ("Des bacs", "ba", []),
        ("Des bacs", "…", []),
        ("la rue", "la", ["la"]),
    ],
)
def test_what_the_words_of_a_query_match_is_marked(text: str, query: str, marked: list[str]) -> None:
    assert _marked(text, query) == marked
    assert _marked(unicodedata.normalize("NFD", text), query) == [unicodedata.normalize("NFD", each) for each in marked]


def test_english_is_marked_by_its_own_stems() -> None:
    assert _marked("Trees and permits", "tree permit", Language.EN) == ["Trees", "permits"]


@given(texts, texts, st.sampled_from(Language))
def test_marks_are_within_the_text_in_order_and_apart(text: str, query: str, language: Language) -> None:
    marks = highlight(text, query, language)
    bounds = [bound for mark in marks for bound in mark]
    assert bounds == sorted(bounds)
    assert all(0 <= start < end <= len(text) for start, end in marks)


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("Sans balise", "Sans balise"),
        ("<p>Un</p><p>deux</p>", "Un deux"),
        ("<ul><li>Un</li><li>deux</li></ul>trois<br>quatre", "Un deux trois quatre"),
        ("d<strong>é</strong>jà, <em>voilà</em>", "déjà, voilà"),
        ("l&rsquo;eau &amp; le feu &lt;b&gt;", "l’eau & le feu <b>"),
        ("<!-- rien -->bac<!DOCTYPE html>s", "bac s"),
        ("3 < 4 et 5 > 4", "3 < 4 et 5 > 4"),
        ("<a href='x' title='y'>lien</a>", "lien"),
        ("<p>ouvert", "ouvert"),
        ("", ""),
    ],
)
def test_html_is_read_as_its_words(markup: str, text: str) -> None:
    assert plain_text(markup) == text


@given(st.text(alphabet="<>!-/[]&;#ab \n'\"=", max_size=200) | texts)
def test_any_markup_can_be_read(markup: str) -> None:
    assert "\n" not in plain_text(markup)


@given(texts)
def test_what_was_escaped_is_read_as_it_was(text: str) -> None:
    assert plain_text(f"<p>{html.escape(text)}</p>") == " ".join(text.split())


@pytest.mark.parametrize("hostile", ["<" * 400_000, "<a " * 100_000, "<!--" * 100_000, "<![x" * 100_000, "&#" * 200_000])
def test_hostile_markup_costs_no_more_than_its_length(hostile: str) -> None:
    assert plain_text(hostile)
