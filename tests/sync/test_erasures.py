"""What the law wants forgotten: told by the server, done by real posts, acknowledged by what they ask next."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from guichet_sync.central import erasure, instance
from guichet_sync.central.database import reading
from guichet_sync.central.snapshots import Snapshots
from tests.helpers.desk_world import World
from tests.helpers.world_checks import Truth, dumped, mirror_is_the_servers
from tests.helpers.world_people import CANARY, Case, Clerk


def _words(clerk: Clerk) -> set[str]:
    """The canary words on a post's disk, in whichever file."""
    store = clerk.desk.store
    kept = "".join(map(dumped, (store.public, store.people, store.work)))
    return set(re.findall(rf"{CANARY.lower()}\d{{6}}x", kept))


def _erase(town: World, case: Case, *, texts: bool) -> None:
    engine, kept = town.server.engine, Snapshots(town.server.engine, town.server.settings.snapshots)
    erasure.erase(engine, kept, case.provisional_number, "Demande 2026-14", datetime.now(UTC), texts=texts)


def _waiting(town: World) -> list[str]:
    """Who has not acknowledged yet, of the one erasure there is."""
    with reading(town.server.engine) as connection:
        (found,) = erasure.erasures(connection, instance.read(connection))
    return [each.person for each in found.waiting]


def test_what_is_erased_is_on_no_post_and_each_says_so(town: World) -> None:
    author, other = town.clerk("A"), town.clerk("B")
    case = author.captures()
    assert case is not None
    town.sync_all()
    other.joins(case)
    other.notes(case)
    town.sync_all()
    words = _words(author)
    assert len(words) == 4
    assert _words(other) == words
    _erase(town, case, texts=True)
    assert {author.desk.person.name, other.desk.person.name} <= set(_waiting(town))
    author.syncs()
    assert author.desk.person.name not in _waiting(town)
    assert other.desk.person.name in _waiting(town)
    other.syncs()
    town.sync_all()
    assert other.desk.person.name not in _waiting(town)
    truth = Truth.of(town.server.engine)
    for clerk in (author, other):
        assert _words(clerk) == set(), clerk
        mirror_is_the_servers(clerk, truth)
        seen = clerk.sees(case)
        assert seen is not None
        assert (seen.requester, seen.request.description, seen.request.timeline[-1].code) == (None, "", "erased")
