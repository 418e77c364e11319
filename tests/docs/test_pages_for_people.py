"""The pages for agents and city IT say what the program says: its keys, states, roles and imports."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from guichet_desktop.actions import ACTIONS
from guichet_sync.central.cli import IMPORTS
from guichet_sync.domain.request import RequestStatus, SyncState
from guichet_sync.domain.spaces import CAPTURING_ROLES, Role, readable_spaces
from guichet_sync.domain.words import Language
from guichet_sync.store.folders import ProfileFolder
from guichet_sync.wording.desk_words import FRESHNESS, STATUS, SYNC_STATE
from tests.tooling import key_tables
from tests.tooling.documents import section
from tests.tooling.tree import ROOT
from tests.tooling.typography import flaws

DOCS = ROOT / "docs"
_REACH = {"the whole city": 2, "toute la ville": 2, "own service": 1, "son service": 1, "none": 0, "aucun": 0}
_CODE = re.compile(r"```.*?```|`[^`\n]*`|\]\([^)]*\)", re.DOTALL)


def _page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def _table(page: str, heading: str) -> list[list[str]]:
    """The rows of the one table of a section."""
    lines = [line for line in section(page, heading).splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip("|"))] for line in lines[2:]]


@pytest.mark.parametrize(("name", "heading"), [("ADMIN.md", "Users and roles"), ("fr/ADMIN.md", "Comptes et rôles")])
def test_each_role_is_told_with_what_it_may_read(name: str, heading: str) -> None:
    rows = {Role(row[0].strip("`")): row[2:] for row in _table(_page(name), heading)}
    assert rows.keys() == set(Role)
    for role, (requests, people, captures) in rows.items():
        spaces = readable_spaces(role, "TP", ["TP", "ENV"])
        assert sum(each.startswith("requests/") for each in spaces) == _REACH[requests], role
        assert sum(each.startswith("people/") for each in spaces) == _REACH[people], role
        assert (role in CAPTURING_ROLES) == (captures in ("yes", "oui")), role


@pytest.mark.parametrize(("name", "heading"), [("ADMIN.md", "Imports"), ("fr/ADMIN.md", "Importer")])
def test_every_import_is_told_with_an_example(name: str, heading: str) -> None:
    assert {row[0].strip("`") for row in _table(_page(name), heading)} == set(IMPORTS)


@pytest.mark.parametrize(("name", "heading"), [("ADMIN.md", "Which data is where"), ("fr/ADMIN.md", "Quelles données sont où")])
def test_every_file_of_a_profile_is_told(name: str, heading: str) -> None:
    folder = ProfileFolder(Path("profile"))
    person = folder.person("<id>")
    files = (folder.public, folder.keys, folder.settings, folder.log, folder.courier, person.people, person.work)
    told = {row[0].strip("`").rstrip("/") for row in _table(_page(name), heading)}
    assert told == {each.relative_to(folder.path).as_posix() for each in files}


def test_agents_are_told_every_key_in_french_and_in_english() -> None:
    assert key_tables.problems() == []
    (row,) = [line for line in _page("fr/AGENTS.md").splitlines() if line.startswith("| Ctrl+Entrée |")]
    assert row == "| Ctrl+Entrée | Enregistrer | Accueil |"
    (row,) = [line for line in _page("AGENTS.md").splitlines() if line.startswith("| Alt+1 to Alt+8 |")]
    assert row == "| Alt+1 to Alt+8 | Choose an article (*Choisir une fiche*) | Home |"


def test_a_table_of_keys_that_drifts_is_seen() -> None:
    page = _page("AGENTS.md")
    assert key_tables.rewritten(page, key_tables.table(Language.EN, ACTIONS[1:])) != page
    with pytest.raises(ValueError, match="no place"):
        key_tables.rewritten("# A page\n", "")


@pytest.mark.parametrize("name", ["AGENTS.md", "fr/AGENTS.md"])
def test_agents_are_told_every_state_they_can_see(name: str) -> None:
    seen = {SYNC_STATE[state] for state in SyncState if state is not SyncState.SETTLED}
    seen |= {STATUS[status] for status in RequestStatus} | set(FRESHNESS.values())
    page = re.sub(r"[ \n]+", " ", _page(name))
    assert [each for each in sorted(seen) if each not in page] == []


@pytest.mark.parametrize("name", ["AGENTS.md", "fr/AGENTS.md"])
def test_the_page_for_agents_is_one_page_and_its_keys(name: str) -> None:
    assert len(key_tables.without_table(_page(name)).split()) < 1_000


def test_french_pages_are_typeset() -> None:
    for path in sorted((DOCS / "fr").glob("*.md")):
        lines = _CODE.sub("code", path.read_text(encoding="utf-8")).splitlines()
        assert [(path.name, line, flaws(line)) for line in lines if not line.startswith("| ---") and flaws(line)] == []


def test_every_decision_stands_in_the_index_under_its_number() -> None:
    folder = DOCS / "decisions"
    index = (folder / "README.md").read_text(encoding="utf-8")
    for path in sorted(folder.glob("0*.md")):
        number, title = path.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ").split(" ", 1)
        assert path.name.startswith(f"{number}-")
        assert f"| [{number}]({path.name}) | {title} |" in index


def test_every_decision_gives_its_context_and_consequences() -> None:
    for path in sorted((DOCS / "decisions").glob("0*.md")):
        text = path.read_text(encoding="utf-8")
        assert [part for part in ("**Context.**", "**Decision.**", "**Consequences.**") if part not in text] == [], path.name


def test_every_word_of_the_glossary_is_one_of_the_code() -> None:
    rows = [line for line in _page("glossary.md").splitlines() if line.startswith("| ")]
    names = {name.split(".")[-1] for row in rows for name in re.findall(r"`([^`]+)`", row.split("|")[3])}
    source = "\n".join(path.read_text(encoding="utf-8") for path in ROOT.glob("*/guichet_*/**/*.py"))
    assert len(names) > 30
    assert [name for name in sorted(names) if not re.search(rf"\b{re.escape(name)}\b", source)] == []
