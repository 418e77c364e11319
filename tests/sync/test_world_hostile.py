"""A server that says whatever it likes, thousands of times: the post's files stay what an honest server made them."""

from __future__ import annotations

import hashlib
import io
import json
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
import zstandard
from sqlalchemy import select, update

from guichet_sync.central import schema as central_schema
from guichet_sync.central.database import reading
from guichet_sync.client import courier, hints, transport
from guichet_sync.domain.errors import BadReply, GuichetError
from guichet_sync.domain.request import SyncState
from guichet_sync.protocol import codec
from guichet_sync.protocol.messages import Hint, IntentReceipts
from guichet_sync.store import boxes, health, mirror, outbox, schema
from guichet_sync.store import database as files
from tests.helpers.desk_world import World
from tests.helpers.hostile import any_lie, bombs
from tests.helpers.strictness import Records
from tests.helpers.world_checks import Truth, mirror_is_the_servers
from tests.helpers.world_people import Clerk
from tests.helpers.world_stage import Stage

SMALL = "requests/ENV"
_BETWEEN_LOOKS = 50
_SILENCE_S = 0.1
_PACKED = 0.02
"""How many of the replies are not what they say they are packed with, huge, or not there at all."""
Lie = Callable[[bytes], bytes]


@dataclass(slots=True)
class Campaign:
    """Lies to one post, each through one of the doors by which something comes in."""

    world: World
    clerk: Clerk
    other: Clerk
    chance: random.Random
    told: int = 0

    def run(self, times: int) -> None:
        """Tell so many lies; after some of them, the server is honest once, and all must be as if it had always been."""
        doors = [self.feed, self.manifest, self.parts, self.checksums, self.bucket, self.receipts, self.token, self.hints]
        for rank in range(times):
            self._tell(doors[rank % len(doors)] if rank % 97 else self.boxes)
            self._went_no_further()
            if rank % _BETWEEN_LOOKS == _BETWEEN_LOOKS - 1 or rank == times - 1:
                self._is_whole_again()

    def feed(self) -> None:
        """News."""
        self._forget(SMALL)
        self._plan("/v1/feed", times=3)
        self._exchange()

    def manifest(self) -> None:
        """What a snapshot is said to be."""
        self._forget(SMALL)
        self.world.faults.rewrite_next("/v1/feed", _as_snapshot)
        self._plan("/v1/snapshots", times=3)
        self._exchange()

    def parts(self) -> None:
        """A snapshot itself; each second time its digests are right, so that only what is in it can be found wrong."""
        self._forget(SMALL)
        self.world.faults.rewrite_next("/v1/feed", _as_snapshot)
        if self.chance.random() < 0.5:
            self._plan("/v1/snapshot-files")
        else:
            lying = _LyingSnapshot(self.world.server.settings.snapshots, self._lie())
            self.world.faults.rewrite_next("/v1/snapshots", lying.manifest)
            self.world.faults.rewrite_next("/v1/snapshot-files", lying.file)
        self._exchange()

    def checksums(self) -> None:
        """What a space is said to hold."""
        self._compare_again(SMALL)
        self._plan("/v1/checksums", times=2)
        self._exchange()

    def bucket(self) -> None:
        """A bucket that is fetched because it differs."""
        self._compare_again(SMALL)
        self._damage_one(SMALL)
        self._plan("/v1/bucket", times=2)
        self._exchange()

    def receipts(self) -> None:
        """What became of a capture: it stays here unless the server said that it has it."""
        assert self.clerk.captures("ENV") is not None
        intent = self.clerk.deeds[-1].intent.intent_id
        said: list[bytes] = []
        lie = self._lie()

        def told(body: bytes) -> bytes:
            said.append(lie(body))
            return said[-1]

        self.world.faults.rewrite_next("/v1/intents", told)
        self.world.fail_with(503, "/v1/feed")
        self._exchange()
        waiting = {each.intent_id for each in outbox.items(self.clerk.desk.store) if each.state is not SyncState.ACCEPTED}
        assert intent in waiting or any(_names(each, intent) for each in said)

    def token(self) -> None:
        """A token, and who answers."""
        self.world.faults.refuse_next("/v1/feed", 401, code="token_expired")
        self._plan(self.chance.choice(["/v1/tokens", "/v1/hello"]), times=2)
        self._exchange()

    def hints(self) -> None:
        """What moves, they say."""
        honest = b": here\n\ndata: " + codec.encode(Hint({SMALL: 15, "kb": 3})) + b"\n\n"
        stream = self._lie()(honest * 3)
        with suppress(BadReply):
            for heads in hints.read([stream[:40], stream[40:]]):
                assert all(isinstance(seq, int) for seq in heads.values())

    def boxes(self) -> None:
        """What became of somebody else's box."""
        assert self.other.captures("ENV") is not None
        for box in courier.sealed(self.other.desk.store, self.other.post.moment()):
            boxes.add(self.clerk.desk.store.folder, box)
        self._plan("/v1/courier")
        self._exchange()

    def _tell(self, door: Callable[[], None]) -> None:
        self.world.faults.heal()
        door()
        self.told += 1

    def _plan(self, path: str, times: int = 1) -> None:
        if self.chance.random() > _PACKED:
            self.world.faults.rewrite_next(path, self._lie(), times=times)
            return
        if self.chance.random() < 0.2:
            self.world.faults.hold_next(path)
            return
        headers, body = self.chance.choice(list(bombs().values()))
        self.world.faults.answer_next(path, body, 200, headers, times=times)

    def _lie(self) -> Lie:
        lie = any_lie(self.chance, (SMALL, "requests/TP", "people/ENV", "kb", "s.0", "put", "request", "requester", "applied"))

        def told(body: bytes) -> bytes:
            try:
                return lie(body)
            except ValueError:  # no JSON: a snapshot's file
                return body[: len(body) // 2]

        return told

    def _exchange(self) -> None:
        with suppress(GuichetError):
            self.clerk.syncs()

    def _forget(self, space: str) -> None:
        mirror.forget(self.clerk.desk.store, space)

    def _compare_again(self, space: str | None = None) -> None:
        for engine, metadata in ((self.clerk.desk.store.public, schema.public), (self.clerk.desk.store.people, schema.people)):
            table = schema.cursor_of(metadata)
            again = update(table).values(compared_at="")
            with files.writing(engine) as connection:
                connection.execute(again if space is None else again.where(table.c.space == space))

    def _damage_one(self, space: str) -> None:
        held = schema.people.tables["held"]
        with files.writing(self.clerk.desk.store.people) as connection:
            some = connection.execute(select(held.c.id).where(held.c.space == space).limit(1)).scalar()
            connection.execute(update(held).where(held.c.id == some).values(digest=held.c.digest + 1))

    def _went_no_further(self) -> None:
        """No cursor is beyond what there is to read."""
        space = central_schema.space
        with reading(self.world.server.engine) as connection:
            heads = dict(connection.execute(select(space.c.space, space.c.head)).all())
        for cursor in mirror.cursors(self.clerk.desk.store):
            assert 0 <= cursor.seq <= heads.get(cursor.space, 0), cursor

    def _is_whole_again(self) -> None:
        """One honest exchange, in which all is compared, and nothing is left of any lie."""
        self.world.faults.heal()
        self._compare_again()
        result = self.clerk.syncs()
        assert result is not None
        assert result.failure is None, result.failure
        mirror_is_the_servers(self.clerk, Truth.of(self.world.server.engine))
        assert all(each.sound for each in health.files(self.clerk.desk.store))


@dataclass(slots=True)
class _LyingSnapshot:
    """A snapshot that says something else, and is announced as such."""

    folder: Path
    lie: Lie
    packed: bytes = b""

    def manifest(self, body: bytes) -> bytes:
        """The announcement."""
        said = json.loads(body)
        (made,) = self.folder.glob(f"*{said['digest']}.zst")
        lines = zstandard.ZstdDecompressor().stream_reader(io.BytesIO(made.read_bytes())).read().splitlines()
        changed = self.lie(json.dumps([json.loads(line) for line in lines]).encode())
        try:
            lines = [json.dumps(each).encode() for each in json.loads(changed)]
        except (ValueError, TypeError):
            lines = [changed]
        self.packed = zstandard.compress(b"\n".join([*lines, b""]))
        part = {"bytes": len(self.packed), "records": len(lines), "digest": hashlib.sha256(self.packed).hexdigest()}
        return json.dumps(said | {"parts": [part]}).encode()

    def file(self, _body: bytes) -> bytes:
        """The file."""
        return self.packed


def _as_snapshot(body: bytes) -> bytes:
    said = json.loads(body)
    for page in said.get("pages", ()):
        page |= {"snapshot": True, "entries": [], "next": page["after"]}
    return json.dumps(said).encode()


def _names(said: bytes, intent: str) -> bool:
    """Whether this is a reply that gives a receipt of the intent."""
    try:
        return intent in {each.intent_id for each in codec.decode(said, IntentReceipts).receipts}
    except BadReply:
        return False


@contextmanager
def campaign(stage: Stage, folder: Path, monkeypatch: pytest.MonkeyPatch, seed: int) -> Iterator[Campaign]:
    """A post that believed its server so far, and has little patience."""
    monkeypatch.setattr(transport, "READ_S", _SILENCE_S)
    with stage.world(folder) as world:
        clerk, other = world.clerk("A"), world.clerk("B")
        world.sync_all()
        yield Campaign(world, clerk, other, random.Random(seed))
        world.faults.heal()
        world.sync_all()


def test_hundreds_of_lies_leave_no_trace(
    sqlite_stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, expected_logs: Records
) -> None:
    with campaign(sqlite_stage, tmp_path, monkeypatch, 1976) as lies:
        lies.run(150)
    assert all("differs in" in line or "is not what its sums say" in line for line in expected_logs.lines), expected_logs.lines


@pytest.mark.full
def test_thousands_of_lies_leave_no_trace(
    sqlite_stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, expected_logs: Records
) -> None:
    with campaign(sqlite_stage, tmp_path, monkeypatch, random.randrange(2**32)) as lies:
        lies.run(5_000)
    assert all("differs in" in line or "is not what its sums say" in line for line in expected_logs.lines)
