"""Mirrors are worth nothing: whatever happens to them, the next exchange brings them back and what waits is sent."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from guichet_desktop.desk import capture, drafts, enrolment, lookup
from guichet_desktop.desk.desk import Desk
from guichet_sync.central.demo import PASSWORD
from guichet_sync.domain.location import Whereabouts
from guichet_sync.domain.request import Channel, SyncState
from guichet_sync.domain.words import Language
from guichet_sync.store import catalogue, outbox
from guichet_sync.store.database import damage_mark
from tests.helpers.central import AGENT, CentralServer
from tests.helpers.posts import exchanged, new_profile


def _captured(desk: Desk) -> str:
    category = next(each for each in catalogue.categories(desk.store) if not any(q.required for q in each.questions))
    draft = drafts.new(desk, Channel.PHONE)
    where = Whereabouts(label="devant l’école")
    filled = drafts.Draft(draft.id, category=category.code, where=where, description="odeur", interaction_id=draft.interaction_id)
    return capture.submit(desk, filled).provisional_number


def _removed(path: Path) -> None:
    for each in path.parent.glob(f"{path.name}*"):
        each.unlink()


def _damaged(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:2_000])


def _marked(path: Path) -> None:
    damage_mark(path).touch()


@pytest.mark.parametrize("harm", [_removed, _damaged, _marked])
def test_a_mirror_comes_back_and_nothing_that_waits_is_lost(
    central: CentralServer, tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    profile = new_profile(tmp_path / "post")
    with closing(enrolment.enrol(profile, central.url, AGENT, PASSWORD)) as desk:
        assert exchanged(desk).failure is None
        before = catalogue.figures(desk.store)
        number = _captured(desk)
        public, people, _work = desk.store.files
    for path in (public, people):
        harm(path)
    with closing(enrolment.open_desk(profile)) as desk:
        assert catalogue.figures(desk.store).articles == 0
        assert lookup.request(desk, number).sync_state is SyncState.WAITING
        result = exchanged(desk)
        assert (result.failure, result.accepted) == (None, 1)
        after = catalogue.figures(desk.store)
        assert (after.articles, after.categories, after.addresses) == (before.articles, before.categories, before.addresses)
        assert after.requests == before.requests + 1
        assert outbox.items(desk.store) == ()
        assert lookup.request(desk, number).request.number
        assert lookup.search(desk, "deneigement", Language.FR).hits
