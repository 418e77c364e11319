from __future__ import annotations

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest
import zstandard
from sqlalchemy import Engine

from guichet_sync.central import instance, snapshots
from guichet_sync.central.database import open_engine, writing
from guichet_sync.central.publish import Change, Publication
from guichet_sync.central.snapshots import KEPT_S, Snapshots
from guichet_sync.domain.article import Article, ArticleText
from guichet_sync.domain.spaces import KNOWLEDGE, PLACES, requests_space
from guichet_sync.protocol import codec
from guichet_sync.protocol.messages import FeedEntry, Operation, SnapshotManifest
from tests.helpers.central import AGENT, SUPERVISOR, CentralServer
from tests.helpers.wire import SOMEBODY, Post, code_of


def _publish(engine: Engine, *titles: str, code: str = "") -> None:
    """Fiches whose revision tells how often they changed."""
    with writing(engine) as connection:
        publication = Publication(connection, instance.read(connection).tenant)
        changes = [Change(KNOWLEDGE, "article", code or title, Article(code or title, ArticleText(title))) for title in titles]
        publication.put(changes)
        publication.commit_order()


def _entries(data: bytes) -> list[FeedEntry]:
    return [codec.decode(line, FeedEntry) for line in _unpacked(data).splitlines()]


def _unpacked(data: bytes) -> bytes:
    return zstandard.ZstdDecompressor().decompressobj(read_across_frames=True).decompress(data)


def test_a_snapshot_is_what_its_manifest_says(any_central: CentralServer) -> None:
    post = Post.enrol(any_central.url, AGENT)
    manifest = post.manifest(PLACES)
    data = post.get(f"/v1/snapshot-files/{manifest.digest}").content
    assert (codec.digest(data), len(data)) == (manifest.digest, manifest.bytes)
    entries = _entries(data)
    assert len(entries) == manifest.records > 2_785
    assert [entry.seq for entry in entries] == list(range(1, manifest.records + 1))
    assert all(entry.body for entry in entries)
    assert post.manifest(PLACES) == manifest
    assert post.page(PLACES, manifest.seq) == ()


def test_each_part_stands_alone(city_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "PART_LINES", 700)
    made = Snapshots(city_engine, tmp_path)
    manifest = made.manifest(PLACES)
    data, ranks = made.file(manifest.digest, [PLACES]).read_bytes(), []
    for part in manifest.parts:
        mine, data = data[: part.bytes], data[part.bytes :]
        assert codec.digest(mine) == part.digest
        lines = zstandard.ZstdDecompressor().decompress(mine).splitlines()
        assert len(lines) == part.records <= 700
        ranks += [codec.decode(line, FeedEntry).seq for line in lines]
    assert data == b""
    assert ranks == list(range(1, manifest.records + 1))
    assert len(manifest.parts) == 4


def test_a_part_is_closed_before_it_is_too_large(new_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = open_engine(new_url)
    monkeypatch.setattr(snapshots, "PART_BYTES", 10_000)
    _publish(engine, *(f"{rank} " + "a" * (900 + 4_000 * (rank == 5)) for rank in range(9)))
    manifest = Snapshots(engine, tmp_path).manifest(KNOWLEDGE)
    assert [part.records for part in manifest.parts] == [3, 2, 1, 3]
    engine.dispose()


def test_a_space_of_which_nothing_is_left_has_a_file_without_lines(city_engine: Engine, tmp_path: Path) -> None:
    made = Snapshots(city_engine, tmp_path)
    manifest = made.manifest(requests_space("ABC"))
    assert (manifest.records, len(manifest.parts)) == (0, 1)
    assert _entries(made.file(manifest.digest, [requests_space("ABC")]).read_bytes()) == []


def test_a_broken_download_goes_on_where_it_stopped(any_central: CentralServer) -> None:
    post = Post.enrol(any_central.url, AGENT)
    manifest = post.manifest(PLACES)
    path = f"/v1/snapshot-files/{manifest.digest}"
    middle = manifest.bytes // 2
    first = post.get(path, headers={"Range": f"bytes=0-{middle - 1}"})
    rest = post.get(path, headers={"Range": f"bytes={middle}-"})
    assert (first.status_code, rest.status_code) == (206, 206)
    assert codec.digest(first.content + rest.content) == manifest.digest
    assert post.get(path, headers={"Range": f"bytes={manifest.bytes}-"}).status_code == 416


def test_people_s_snapshot_is_not_served_to_who_knows_its_digest(any_central: CentralServer) -> None:
    agent, supervisor = Post.enrol(any_central.url, AGENT), Post.enrol(any_central.url, SUPERVISOR)
    agent.send(agent.capture(requester=SOMEBODY))
    manifest = agent.manifest("people/TP")
    path = f"/v1/snapshot-files/{manifest.digest}"
    assert SOMEBODY.name in _unpacked(agent.get(path).content).decode()
    refused = supervisor.get(path)
    assert (refused.status_code, code_of(refused)) == (404, "snapshot_not_found")
    assert code_of(supervisor.get("/v1/snapshots", params={"space": "people/TP"})) == "not_allowed"


@pytest.mark.parametrize("digest", ["0" * 64, "..%2F..%2Fcentral.db", "*", "%00", "[a-f]"])
def test_no_other_file_is_served(central: CentralServer, digest: str) -> None:
    post = Post.enrol(central.url, AGENT)
    post.manifest(PLACES)
    assert post.get(f"/v1/snapshot-files/{digest}").status_code == 404


def test_a_snapshot_made_while_writers_write_is_of_one_instant(new_url: str, tmp_path: Path) -> None:
    engine = open_engine(new_url)
    done = Event()

    def write() -> None:
        rank = 0
        while not done.is_set():
            rank += 1
            _publish(engine, f"Premier {rank}", code="A")
            _publish(engine, f"Second {rank}", code="B")

    _publish(engine, "Premier", code="A")
    _publish(engine, "Second", code="B")
    with ThreadPoolExecutor(1) as writer:
        running = writer.submit(write)
        try:
            for rank in range(12):
                made = Snapshots(engine, tmp_path / str(rank))
                manifest = made.manifest(KNOWLEDGE)
                first, second = _entries(made.file(manifest.digest, [KNOWLEDGE]).read_bytes())
                assert manifest.seq == first.revision + second.revision
                assert first.revision - second.revision in (0, 1)
        finally:
            done.set()
        running.result()
    engine.dispose()


def test_several_processes_that_make_one_snapshot_at_once_serve_one_that_is_whole(city_url: str, tmp_path: Path) -> None:
    engine = open_engine(city_url)
    workers = [Snapshots(engine, tmp_path / "snapshots") for _ in range(4)]
    with ThreadPoolExecutor(8) as threads:
        manifests = set(threads.map(lambda rank: workers[rank % 4].manifest(PLACES), range(8)))
    (manifest,) = manifests
    for worker in workers:
        assert codec.digest(worker.file(manifest.digest, [PLACES]).read_bytes()) == manifest.digest
    left = {path.suffix for path in (tmp_path / "snapshots").iterdir()}
    assert left == {".zst", ".json", ".lock"}
    engine.dispose()


def test_a_replaced_snapshot_stays_for_who_is_still_fetching_it(
    city_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "SNAPSHOT_BEYOND", 2)
    made = Snapshots(city_engine, tmp_path)
    old = made.manifest(KNOWLEDGE)
    _publish(city_engine, "Un", "Deux")
    assert made.manifest(KNOWLEDGE) == old
    _publish(city_engine, "Trois")
    new = made.manifest(KNOWLEDGE)
    assert new.seq == old.seq + 3
    old_file = made.file(old.digest, [KNOWLEDGE])
    assert hashlib.sha256(old_file.read_bytes()).hexdigest() == old.digest
    os.utime(old_file, (0, old_file.stat().st_mtime - KEPT_S - 60))
    _publish(city_engine, "Quatre", "Cinq", "Six")
    made.manifest(KNOWLEDGE)
    assert not old_file.exists()
    assert made.file(new.digest, [KNOWLEDGE]).exists()


def test_after_a_restore_or_a_loss_another_snapshot_is_made(city_engine: Engine, tmp_path: Path) -> None:
    made = Snapshots(city_engine, tmp_path)
    before = made.manifest(KNOWLEDGE)
    with writing(city_engine) as connection:
        instance.count_restore(connection)
    after = made.manifest(KNOWLEDGE)
    assert after.epoch != before.epoch
    made.file(after.digest, [KNOWLEDGE]).unlink()
    assert made.manifest(KNOWLEDGE).digest == after.digest
    (tmp_path / "kb.json").write_text("{")
    assert made.manifest(KNOWLEDGE).digest == after.digest


def test_a_snapshot_that_can_not_be_written_leaves_nothing_behind(
    city_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Snapshots(city_engine, tmp_path / "snapshots")

    def full(*_arguments: object) -> SnapshotManifest:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space"):
        made.manifest(KNOWLEDGE)
    assert [path.name for path in (tmp_path / "snapshots").iterdir()] == ["kb.lock"]


def test_a_removed_fiche_is_not_in_the_snapshot(city_engine: Engine, tmp_path: Path) -> None:
    with writing(city_engine) as connection:
        publication = Publication(connection, instance.read(connection).tenant)
        publication.put([Change(KNOWLEDGE, "article", "COL-001", None)])
        publication.commit_order()
    made = Snapshots(city_engine, tmp_path)
    manifest = made.manifest(KNOWLEDGE)
    entries = _entries(made.file(manifest.digest, [KNOWLEDGE]).read_bytes())
    assert "COL-001" not in {entry.id for entry in entries}
    assert manifest.records == 69


def test_no_snapshot_from_before_an_erasure_is_begun_with(city_engine: Engine, tmp_path: Path) -> None:
    made = Snapshots(city_engine, tmp_path)
    before = made.manifest(KNOWLEDGE)
    with writing(city_engine) as connection:
        publication = Publication(connection, instance.read(connection).tenant)
        publication.put([Change(KNOWLEDGE, "article", "COL-001", None, Operation.ERASE)])
        publication.commit_order()
    after = made.manifest(KNOWLEDGE)
    assert (after.seq, after.records) == (before.seq + 1, before.records - 1)
    assert made.manifest(KNOWLEDGE) == after
