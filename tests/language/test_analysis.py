"""From what people type to what is looked up: accents, elisions, ligatures and case never stand in the way."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet_sync.domain.article import ArticleText
from guichet_sync.domain.words import Language
from guichet_sync.language import ANALYSIS_VERSION, article_terms, fold, query_terms, words
from guichet_sync.language.analysis import stem

texts = st.text(max_size=300)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Déneigement", ["deneigement"]),
        ("l’arrosage", ["arrosage"]),
        ("L'ARROSAGE d’été", ["arrosage", "ete"]),
        ("Qu’est-ce qu’un bac", ["est", "ce", "un", "bac"]),
        ("jusqu’à lorsqu’il puisqu’elle quoiqu’on", ["a", "il", "elle", "on"]),
        ("aujourd’hui", ["aujourd", "hui"]),
        ("Œuvre, cœur, ex æquo", ["oeuvre", "coeur", "ex", "aequo"]),
        ("nid-de-poule", ["nid", "de", "poule"]),
        ("nº 12, 2e étage", ["no", "12", "2e", "etage"]),
        ("№ ﬁn ＡＢＣ", ["no", "fin", "abc"]),
        ("STRASSE Straße", ["strasse", "strasse"]),
        ("снег ❄ 雪", []),
        ("\ud800 \0 bac", ["bac"]),
    ],
)
def test_a_text_is_these_words(text: str, found: list[str]) -> None:
    assert words(text) == found


@given(texts)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(texts)
def test_case_accents_and_their_spelling_make_no_difference(text: str) -> None:
    typed = words(text)
    assert words(unicodedata.normalize("NFD", text)) == typed == words(unicodedata.normalize("NFC", text))
    assert words(fold(text)) == typed


@given(texts)
def test_words_are_letters_and_digits_alone(text: str) -> None:
    assert all(word.isascii() and word.isalnum() and word == word.lower() for word in words(text))


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [
        ("deneigement", "Déneigements", Language.FR),
        ("bacs bruns", "bac brun", Language.FR),
        ("collectes", "collecte", Language.FR),
        ("trees", "tree", Language.EN),
        ("permits", "Permit", Language.EN),
    ],
)
def test_forms_of_a_word_have_one_stem(one: str, other: str, language: Language) -> None:
    assert query_terms(one, language).stems == query_terms(other, language).stems


def test_stop_words_count_only_when_there_is_nothing_else() -> None:
    assert query_terms("la collecte des feuilles", Language.FR).exact == ("collecte", "feuilles")
    assert query_terms("où et quand", Language.FR).exact == ("ou", "et", "quand")
    assert query_terms("the pool in my yard", Language.EN).exact == ("pool", "yard")
    assert query_terms("…", Language.FR).exact == ()


def test_a_word_said_twice_counts_once() -> None:
    terms = query_terms("bac bacs BAC brun", Language.FR)
    assert (terms.exact, terms.stems) == (("bac", "bacs", "brun"), ("bac", "brun"))


def test_what_is_pasted_by_mistake_is_cut() -> None:
    assert len(query_terms(" ".join(f"mot{n}" for n in range(50_000)), Language.FR).exact) < 200


def test_a_fiche_is_indexed_by_where_its_words_stand() -> None:
    text = ArticleText(
        "Bacs bruns",
        say="Le bac est gratuit.",
        summary="Obtenir un bac",
        checks=("Adresse à Laval",),
        bring=("Preuve",),
        responsible="Environnement",
        body="<p>Matières <b>organiques</b></p>",
        phrasings=("ma poubelle brune",),
    )
    terms = article_terms(text, Language.FR)
    assert terms.version == ANALYSIS_VERSION
    assert terms.exact == "bacs bruns ma poubelle brune"
    assert terms.title.split() == [stem("bac", Language.FR), stem("brun", Language.FR)]
    assert terms.phrasings.split() == [stem("poubelle", Language.FR), stem("brune", Language.FR)]
    assert stem("gratuit", Language.FR) in terms.summary.split()
    held = set(terms.body.split())
    assert {stem(word, Language.FR) for word in ("adresse", "preuve", "environnement", "organiques")} <= held
