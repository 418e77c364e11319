"""Replies that no honest server gives, made of ones that it gave."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import zstandard
from hypothesis import strategies as st

Headers = dict[str, str]

_DROP = -2
_DEEP: Any = []
for _ in range(600):
    _DEEP = [_DEEP]
_WRONG: list[Any] = [
    None,
    True,
    -1,
    0,
    2**53 + 1,
    2**63,
    10**30,
    -1e308,
    1e308,
    "",
    "\x00",
    "x" * 100_000,
    "../../..",
    "漢\r\nX-Y: z",
    "people/ENV",
    "requests/NULLE-PART",
    "kb",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "put",
    "erase",
    [],
    {},
    _DEEP,
    [{}] * 50,
]
_BOMB = bytes(100_000_000)


@cache
def bombs() -> dict[str, tuple[Headers, bytes]]:
    """Small bodies that are huge once unpacked, and bodies that are not what they say they are packed with."""
    return {
        "zstd bomb": ({"Content-Encoding": "zstd"}, zstandard.compress(_BOMB)),
        "gzip bomb": ({"Content-Encoding": "gzip"}, gzip.compress(_BOMB, 1)),
        "zstd of nothing": ({"Content-Encoding": "zstd"}, b""),
        "zstd of noise": ({"Content-Encoding": "zstd"}, b"\x28\xb5\x2f\xfd" + b"noise" * 99),
        "zstd cut": ({"Content-Encoding": "zstd"}, zstandard.compress(b'{"instance": "x"}' * 99)[:-9]),
        "gzip of noise": ({"Content-Encoding": "gzip"}, b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03" + b"noise" * 99),
        "gzip cut": ({"Content-Encoding": "gzip"}, gzip.compress(b'{"instance": "x"}' * 99)[:-9]),
        "gzip header alone": ({"Content-Encoding": "gzip"}, b"\x1f\x8b"),
        "an unknown packing": ({"Content-Encoding": "br, x-none"}, b'{"instance": "x"}'),
        "not text": ({}, b"\xff\xfe\x00"),
        "no JSON": ({}, b"<html></html>"),
        "nothing": ({}, b""),
        "too deep": ({}, b"[" * 200_000),
        "too large": ({}, b" " * (64 * 1024 * 1024 + 1)),
    }


@dataclass(frozen=True, slots=True)
class Lie:
    """A way to change a reply: cut after this share of it, or with a value (found by walking down ``where``) replaced, dropped or
    doubled.
    """

    where: tuple[int, ...]
    change: int
    cut: float | None

    def __call__(self, body: bytes) -> bytes:
        """What is said instead of ``body``."""
        if self.cut is not None:
            return body[: int(len(body) * self.cut)]
        said = json.loads(body)
        _change(said, self.where, self.change)
        return json.dumps(said).encode()


def lies() -> st.SearchStrategy[Lie]:
    """All kinds of them."""
    where = st.lists(st.integers(0, 10_000), min_size=1, max_size=8).map(tuple)
    cuts = st.one_of(*[st.none()] * 9, st.floats(0, 1))
    return st.builds(Lie, where, st.integers(-2, len(_WRONG) - 1), cuts)


def _change(node: Any, where: tuple[int, ...], change: int) -> None:
    keys = list(node) if isinstance(node, dict) else list(range(len(node)))
    if not keys:
        return
    key = keys[where[0] % len(keys)]
    if len(where) > 1 and isinstance(node[key], dict | list) and node[key]:
        _change(node[key], where[1:], change)
    elif change >= 0:
        node[key] = _WRONG[change]
    elif change == _DROP:
        del node[key]
    elif isinstance(node, list):
        node.insert(key, node[key])
    else:
        node[f"{key}_"] = node[key]


@dataclass(frozen=True, slots=True)
class Noise:
    """A way to damage a reply that knows nothing of what it says: bytes flipped, cut out, doubled or put in."""

    seed: int

    def __call__(self, body: bytes) -> bytes:
        """What is said instead of ``body``."""
        chance, data = random.Random(self.seed), bytearray(body)
        for _ in range(chance.randint(1, 8)):
            place = chance.randrange(len(data) + 1)
            piece = bytes(data[place : place + chance.randint(1, 40)])
            data[place : place + len(piece)] = chance.choice([b"", piece * 2, chance.randbytes(len(piece)), b'"', b"9" * 30])
        return bytes(data)


@dataclass(frozen=True, slots=True)
class Instead:
    """Another word wherever this one stands: a reply of another epoch, of another space, of another server."""

    word: str
    other: str

    def __call__(self, body: bytes) -> bytes:
        """What is said instead of ``body``."""
        return body.replace(self.word.encode(), self.other.encode())


def any_lie(chance: random.Random, words: Sequence[str]) -> Callable[[bytes], bytes]:
    """One of all kinds; ``words`` are some that replies are made of."""
    kind = chance.random()
    if kind < 0.1:
        return Noise(chance.getrandbits(32))
    if kind < 0.2:
        return Instead(chance.choice(words), chance.choice([*words, "autre", ""]))
    where = tuple(chance.randrange(10_000) for _ in range(chance.randint(1, 8)))
    return Lie(where, chance.randint(-2, len(_WRONG) - 1), chance.random() if kind < 0.3 else None)
