"""Each gate lets through what is right and names what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from tests.tooling import addresses, catalogue, coverage_floor, documents, locks, sizes, typography

_LONG_FUNCTION = "def f():\n" + "    pass\n" * sizes.FUNCTION_LINES
_LONG_CLASS = "class C:\n" + "    a = 1\n" * sizes.CLASS_LINES
_BUSY_CLASS = "class C:\n" + "".join(f"    def m{n}(self): ...\n" for n in range(sizes.CLASS_METHODS + 1))
_HASH = "    --hash=sha256:" + "0" * 64


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (_LONG_FUNCTION, "m.py:1 f: 61 lines (function, at most 60)"),
        (_LONG_CLASS, "m.py:1 C: 301 lines (class, at most 300)"),
        (_BUSY_CLASS, "m.py:1 C: 21 methods (at most 20)"),
        ("a = 1\n" * 401, "m.py: 401 lines (file, at most 400)"),
    ],
)
def test_what_is_too_large_is_named(source: str, said: str) -> None:
    assert sizes.problems_of({"m.py": source}) == [said]


def test_functions_must_be_small_as_a_whole() -> None:
    assert sizes.spread_problems("programs", [3] * 20) == []
    assert sizes.spread_problems("programs", [12] * 20) == ["programs: median function of 12 lines (under 12)"]
    assert sizes.spread_problems("programs", [3] * 80 + [45] * 20) == ["programs: 95th percentile of 45 lines (under 40)"]


def test_source_strings_are_those_given_to_the_words() -> None:
    module = """
A = N_("Rechercher")
words.text("Ira à {unit}", unit=u)
self._words.plural("{n} heure", "{n} heures", 3)
connection.execute(text("SELECT 1"))
sa.text("SELECT 2")
label.text()
words.text(source)
"""
    assert list(catalogue.source_strings(module)) == ["Rechercher", "Ira à {unit}", ("{n} heure", "{n} heures")]


def test_drift_between_source_and_catalogue_is_named_both_ways() -> None:
    held = Catalog()
    held.add("Fermée", "Closed")
    assert catalogue.drift({"Ouverte"}, held, "en") == ["en lacks: Ouverte", "en keeps what nothing says any more: Fermée"]
    assert catalogue.drift({"Fermée"}, held, "en") == []


def test_a_translation_must_be_there_certain_and_filled_alike() -> None:
    english = Catalog(locale="en", fuzzy=False)
    english.add("Ouvrir", "Open")
    english.add(("{n} envoi", "{n} envois"), ("{n} item", "{n} items"))
    assert catalogue.translation_problems(english, "en") == []
    english.add("Fermer", "")
    english.add("Retirer", "Withdraw", flags=["fuzzy"])
    english.add("Le {day}", "On {date}")
    said = catalogue.translation_problems(english, "en")
    assert said == [
        "en, Fermer: not translated",
        "en, Retirer: fuzzy",
        "en, Le {day}: its fields are not those of the source (Le {day})",
    ]
    assert catalogue.translation_problems(Catalog(locale="en"), "en") == [
        "en: marked fuzzy as a whole, so it would not be compiled"
    ]


def test_a_rewritten_catalogue_keeps_translations_and_takes_in_new_strings() -> None:
    old = Catalog(locale="en")
    old.add("Ouvrir", "Open")
    old.add("Oubliée", "Forgotten")
    new = catalogue.rewritten({"Ouvrir": ["a.py"], "Fermer": ["b.py"]}, old, "en")
    assert {message.id: message.string for message in new if message.id} == {"Fermer": "", "Ouvrir": "Open"}


@pytest.mark.parametrize(
    ("text", "flaw"),
    [
        ("l'arrosage", "straight apostrophe"),
        ("À jour : oui", "no-break space missing before a colon"),
        ("voyez « À transmettre\u00a0»", "no-break space missing after «"),
        ("voyez «\u00a0À transmettre »", "no-break space missing before »"),
        ("C’est fait !", "space before ; ! or ?"),
        ("Un instant...", "three dots instead of …"),
        ('le bac "brun"', "straight quotation marks"),
    ],
)
def test_french_that_is_not_typeset_is_named(text: str, flaw: str) -> None:
    assert typography.flaws(text) == [flaw]


def test_french_that_is_typeset_passes() -> None:
    assert typography.flaws("Voyez «\u00a0À transmettre\u00a0»\u00a0: c’est fait! Et à 13:58?") == []
    assert typography.flaws('<a href="https://ville.example/x">L’horaire</a>') == []


def test_french_is_found_wherever_a_document_keeps_it() -> None:
    document = {"code": "l'a", "name": {"fr": "Un", "en": "it's"}, "steps": [{"fr": {"say": "Deux", "checks": ["Trois"]}}]}
    assert list(typography.french_of(document)) == ["Un", "Deux", "Trois"]


def _project(**ranges: str) -> dict[str, object]:
    return {
        "dependencies": [f"{name}{given}" for name, given in ranges.items()],
        "optional-dependencies": {extra: [] for extra in ("desktop", "central", "dev")},
    }


def _locked(*pins: str) -> dict[str, str]:
    lock = "# made by dev.py lock\n" + "".join(f"{pin} \\\n{_HASH}\n" for pin in pins)
    return dict.fromkeys(("base", "desktop", "central", "dev"), lock)


def test_locks_in_step_pass() -> None:
    assert locks.problems_of(_project(babel=">=2,<3"), _locked("babel==2.18.0", "tzdata==2026.6 ; sys_platform == 'win32'")) == []


def test_a_lock_out_of_step_is_named() -> None:
    assert "base: babel<4,>=3 is locked as 2.18.0; run `python3 dev.py lock`" in locks.problems_of(
        _project(babel=">=3,<4"), _locked("babel==2.18.0")
    )
    assert "dev: nh3 is locked as nothing; run `python3 dev.py lock`" in locks.problems_of(
        _project(nh3=""), _locked("babel==2.18.0")
    )
    without_extras = locks.problems_of(_project(**{"coverage[toml]": ">=7"}), _locked("coverage==7.17.3"))
    assert "dev: coverage[toml]>=7 is locked without its extras; run `python3 dev.py lock`" in without_extras
    assert locks.problems_of(_project(**{"coverage[toml]": ">=7"}), _locked("coverage[toml]==7.17.3")) == []
    mixed = _locked("babel==2.18.0") | {"base": _locked("babel==2.17.0")["base"]}
    assert locks.problems_of(_project(), mixed) == ["base: babel 2.17.0, but dev has 2.18.0"]


@pytest.mark.parametrize("line", ["-i https://mirror.example/simple", "babel @ file:///wheels/babel.whl", "./wheels/babel.whl"])
def test_a_lock_that_names_an_address_is_refused(line: str) -> None:
    assert locks.form_problems("base", line) == [f"base: not a pinned version: {line}"]


def test_a_pin_without_hash_is_refused() -> None:
    assert locks.form_problems("base", "babel==2.18.0") == ["base: without its hashes: babel==2.18.0"]


@pytest.mark.parametrize("folder", ["work", "root", "home/alice"])
def test_a_folder_of_one_machine_is_named(folder: str) -> None:
    (said,) = addresses.problems_of("sync/x.py", f'PATH = "/{folder}/main"')
    assert "a folder of one machine" in said


def test_paths_inside_a_profile_or_a_page_are_no_machine_folders() -> None:
    assert addresses.problems_of("docs/x.md", "people/<id>/work.db, https://ville.example/root/x, ./work/y") == []


def test_temporary_folders_belong_to_tests_only() -> None:
    line = 'PATH = "/' + 'tmp/x"'
    assert len(addresses.problems_of("sync/x.py", line)) == 1
    assert addresses.problems_of("tests/x.py", line) == []


def test_a_link_must_lead_somewhere() -> None:
    text = (
        "# Une page\n[licence](LICENSE) [ici](#une-page) [web](https://ville.example) [rien](ABSENT.md) [nulle part](#ailleurs)"
    )
    assert documents.link_problems(Path("PAGE.md"), text) == [
        "PAGE.md: link to nothing: ABSENT.md",
        "PAGE.md: link to nothing: #ailleurs",
    ]


def test_a_command_shown_must_exist() -> None:
    text = '```console\n$ python3 dev.py demo --keep\n$ guichetctl search "l’arrosage" --limit 3\n$ ls\n$ guichetctl dance\n```\n'
    (said,) = documents.command_problems(Path("PAGE.md"), text)
    assert said.startswith("PAGE.md: ")
    assert "dance" in said


def _coverage(lines: list[int], branches: list[list[int]], percent: float) -> dict[str, object]:
    covered: dict[str, list[int]] = {"missing_lines": [], "missing_branches": []}
    gap = {"missing_lines": lines, "missing_branches": branches}
    files = {f"{folder}a.py": covered for folder in coverage_floor.WHOLE} | {"sync/guichet_sync/domain/delay.py": gap}
    return {"files": files, "totals": {"percent_covered": percent}}


def test_a_gap_in_the_core_is_named_by_its_lines() -> None:
    assert coverage_floor.problems_of(_coverage([], [], 95.0)) == []
    said = coverage_floor.problems_of(_coverage([3, 4, 9], [[7, -1]], 95.0))
    assert said == ["sync/guichet_sync/domain/delay.py: lines 3-4, 9; branches 7→exit"]


def test_too_little_overall_is_said() -> None:
    assert coverage_floor.problems_of(_coverage([], [], 89.9))[0] == "overall 89.9 %, at least 90 %"
