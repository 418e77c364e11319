"""What two mirrors of a space compare: 256 buckets, each a count and an order-independent sum of its records' digests.

A record's bucket depends on its kind and id alone; its digest on its body too, as canonical JSON (keys sorted). Digests have 40
bits, so that the sum of millions of them fits the 64-bit integers of both engines.
"""

from __future__ import annotations

from hashlib import blake2b
from zlib import crc32

BUCKETS = 256
_DIGEST_BYTES = 5


def bucket_of(kind: str, record_id: str) -> int:
    """Where a record is counted, from 0 to 255."""
    return crc32(f"{kind}\0{record_id}".encode()) % BUCKETS


def record_digest(kind: str, record_id: str, body: bytes) -> int:
    """What a record adds to its bucket: ``body`` is its canonical JSON (see :func:`.codec.canonical`)."""
    return int.from_bytes(blake2b(f"{kind}\0{record_id}\0".encode() + body, digest_size=_DIGEST_BYTES).digest())
