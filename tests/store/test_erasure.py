"""What the law wants forgotten leaves no word in the file. Told on files without encryption, where words could be seen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select, text

from guichet_sync.domain.category import PlaceKind
from guichet_sync.domain.errors import NotEnrolled
from guichet_sync.domain.intents import AddNote
from guichet_sync.domain.location import Location
from guichet_sync.protocol.messages import FeedEntry, IntentOutcome, IntentReceipt, Operation
from guichet_sync.protocol.records import RequesterOf
from guichet_sync.store import account, arrivals, chores, entries, outbox, schema, settled
from guichet_sync.store.database import reading, writing
from guichet_sync.store.keys import Key
from guichet_sync.store.post import PostStore
from guichet_sync.store.work_unit import drafts, work_unit
from tests.helpers.stores import (
    ENROLMENT,
    EPOCH,
    NOW,
    as_mirrored,
    capture,
    fiche,
    follow_up,
    gone,
    manifest,
    mirrored_request,
    open_store,
    page,
    put,
    receive,
    somebody,
)


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


def test_what_was_on_its_way_from_another_service_is_erased_with_the_request(plain: PostStore, profile: Path) -> None:
    known = put("request", "x", ERASED["request"][1])
    receive(plain, "requests/TP", [known])
    receive(plain, "requests/ENV", [known])
    receive(plain, "requests/ENV", [gone(Operation.ERASE, "request", "x")])
    assert _holds(profile, "zygomatique") == []


def _erase_and_die(store: PostStore) -> None:
    """All that an erasure is but for what follows its transaction: the post is killed there."""
    erasing = page("requests/TP", [gone(Operation.ERASE, "request", "x")], after=1)
    with writing(store.people) as connection:
        entries.take_in(connection, "requests/TP", erasing.entries)
        entries.move_cursor(connection, "requests/TP", EPOCH, 2)
        chores.note(connection, schema.people, erasing.entries)


def test_an_erasure_that_was_killed_half_way_is_finished_before_anything_else(plain: PostStore, profile: Path) -> None:
    receive(plain, "requests/TP", [put("request", "x", ERASED["request"][1])])
    plain.people.dispose()
    _erase_and_die(plain)
    with closing(open_store(profile, post_key=_NoKey(b"0" * 32), person_key=_NoKey(b"0" * 32))) as again:
        assert _holds(profile, "zygomatique")
        assert chores.run(again)
        assert _holds(profile, "zygomatique") == []
        assert chores.run(again)


def test_while_a_reader_keeps_what_was_erased_it_is_not_said_to_be_gone(plain: PostStore, profile: Path) -> None:
    receive(plain, "requests/TP", [put("request", "x", ERASED["request"][1])])
    with closing(open_store(profile, post_key=_NoKey(b"0" * 32), person_key=_NoKey(b"0" * 32))) as other:
        with other.people.connect() as reader:
            reader.execute(text("SELECT count(*) FROM request")).scalar()
            with plain.people.connect() as hasty:
                hasty.exec_driver_sql("PRAGMA busy_timeout = 1")
            _erase_and_die(plain)
            assert not chores.run(plain)
        assert chores.run(plain)
    assert _holds(profile, "zygomatique") == []


def test_what_only_arrives_from_another_service_is_erased_with_the_request(plain: PostStore, profile: Path) -> None:
    known = put("request", "x", ERASED["request"][1])
    arrivals.take_part(plain, manifest("requests/ENV", 9, [1, 1]), 0, [known])
    receive(plain, "requests/TP", [put("request", "x", mirrored_request("x"))])
    assert _holds(profile, "zygomatique")
    receive(plain, "requests/TP", [gone(Operation.ERASE, "request", "x")])
    assert _holds(profile, "zygomatique") == []


def test_what_the_post_had_settled_about_an_erased_request_goes_with_it(plain: PostStore, profile: Path) -> None:
    account.write(plain, ENROLMENT)
    intent = capture(plain, "zygomatique")
    other = capture(plain, "autre chose")
    outbox.seal(plain, [intent.intent_id, other.intent_id])
    outbox.record(plain, [IntentReceipt(each.intent_id, IntentOutcome.APPLIED) for each in (intent, other)])
    assert len(settled.settle(plain)) == 2
    receive(plain, "requests/TP", [put("request", intent.lane, as_mirrored(intent))])
    receive(plain, "people/TP", [gone(Operation.ERASE, "requester", f"{intent.lane}/1")])
    receive(plain, "requests/TP", [gone(Operation.ERASE, "request", intent.lane)])
    assert _holds(profile, "zygomatique") == []
    with reading(plain.work) as connection:
        assert connection.execute(select(schema.settled.c.lane)).scalars().all() == [other.lane]


def test_the_settled_work_about_a_request_whose_number_has_a_slash_goes_too(plain: PostStore, profile: Path) -> None:
    account.write(plain, ENROLMENT)
    about = [
        follow_up(plain, AddNote(request, text))
        for request, text in (("import-24/7", "zygomatique"), ("import-24", "autre chose"))
    ]
    outbox.seal(plain, [each.intent_id for each in about])
    outbox.record(plain, [IntentReceipt(each.intent_id, IntentOutcome.APPLIED) for each in about])
    assert len(settled.settle(plain)) == 2
    receive(plain, "people/TP", [gone(Operation.ERASE, "requester", "import-24/7/1")])
    receive(plain, "requests/TP", [gone(Operation.ERASE, "request", "import-24/7")])
    assert _holds(profile, "zygomatique") == []
    with reading(plain.work) as connection:
        assert connection.execute(select(schema.settled.c.lane)).scalars().all() == ["import-24"]


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
