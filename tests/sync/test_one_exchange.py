"""What one exchange asks and writes: no question too many, and what it says of itself waits for no disk."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import text

from guichet_sync.store import account
from guichet_sync.store.database import reading
from tests.helpers.desk_world import DeskWorld, World

FEED = "/v1/feed"


def _asked(town: World, name: str) -> int:
    """How many questions about news one exchange of this clerk's needs."""
    before = town.faults.count(FEED)
    result = town.clerk(name).syncs()
    assert result is not None
    assert result.failure is None
    return town.faults.count(FEED) - before


def test_one_change_is_brought_by_one_question(town: World) -> None:
    town.sync_all()
    case = town.clerk("A").captures()
    assert case is not None
    assert _asked(town, "A") == 1
    assert _asked(town, "B") == 1
    assert town.clerk("B").sees(case) is not None
    assert _asked(town, "B") == 1


def test_what_went_is_acknowledged_in_the_same_exchange(town: World) -> None:
    case = town.clerk("A").captures()
    assert case is not None
    town.sync_all()
    town.clerk("A").transfers(case, "ENV")
    assert _asked(town, "A") == 2
    assert _asked(town, "B") == 2


def test_an_exchange_leaves_what_is_written_after_it_as_durable_as_before(world: DeskWorld) -> None:
    at = datetime(2026, 11, 25, 12, tzinfo=UTC)
    account.confirm(world.desk.store, at)
    assert account.read(world.desk.store).last_exchange_at == at
    with reading(world.desk.store.work) as connection:
        assert connection.execute(text("PRAGMA synchronous")).scalar_one() == 2
