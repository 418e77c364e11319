"""Sealed boxes in a file: what brings a post's work to another one where there is no network, read within bounds."""

from __future__ import annotations

import stat
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from guichet_sync.client import carrying, clock, courier
from guichet_sync.domain.errors import AnotherServer, InvalidInput, NotFound
from guichet_sync.domain.request import SyncState
from guichet_sync.protocol import codec
from guichet_sync.store import account, boxes, outbox
from guichet_sync.store.boxes import Box
from guichet_sync.store.work_unit import work_unit
from tests.helpers.central import SECOND_AGENT
from tests.helpers.desk_world import DeskWorld

CANARY = "zygomatique"


@pytest.fixture
def new_post(world: DeskWorld, tmp_path: Path) -> Iterator[DeskWorld]:
    """Another post of the city, where a colleague sits."""
    with DeskWorld.enrolled(tmp_path / "other", world.server, world.faults, SECOND_AGENT) as made:
        yield made


def test_a_file_brings_a_posts_work_to_another_one(world: DeskWorld, new_post: DeskWorld, tmp_path: Path) -> None:
    captured = [world.capture(CANARY) for _ in range(3)]
    file = tmp_path / "usb" / "boxes"
    file.parent.mkdir()
    assert carrying.export(world.desk.store, file, clock.now()) == 3
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert CANARY.encode() not in file.read_bytes()
    with work_unit(world.desk.store) as work:
        assert not work.withdraw(captured[0].intent_id)  # what travels never changes

    assert carrying.take(new_post.desk.store, file) == carrying.Imported(3, 0)
    assert carrying.take(new_post.desk.store, file) == carrying.Imported(3, 0)
    assert new_post.exchange().delivered == 3
    assert [world.at_server(each) for each in captured] == [1, 1, 1]
    assert world.exchange().accepted == 3
    assert [(world.seen(each), world.at_server(each)) for each in captured] == [(1, 1)] * 3


def test_a_hostile_file_is_read_within_bounds(world: DeskWorld, tmp_path: Path) -> None:
    file, store = tmp_path / "boxes", world.desk.store
    header = codec.encode(carrying.Header("guichet-boxes", 1, account.read(store).instance)) + b"\n"
    key = account.read(store).sealing_key
    good = codec.encode(Box(1, key, "Ym94")) + b"\n"
    boxed = [Box(1, "Ym94", "Ym94"), Box(1, "../../x", "Ym94"), Box(1, key, ""), Box(1, key, "%%%"), Box(2**60, key, "Ym94")]
    bad = [b"\n", b"{}\n", b"[" * 200_000 + b"\n", b"\xff\xfe\n", *(codec.encode(each) + b"\n" for each in boxed)]
    file.write_bytes(header + b"".join(bad) + good)
    assert carrying.take(store, file) == carrying.Imported(1, len(bad))
    assert len(boxes.names(world.profile.folder)) == 1
    file.write_bytes(header + codec.encode(Box(1, key, "A" * 3_000_000)) + b"\n" + good)
    assert carrying.take(store, file).imported == 1
    file.write_bytes(header + b"\n" * 100_000)
    assert carrying.take(store, file).skipped == 2 * boxes.MOST_BOXES


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n",
        b"not json",
        b'{"format":"x","version":1,"instance":"i"}',
        b'{"format":"guichet-boxes","version":2,"instance":"i"}',
    ],
)
def test_a_file_of_something_else_is_refused(world: DeskWorld, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "boxes"
    file.write_bytes(content)
    with pytest.raises(InvalidInput, match="boxes_file_form"):
        carrying.take(world.desk.store, file)


def test_a_file_for_another_server_is_refused(world: DeskWorld, tmp_path: Path) -> None:
    file = tmp_path / "boxes"
    file.write_bytes(codec.encode(carrying.Header("guichet-boxes", 1, "another")))
    with pytest.raises(AnotherServer, match="boxes_of_another_server"):
        carrying.take(world.desk.store, file)
    with pytest.raises(InvalidInput, match="file_unreadable"):
        carrying.take(world.desk.store, tmp_path)


def test_without_keys_there_is_nothing_to_export(world: DeskWorld, tmp_path: Path) -> None:
    account.change(world.desk.store, sealing_key="")
    world.capture()
    with pytest.raises(NotFound, match="no_sealing_key"):
        carrying.export(world.desk.store, tmp_path / "boxes", clock.now())
    assert outbox.items(world.desk.store)[0].state is SyncState.WAITING


def test_a_folder_of_more_than_fits_in_memory_is_read_box_by_box(world: DeskWorld) -> None:
    key, count, size = account.read(world.desk.store).sealing_key, 20, boxes.MAX_BOX_CHARS
    for rank in range(count):
        boxes.add(world.profile.folder, Box(-rank, key, f"{rank:04d}".ljust(size, "A")))
    tracemalloc.start()
    try:
        ranks = [box.rank for box in courier.others(world.desk.store)]
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert ranks == sorted(ranks)
    assert (len(ranks), peak < count * size / 2) == (count, True)


def test_a_box_under_another_name_is_left_alone(world: DeskWorld, new_post: DeskWorld) -> None:
    world.capture()
    world.server.stop()
    world.exchange()
    world.server.start()
    (box,) = world.profile.folder.courier.iterdir()
    there = new_post.profile.folder.courier
    there.mkdir()
    (there / "another.sealed").write_bytes(box.read_bytes())
    assert new_post.exchange().delivered == 0
    (there / box.name).write_bytes(box.read_bytes())
    assert new_post.exchange().delivered == 1
    assert [each.name for each in there.iterdir()] == ["another.sealed"]
