"""What the law wants forgotten leaves no word in the file. Told on files without encryption, where words could be seen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import text

from guichet_sync.domain.category import PlaceKind
from guichet_sync.domain.errors import NotEnrolled
from guichet_sync.domain.location import Location
from guichet_sync.protocol.messages import FeedEntry, Operation
from guichet_sync.protocol.records import RequesterOf
from guichet_sync.store.database import reading
from guichet_sync.store.keys import Key
from guichet_sync.store.post import PostStore
from guichet_sync.store.work_unit import drafts, work_unit
from tests.helpers.stores import NOW, capture, fiche, gone, mirrored_request, open_store, put, receive, somebody


@dataclass(frozen=True, slots=True, repr=False)
class _NoKey(Key):
    """No key at all: SQLCipher then keeps a plain file."""

    @property
    def pragma(self) -> str:
        return "PRAGMA key"


@pytest.fixture
def plain(profile: Path) -> Iterator[PostStore]:
    """The same files, tables and verbs, but for the encryption."""
    nothing = _NoKey(b"0" * 32)
    with closing(open_store(profile, post_key=nothing, person_key=nothing)) as store:
        assert not store.is_encrypted()
        yield store


def _holds(profile: Path, word: str) -> list[str]:
    return sorted(each.name for each in profile.rglob("*.db*") if word.encode() in each.read_bytes())


def _crowd(kind: str) -> list[FeedEntry]:
    """Other records, so that erasing one frees no whole page."""
    if kind == "request":
        return [put(kind, f"r{n}", mirrored_request(f"r{n}", description=f"rue {n}")) for n in range(60)]
    if kind == "requester":
        return [put(kind, f"r{n}/1", RequesterOf(f"r{n}", somebody(f"Nom {n}"))) for n in range(60)]
    if kind == "location":
        return [put(kind, f"A{n}", Location(f"A{n}", PlaceKind.ADDRESS, f"{n}, rue du Pont", 46.0, -72.9)) for n in range(60)]
    return [put(kind, f"F{n}", fiche(f"F{n}", f"Fiche {n}", body=f"<p>texte {n}</p>")) for n in range(60)]


ERASED = {
    "request": ("requests/TP", mirrored_request("x", description="zygomatique")),
    "requester": ("people/TP", RequesterOf("x", somebody("zygomatique"))),
    "location": ("places", Location("x", PlaceKind.ADDRESS, "1, rue zygomatique", 46.0, -72.9)),
    "article": ("kb", fiche("x", "zygomatique", body="<p>zygomatique</p>")),
}


@pytest.mark.parametrize("kind", ERASED)
def test_what_is_erased_leaves_no_word_in_any_file(plain: PostStore, profile: Path, kind: str) -> None:
    space, record = ERASED[kind]
    crowd = _crowd(kind)
    receive(plain, space, [*crowd[:30], put(kind, "x", record), *crowd[30:]])
    assert _holds(profile, "zygomatique")
    receive(plain, space, [put(kind, "x", record)])
    receive(plain, space, [gone(Operation.ERASE, kind, "x")])
    assert _holds(profile, "zygomatique") == []


def test_a_reader_that_stays_does_not_stop_an_erasure(plain: PostStore, profile: Path) -> None:
    receive(plain, "requests/TP", [put("request", "x", ERASED["request"][1])])
    with closing(open_store(profile, post_key=_NoKey(b"0" * 32), person_key=_NoKey(b"0" * 32))) as other:
        with other.people.connect() as reader:
            reader.execute(text("SELECT count(*) FROM request")).scalar()
            with plain.people.connect() as hasty:
                hasty.exec_driver_sql("PRAGMA busy_timeout = 1")
            receive(plain, "requests/TP", [gone(Operation.ERASE, "request", "x")])
        with reading(other.people) as connection:
            assert connection.execute(text("SELECT count(*) FROM request")).scalar() == 0
        receive(plain, "requests/TP", [gone(Operation.ERASE, "request", "y")])
    assert _holds(profile, "zygomatique") == []


def test_a_draft_that_was_discarded_leaves_no_word(plain: PostStore, profile: Path) -> None:
    with work_unit(plain) as work:
        work.save_draft("a", b"zygomatique", NOW)
        work.save_draft("b", b"autre", NOW)
    with work_unit(plain) as work:
        work.remove_draft("a")
    plain.close()
    assert drafts(plain) == (b"autre",)
    assert _holds(profile, "zygomatique") == []


def test_the_words_are_there_before(plain: PostStore, profile: Path) -> None:
    with pytest.raises(NotEnrolled):
        capture(plain, "zygomatique")
    receive(plain, "requests/TP", [put("request", "x", ERASED["request"][1])])
    assert _holds(profile, "zygomatique") == ["people.db-wal"]
