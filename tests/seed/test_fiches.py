from __future__ import annotations

import html
import re
from collections import Counter
from datetime import date

import pytest

from guichet_sync.central.importers.articles import published
from guichet_sync.domain.article import Article, Freshness, freshness
from guichet_sync.protocol import codec
from tests.helpers.seed import Record, categories, fiches, services

LANGUAGES = ("fr", "en")
PARTS = ("title", "say", "summary", "checks", "duration", "cost", "responsible", "body", "phrasings")
FEWEST_PHRASINGS = {"fr": 4, "en": 3}
SENTENCE = re.compile(r"[A-ZÀÉÊ0-9][^.?!]*[^.?!\s][.?!]")
AMOUNT = re.compile(r"\$\d|\d\s\$|\d\s(?:jours?|heures?|minutes|semaines|mois|days?|working|hours?|weeks|months)\b")
RULE = re.compile(r"\$|amende|interdit|obligatoire|infraction|\bfines?\b|prohibited|mandatory")
LABEL = {"fr": "démonstration", "en": "demonstration"}
UNITS = {
    "fr": {"working_days": "jours? ouvrables?", "calendar_days": "jours?", "hours": "heures?"},
    "en": {"working_days": "working days?", "calendar_days": "days?", "hours": "hours?"},
}
NOT_A_NOTICE = {
    "fr": "Cette requête n’est pas un avis de réclamation (texte de démonstration).",
    "en": "This request is not a notice of claim (demonstration text).",
}
NOW = date(2026, 11, 24)

in_each_language = pytest.mark.parametrize("language", LANGUAGES)


def states(duration: str, delay: Record, language: str) -> bool:
    return bool(re.search(rf"\b{delay['n']}\s{UNITS[language][delay['unit']]}(?!\s?ouvrable)\b", duration))


def sentences(say: str) -> list[str]:
    spoken = re.sub(r"(?<=\d)\.(?=\d)", "", say)
    spoken = re.sub(r"([ap])\.m\.(?=\s[A-Z]|$)", r"\1m.", spoken)
    return re.split(r"(?<=[.?!])\s", re.sub(r"([ap])\.m\.", r"\1m", spoken))


def figures(text: str) -> Counter[str]:
    return Counter(re.findall(r"\d+", re.sub(r"(?<=\d)[,\s](?=000)", "", text)))


def test_there_are_seventy_fiches_and_each_code_is_given_once() -> None:
    codes = [fiche["code"] for fiche in fiches()]
    assert len(codes) == len(set(codes)) == 70
    assert all(re.fullmatch(r"[A-Z]{3}-\d{3}", code) for code in codes)


def test_every_category_has_a_fiche_and_every_fiche_a_known_service_category_and_relatives() -> None:
    known = {fiche["code"] for fiche in fiches()}
    for fiche in fiches():
        assert fiche["service"] in services(), fiche["code"]
        assert fiche["category"] is None or fiche["category"] in categories(), fiche["code"]
        related = fiche["related"]
        assert set(related) <= known - {fiche["code"]}, fiche["code"]
        assert 2 <= len(related) == len(set(related)), fiche["code"]
    assert {fiche["category"] for fiche in fiches()} >= categories().keys()


@in_each_language
def test_a_fiche_has_all_its_parts(language: str) -> None:
    for fiche in fiches():
        text = fiche[language]
        assert [part for part in PARTS if not text[part]] == [], fiche["code"]
        assert len({each.casefold() for each in text["phrasings"]}) >= FEWEST_PHRASINGS[language], fiche["code"]
        assert all(each.strip() for each in (*text["checks"], *text["bring"], *text["phrasings"])), fiche["code"]
        assert fiche["owner"][language], fiche["code"]


def test_the_two_languages_say_as_much() -> None:
    for fiche in fiches():
        french, english = fiche["fr"], fiche["en"]
        for part in ("checks", "bring", "must_say"):
            assert len(french.get(part, ())) == len(english.get(part, ())), (fiche["code"], part)
        for part in ("cost", "duration"):
            assert figures(french[part]) == figures(english[part]), (fiche["code"], part)
        tags = [re.findall(r"</?\w+>", text["body"]) for text in (french, english)]
        assert tags[0] == tags[1], fiche["code"]


@in_each_language
def test_what_is_to_be_said_is_one_or_two_whole_sentences(language: str) -> None:
    for fiche in fiches():
        say = fiche[language]["say"]
        spoken = sentences(say)
        assert 1 <= len(spoken) <= 2, spoken
        assert all(SENTENCE.fullmatch(each) for each in spoken), spoken
        assert 60 <= len(say) <= 330, (fiche["code"], len(say))
        assert not re.search(r"[•/()]| – ", say), say


@in_each_language
def test_a_delay_a_fee_or_a_rule_is_labelled_as_a_demonstration(language: str) -> None:
    for fiche in fiches():
        text = fiche[language]
        for part in ("duration", "cost"):
            assert LABEL[language] in text[part] or not AMOUNT.search(text[part]), (fiche["code"], part)
        assert LABEL[language] in text["body"].casefold() or not RULE.search(text["body"]), fiche["code"]
        assert all(LABEL[language] in each for each in text.get("must_say", ())), fiche["code"]


@in_each_language
def test_the_delay_of_a_category_is_the_one_its_fiches_state(language: str) -> None:
    promised = {code: each["delay"] for code, each in categories().items() if each["delay"]["n"]}
    told = set()
    for fiche in fiches():
        category, duration = fiche["category"], fiche[language]["duration"]
        if category in promised and states(duration, promised[category], language):
            told.add(category)
    requests = {code for code in promised if categories()[code]["nature"] != "information"}
    assert requests - told == set()
    assert promised.keys() - requests - told == set()


def test_a_unit_has_one_name_in_each_language() -> None:
    names = {(fiche["fr"]["responsible"], fiche["en"]["responsible"]) for fiche in fiches()}
    assert len(names) == len({french for french, _ in names}) == len({english for _, english in names})


def test_a_danger_is_sent_to_911_in_what_is_said_first() -> None:
    dangers = [fiche for fiche in fiches() if fiche["fr"]["title"].startswith("Danger")]
    assert {fiche["code"] for fiche in dangers} == {"SEC-006", "SEC-007"}
    for fiche in dangers:
        assert fiche["category"] == "HORS-JURID"
        for language in LANGUAGES:
            assert "911" in fiche[language]["say"]
            assert any("911" in each for each in fiche[language]["must_say"])


@in_each_language
def test_a_claim_is_told_that_a_request_is_not_a_notice_of_claim(language: str) -> None:
    claims = [fiche for fiche in fiches() if fiche["category"] in ("RECLAM", "DOM-NEIGE")]
    assert len(claims) >= 2
    assert all(NOT_A_NOTICE[language] in fiche[language]["must_say"] for fiche in claims)


def test_the_demonstration_shows_fresh_fiches_some_to_review_and_one_expired() -> None:
    shown: Counter[Freshness] = Counter()
    for fiche in fiches():
        dates = [fiche[key] and date.fromisoformat(fiche[key]) for key in ("verified_on", "review_on", "expires_on")]
        assert dates[0] < dates[1], fiche["code"]
        shown[freshness(NOW, *dates)] += 1
    assert shown[Freshness.UNVERIFIED] == 0
    assert shown[Freshness.EXPIRED] == 1
    assert 3 <= shown[Freshness.TO_REVIEW] <= 10


def test_nothing_of_a_body_is_lost_when_it_is_sanitised() -> None:
    for fiche in fiches():
        served = published(codec.from_body({key: value for key, value in fiche.items() if value is not None}, Article))
        assert served.en is not None
        for language, text in (("fr", served.fr), ("en", served.en)):
            assert html.unescape(text.body) == html.unescape(fiche[language]["body"]), fiche["code"]
            assert "<ul>" in text.body or text.body.count("<p>") > 1, fiche["code"]


@in_each_language
def test_no_two_fiches_claim_the_same_words(language: str) -> None:
    titles = Counter(fiche[language]["title"].casefold() for fiche in fiches())
    phrasings = Counter(each.casefold() for fiche in fiches() for each in fiche[language]["phrasings"])
    assert [each for each, times in (titles | phrasings).items() if times > 1] == []
