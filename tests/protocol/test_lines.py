"""Bodies of a snapshot's lines are taken as they came, as long as that is how everybody writes them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from guichet_sync.domain.errors import BadReply
from guichet_sync.protocol import codec
from guichet_sync.protocol.lines import entries
from guichet_sync.protocol.messages import FeedEntry, Operation

BODIES: list[dict[str, Any]] = [{"id": "é", "b": 1, "a": {"d": 2, "c": [None, "x"]}}, {"id": "2"}]
ENTRIES = [FeedEntry(rank, Operation.PUT, "weather", str(rank), 3, body=body) for rank, body in enumerate(BODIES)]


def _written(entry: FeedEntry, **style: bool) -> bytes:
    return json.dumps(codec.to_body(entry), **style).encode()  # type: ignore[arg-type]


@pytest.mark.parametrize("as_written", [codec.encode, _written, lambda entry: _written(entry, sort_keys=True)])
def test_whoever_wrote_them_their_bodies_are_canonical(as_written: object) -> None:
    lines = [as_written(entry) for entry in ENTRIES]  # type: ignore[operator]
    found = entries(lines)
    assert [codec.encode(each.body) for each in found] == [codec.canonical(body) for body in BODIES]
    assert [(each.seq, each.kind, each.id, each.revision, each.operation, each.intent) for each in found] == [
        (each.seq, each.kind, each.id, each.revision, each.operation, each.intent) for each in ENTRIES
    ]


@pytest.mark.parametrize("bad", [b"{}", b"", b"[]", b'{"seq":1,"operation":"put","kind":"k","id":"i","revision":1}'])
@pytest.mark.parametrize("place", [0, 1])
def test_a_line_that_is_no_entry_is_refused(bad: bytes, place: int) -> None:
    lines = [codec.encode(entry) for entry in ENTRIES]
    lines[place] = bad
    with pytest.raises(BadReply):
        assert entries(lines)[place].body is not None


@pytest.mark.parametrize("body", [b"null", b"[]", b"1", b'"x"'])
def test_a_body_that_is_no_object_is_refused(body: bytes) -> None:
    line = b'{"seq":1,"operation":"put","kind":"k","id":"i","revision":1,"body":' + body + b"}"
    with pytest.raises(BadReply):
        entries([codec.encode(ENTRIES[0]), line])


def test_no_lines_are_no_entries() -> None:
    assert entries([]) == []
