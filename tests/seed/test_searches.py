from __future__ import annotations

import pytest

from guichet_desktop.desk import lookup
from guichet_desktop.desk.desk import Desk
from guichet_sync.domain.words import Language
from tests.helpers.seed import fiches

AS_AGENTS_TYPE = {
    "deneigement": "NEI-001",
    "l'arrosage": "ENV-001",
    "bacs bruns": "COL-004",
    "odeur de gaz": "SEC-006",
    "fil tombé": "SEC-007",
    "nid de poule": "VOI-001",
    "reclamation": "GRE-001",
    "lampadaire": "VOI-002",
    "vidanges": "COL-001",
    "matelas": "COL-007",
    "cloture": "URB-002",
    "taxe bienvenue": "TAX-002",
    "morsure": "ANI-003",
    "bruit voisin": "SEC-001",
    "eau brune": "EAU-002",
    "refoulement egout": "EAU-003",
    "arbre tombé": "ARB-001",
    "punaises": "URB-007",
    "monoxyde": "SEC-003",
    "camp de jour": "LOI-001",
    "heures ouverture": "REL-004",
    "panne electricite": "REL-003",
}
AS_PEOPLE_SAY = {
    "il y a un gros trou dans ma rue": "VOI-001",
    "mon bac a pas été ramassé hier": "COL-002",
    "la charrue a accroché ma clôture": "NEI-003",
    "est-ce que je peux arroser à soir": "ENV-001",
    "le chien du voisin jappe toute la nuit": "SEC-001",
    "j'ai perdu mon chat": "ANI-004",
    "y a un char abandonné devant chez nous": "SEC-002",
    "je veux bâtir un cabanon": "URB-002",
    "combien ça coûte la licence de mon chien": "ANI-002",
    "il y a de l'eau dans mon sous-sol": "EAU-003",
    "mon propriétaire chauffe pas le logement": "URB-007",
    "je déménage, changer mon adresse de taxes": "TAX-003",
    "à quelle heure ouvre la bibliothèque": "LOI-003",
    "où jeter un vieux frigo": "COL-007",
}
IN_ENGLISH = {
    "garbage day": "COL-001",
    "brown bin": "COL-004",
    "snow removal": "NEI-001",
    "smell of gas": "SEC-006",
    "downed power line": "SEC-007",
    "potholes": "VOI-001",
    "notice of claim": "GRE-001",
    "no heat": "URB-007",
    "pool permit": "URB-001",
    "noisy neighbour": "SEC-001",
}
FIRST_SCREEN = 3


def missed(desk: Desk, queries: dict[str, str], language: Language, within: int) -> list[tuple[str, str, list[str]]]:
    found = {query: [hit.article_id for hit in lookup.search(desk, query, language).hits[:within]] for query in queries}
    return [(query, wanted, found[query]) for query, wanted in queries.items() if wanted not in found[query]]


def test_what_an_agent_types_puts_the_fiche_on_top(desk: Desk) -> None:
    assert missed(desk, AS_AGENTS_TYPE, Language.FR, 1) == []


def test_the_same_words_in_english_put_the_fiche_on_top(desk: Desk) -> None:
    assert missed(desk, IN_ENGLISH, Language.EN, 1) == []


def test_what_people_say_in_their_own_words_finds_the_fiche_among_the_first(desk: Desk) -> None:
    assert missed(desk, AS_PEOPLE_SAY, Language.FR, FIRST_SCREEN) == []


@pytest.mark.parametrize("language", list(Language))
def test_every_title_and_every_phrasing_finds_its_own_fiche(desk: Desk, language: Language) -> None:
    texts = {fiche["code"]: fiche[language.value] for fiche in fiches()}
    titles = {text["title"]: code for code, text in texts.items()}
    phrasings = {each: code for code, text in texts.items() for each in text["phrasings"]}
    assert missed(desk, titles, language, 1) == []
    assert missed(desk, phrasings, language, FIRST_SCREEN) == []
