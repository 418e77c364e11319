"""Finding the fiche: as people type, in both languages, whatever they type."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guichet_sync.domain.article import Article, ArticleText, Freshness, IndexTerms
from guichet_sync.domain.errors import NotFound
from guichet_sync.domain.words import Language
from guichet_sync.language import article_terms
from guichet_sync.protocol.messages import Operation
from guichet_sync.store import search
from guichet_sync.store.post import PostStore
from tests.helpers.stores import TODAY, enrolled_store, fiche, gone, put, receive, receive_fiches

SNOW = Article(
    "SNOW",
    ArticleText(
        "Déneigement des rues et des trottoirs",
        say="Le déneigement commence après 5 cm de neige.",
        phrasings=("quand passe la charrue",),
        body="<p>La chaussée est dégagée en moins de dix heures.</p>",
    ),
    ArticleText("Snow removal on streets", summary="Streets are cleared in ten hours.", phrasings=("when does the plow pass",)),
    service="TP",
    verified_on=date(2026, 9, 1),
    review_on=date(2026, 10, 1),
)
WATER = fiche("WATER", "Arrosage des pelouses", summary="Quand l’arrosage est permis.")
BINS = fiche("BINS", "Bac brun", summary="Les matières organiques vont dans le bac brun.")
BLUE = fiche("BLUE", "Bac bleu", body="<p>Un bac brun ne sert pas au recyclage.</p>")
EGGS = fiche("EGGS", "Œufs et poules en ville")
PERMIT = fiche("PERMIT", "Permis d’abattage d’arbre", body="<p>" + "arbre malade " * 400 + "</p>")
ALL = (SNOW, WATER, BINS, BLUE, EGGS, PERMIT)


@pytest.fixture(scope="module")
def found_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostStore]:
    """Fiches of a small city."""
    with closing(enrolled_store(tmp_path_factory.mktemp("fiches"))) as store:
        receive_fiches(store, *ALL)
        yield store


def _ids(store: PostStore, query: str, language: Language = Language.FR, limit: int = 20) -> list[str]:
    return [hit.article_id for hit in search.search(store, query, language, limit, TODAY).hits]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("deneigement", "SNOW"),
        ("DÉNEIGEMENTS", "SNOW"),
        ("l'arrosage", "WATER"),
        ("l’arrosage", "WATER"),
        ("bacs bruns", "BINS"),
        ("oeuf", "EGGS"),
        ("œuf", "EGGS"),
        ("Oeufs", "EGGS"),
        ("charrue", "SNOW"),
        ("arbres malades", "PERMIT"),
        ("comment avoir un permis pour couper un arbre", "PERMIT"),
    ],
)
def test_a_query_finds_its_fiche_first(found_in: PostStore, query: str, first: str) -> None:
    assert _ids(found_in, query)[0] == first


@pytest.mark.parametrize("fiche_", ALL, ids=[each.code for each in ALL])
def test_a_fiche_is_found_while_its_first_word_is_typed(found_in: PostStore, fiche_: Article) -> None:
    word = fiche_.fr.title.split()[0]
    for length in range(2, len(word) + 1):
        assert fiche_.code in _ids(found_in, word[:length])


def test_a_word_of_the_text_is_found_while_it_is_typed_from_four_letters_on(found_in: PostStore) -> None:
    assert "BINS" in _ids(found_in, "orga")
    assert _ids(found_in, "org") == []


def test_english_finds_english_fiches_alone(found_in: PostStore) -> None:
    assert _ids(found_in, "snow plow", Language.EN) == ["SNOW"]
    assert _ids(found_in, "streets", Language.EN) == ["SNOW"]
    assert _ids(found_in, "arrosage", Language.EN) == []
    (hit,) = search.search(found_in, "snow", Language.EN, 5, TODAY).hits
    assert (hit.title, hit.snippet) == ("Snow removal on streets", "Streets are cleared in ten hours.")


def test_a_result_says_what_its_row_shows(found_in: PostStore) -> None:
    found = search.search(found_in, "deneigement", Language.FR, 5, TODAY)
    assert (found.query, found.corrected) == ("deneigement", None)
    hit = found.hits[0]
    assert (hit.title, hit.service, hit.freshness) == (SNOW.fr.title, "TP", Freshness.TO_REVIEW)
    assert hit.snippet.startswith("Le déneigement commence après 5 cm de neige. La chaussée")
    assert hit.score > 0


def test_a_long_beginning_is_cut_between_words(found_in: PostStore) -> None:
    (hit,) = search.search(found_in, "abattage", Language.FR, 5, TODAY).hits
    assert len(hit.snippet) <= 181
    assert hit.snippet.endswith(("arbre…", "malade…"))


def test_a_beginning_without_spaces_is_cut_all_the_same(store: PostStore) -> None:
    receive_fiches(store, fiche("X", "Ruban", summary="x" * 500))
    assert search.search(store, "ruban", Language.FR, 5, TODAY).hits[0].snippet == "x" * 180 + "…"


def test_a_limit_keeps_the_best(found_in: PostStore) -> None:
    assert _ids(found_in, "bac brun", limit=1) == _ids(found_in, "bac brun")[:1] == ["BINS"]
    scores = [hit.score for hit in search.search(found_in, "bac brun", Language.FR, 20, TODAY).hits]
    assert scores == sorted(scores, reverse=True)


def test_a_title_that_says_just_the_query_comes_before_one_that_says_more(store: PostStore) -> None:
    more = fiche("MORE", "Vignette de stationnement et permis de nuit", body="<p>" + "stationnement " * 9 + "</p>")
    receive_fiches(store, more, fiche("JUST", "Stationnement de nuit", body="<p>" + "rue " * 200 + "</p>"))
    assert _ids(store, "stationnement de nuit") == ["JUST", "MORE"]


HOSTILE = [
    '"',
    "'",
    "*",
    "a* OR b*",
    "NEAR(a b)",
    "{title}: x",
    "AND",
    "NOT",
    "(((",
    "a:b",
    "^a",
    "-a",
    "+",
    "\0",
    "\ud800",
    "😀",
]
words_ = st.lists(st.sampled_from([*HOSTILE, "bac", "neige", "l’", "1"]), max_size=8).map(" ".join)


@settings(max_examples=150)
@given(st.text(max_size=80) | words_, st.sampled_from(Language))
def test_any_text_is_a_valid_query(found_in: PostStore, query: str, language: Language) -> None:
    found = search.search(found_in, query, language, 20, TODAY)
    assert found.query == query
    assert len(found.hits) <= len(ALL)


@pytest.mark.parametrize("repeated", ["x", "zz ", '"', "é "])
def test_a_very_long_text_is_a_valid_query(found_in: PostStore, repeated: str) -> None:
    assert search.search(found_in, repeated * 50_000, Language.FR, 20, TODAY).hits == ()


def test_a_fiche_that_changed_is_found_by_its_new_words_alone(store: PostStore) -> None:
    receive_fiches(store, SNOW)
    renamed = replace(SNOW, fr=ArticleText("Sablage des pentes"), en=None)
    receive_fiches(store, renamed)
    assert _ids(store, "sablage") == ["SNOW"]
    assert _ids(store, "deneigement") == []
    assert _ids(store, "snow", Language.EN) == []
    assert search.article(store, "SNOW") == renamed


def test_a_removed_fiche_is_not_found_by_any_word(store: PostStore) -> None:
    receive_fiches(store, *ALL)
    receive(store, "kb", [gone(Operation.TOMB, "article", "SNOW")])
    for query in ("deneigement", "charrue", "chaussee", "den"):
        assert "SNOW" not in _ids(store, query)
    with pytest.raises(NotFound, match="article_not_found"):
        search.article(store, "SNOW")


def test_tokens_of_the_server_are_taken_as_they_are_if_they_are_of_our_version(store: PostStore) -> None:
    ours = article_terms(WATER.fr, Language.FR)
    special = replace(ours, phrasings="zorglub")
    receive_fiches(store, replace(WATER, terms_fr=special))
    assert _ids(store, "zorglub") == ["WATER"]
    receive_fiches(store, replace(WATER, terms_fr=replace(special, version=ours.version + 1)))
    assert _ids(store, "zorglub") == []
    assert _ids(store, "arrosage") == ["WATER"]


def test_tokens_are_kept_in_the_index_alone(store: PostStore) -> None:
    tokens = IndexTerms(article_terms(WATER.fr, Language.FR).version, "zorglub", "", "", "", "")
    receive(store, "kb", [put("article", "WATER", replace(WATER, terms_fr=tokens))])
    assert search.article(store, "WATER") == WATER
    assert _ids(store, "zorglub") == ["WATER"]
