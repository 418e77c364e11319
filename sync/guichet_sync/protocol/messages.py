"""Messages of protocol version 1. All are plain dataclasses; instants carry an offset; names are the JSON keys.

========  ==============================  ==========================  =======================
method    path                            request                     reply
========  ==============================  ==========================  =======================
GET       /v1/hello                                                   :class:`Hello`
POST      /v1/enrolments                  :class:`EnrolmentRequest`   :class:`Enrolled`
POST      /v1/tokens                      :class:`TokenRequest`       :class:`Token`
POST      /v1/intents                     :class:`IntentBatch`        :class:`IntentReceipts`
POST      /v1/feed                        :class:`FeedRequest`        :class:`FeedReply`
GET       /v1/snapshots?space=ID                                      :class:`SnapshotManifest`
GET       /v1/snapshot-files/DIGEST       Range allowed               zstd of JSON lines
GET       /v1/checksums?space=ID                                      :class:`Checksums`
GET       /v1/bucket?space=ID&bucket=N                                :class:`Bucket`
GET       /v1/hints                                                   events of :class:`Hint`
POST      /v1/courier                     :class:`CourierBatch`       :class:`CourierReceipts`
========  ==============================  ==========================  =======================

All but the first two need ``Authorization: Bearer TOKEN`` (``/v1/tokens`` proves itself by the enrolment's secret). Any reply
other than 2xx carries an :class:`ErrorReply`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from guichet_sync.domain.spaces import Role

Body = dict[str, Any]
"""A record's JSON object, kept as received: unknown fields survive."""


class Operation(StrEnum):
    """What happened to a record; a deletion is never inferred from absence."""

    PUT = "put"
    TOMB = "tomb"
    EVICT = "evict"
    ERASE = "erase"


class IntentOutcome(StrEnum):
    """What the server did with an intent. All but ``RETRY`` are final."""

    APPLIED = "applied"
    DUPLICATE = "duplicate"
    MERGED = "merged"
    CONFLICT = "conflict"
    REFUSED = "refused"
    RETRY = "retry"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class ErrorReply:
    """Why the server said no: a reason code and values without personal data."""

    code: str
    values: dict[str, str | int | float | bool | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Hello:
    """Who answers at this address."""

    instance: str
    tenant: str
    city: str
    epoch: str
    oldest: int
    newest: int
    server_time: datetime


@dataclass(frozen=True, slots=True)
class Person:
    """A user as a post knows them."""

    name: str
    display: str
    role: Role
    service: str = ""


@dataclass(frozen=True, slots=True)
class EnrolmentRequest:
    """A person sits down at a new post. ``post`` is the post's own stable id, ``post_name`` what people call it; ``signing_key``
    is the public Ed25519 key (base64) of what others may deliver in this enrolment's name.
    """

    user: str
    password: str
    post: str
    post_name: str
    oldest: int
    newest: int
    signing_key: str = ""


@dataclass(frozen=True, slots=True)
class Enrolled:
    """The enrolment of one person on one post. ``secret`` buys tokens; ``code`` begins the provisional numbers; to
    ``sealing_key`` (the server's public X25519 key, base64) is sealed what others may carry.
    """

    instance: str
    tenant: str
    epoch: str
    enrolment: str
    code: str
    secret: str
    person: Person
    protocol: int
    timezone: str
    sealing_key: str = ""


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """Ask for a short token; with ``password`` the server checks it too (a sign-in the post can't check alone). ``signing_key``
    is kept for an enrolment that has none yet.
    """

    enrolment: str
    secret: str
    password: str | None = None
    signing_key: str = ""


@dataclass(frozen=True, slots=True)
class Token:
    """A token and its lifetime in seconds; ``person`` tells today's role, ``accepts`` the content encodings of requests."""

    token: str
    expires_in_s: int
    person: Person
    instance: str
    epoch: str
    sealing_key: str = ""
    accepts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IntentEnvelope:
    """An intent on the wire. ``body`` is the canonical JSON text whose UTF-8 bytes hash to ``body_sha256`` (hexadecimal).

    ``number`` is the official number that this intent was given before the server was restored from a backup that had lost it.
    """

    intent_id: str
    enrolment: str
    kind: str
    lane: str
    body: str
    body_sha256: str
    captured_at: datetime
    monotonic_ms: int = 0
    boot_id: str = ""
    base_revision: int = 0
    number: str = ""


@dataclass(frozen=True, slots=True)
class IntentBatch:
    """At most 50 intents or 1 MiB. ``sent_*`` is the post's clock at sending, to repair ``captured_at``."""

    intents: tuple[IntentEnvelope, ...]
    sent_at: datetime
    sent_monotonic_ms: int = 0
    boot_id: str = ""


@dataclass(frozen=True, slots=True)
class IntentReceipt:
    """The server's answer to one intent, the same for ever. ``effect`` says where it stands: space to feed sequence."""

    intent_id: str
    outcome: IntentOutcome
    number: str = ""
    code: str = ""
    values: dict[str, str | int | float | bool | None] = field(default_factory=dict)
    effect: dict[str, int] = field(default_factory=dict)
    retry_after_s: float | None = None


@dataclass(frozen=True, slots=True)
class IntentReceipts:
    """A receipt for each intent of the batch, in its order. Their effects count in the history of this ``epoch``."""

    receipts: tuple[IntentReceipt, ...]
    server_time: datetime
    epoch: str = ""


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a post has read a space; ``seq`` 0 is the beginning."""

    space: str
    epoch: str
    seq: int


@dataclass(frozen=True, slots=True)
class FeedRequest:
    """The post's cursors; spaces it does not name are read from the beginning. ``limit`` is the most it wants, ``protocol`` the
    newest version it speaks.
    """

    cursors: tuple[Cursor, ...]
    limit: int = 2_000
    protocol: int = 1


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One change. ``body`` stands with *put* only, on the record's last entry of a page, and is the record as it is now.

    ``intent`` is the intent that caused it, so that the post knows what its mirror contains.
    """

    seq: int
    operation: Operation
    kind: str
    id: str
    revision: int
    intent: str = ""
    body: Body | None = None


@dataclass(frozen=True, slots=True)
class FeedPage:
    """Changes of one space after ``after``, contiguous, up to ``next``; ``head`` is the last there is.

    ``rewind`` says that the post's cursor is of another epoch: forget it and begin at 0. ``snapshot`` says that so much is
    missing that the snapshot is the better way. ``removal_reason`` must be stated for a page that removes much.
    """

    space: str
    epoch: str
    after: int
    next: int
    head: int
    entries: tuple[FeedEntry, ...] = ()
    rewind: bool = False
    snapshot: bool = False
    removal_reason: str = ""


@dataclass(frozen=True, slots=True)
class FeedReply:
    """Pages of the spaces that have news, and all spaces this person may read: the others are to be evicted whole, for the
    ``removal_reason`` (a code) that must be stated where the post's cursors name one that is no longer readable.

    ``poll_after_s`` is when to ask again where no hints come. ``complete``: with these pages everything is read.
    """

    instance: str
    epoch: str
    readable: tuple[str, ...]
    pages: tuple[FeedPage, ...]
    poll_after_s: float = 15.0
    removal_reason: str = ""
    complete: bool = False


@dataclass(frozen=True, slots=True)
class SnapshotPart:
    """One piece of a snapshot's file: ``bytes`` of it, a zstd frame of ``records`` JSON lines, with a SHA-256 of its own."""

    bytes: int
    records: int
    digest: str


@dataclass(frozen=True, slots=True)
class SnapshotManifest:
    """A space's snapshot: ``seq`` is its head, ``digest`` the SHA-256 (hexadecimal) of the file's bytes.

    The file is its ``parts`` one after the other, each a zstd frame of JSON lines, each line a :class:`FeedEntry` of operation
    *put* with its body. A part that came is applied at once, so that a broken download goes on with the next one.
    """

    space: str
    instance: str
    epoch: str
    seq: int
    digest: str
    parts: tuple[SnapshotPart, ...]

    @property
    def bytes(self) -> int:
        """Of the whole file."""
        return sum(part.bytes for part in self.parts)

    @property
    def records(self) -> int:
        """Lines of the whole file."""
        return sum(part.records for part in self.parts)


@dataclass(frozen=True, slots=True)
class BucketSum:
    """What a bucket of a space holds: how many records, and the sum of their digests (see :mod:`.checksum`)."""

    bucket: int
    count: int
    sum: int


@dataclass(frozen=True, slots=True)
class Checksums:
    """What a space holds at ``head``: its buckets that are not empty."""

    space: str
    instance: str
    epoch: str
    head: int
    buckets: tuple[BucketSum, ...]


@dataclass(frozen=True, slots=True)
class Bucket:
    """All records of one bucket as they are at ``head``, each a *put*; ``seq`` is the line's own rank."""

    space: str
    instance: str
    epoch: str
    head: int
    bucket: int
    entries: tuple[FeedEntry, ...]


@dataclass(frozen=True, slots=True)
class Hint:
    """An event of the live stream: the heads of spaces that moved, and nothing else. All of them with the first event."""

    heads: dict[str, int]


@dataclass(frozen=True, slots=True)
class SealedBatch:
    """What is inside a sealed box: ``batch``, the JSON text of an :class:`IntentBatch` of one intent whose ``sent_*`` are those
    of the sealing, and the Ed25519 ``signature`` (base64) of its UTF-8 bytes by the enrolment's key.
    """

    batch: str
    signature: str


@dataclass(frozen=True, slots=True)
class SealedItem:
    """Somebody's intent on its way by another's hands: ``box`` (base64) is a :class:`SealedBatch` sealed to the server's key."""

    id: str
    box: str


@dataclass(frozen=True, slots=True)
class CourierBatch:
    """At most 50 boxes or 1 MiB, whoever wrote what is in them."""

    items: tuple[SealedItem, ...]


@dataclass(frozen=True, slots=True)
class CourierReceipt:
    """What became of a box. All but ``RETRY`` are final; what it held and its number are its author's alone to know."""

    id: str
    outcome: IntentOutcome
    code: str = ""
    retry_after_s: float | None = None


@dataclass(frozen=True, slots=True)
class CourierReceipts:
    """A receipt for each box of the batch, in its order."""

    receipts: tuple[CourierReceipt, ...]
