"""What a space holds, told so that a post can compare it with its mirror: sums by bucket, and the records of one bucket."""

from __future__ import annotations

from sqlalchemy import Connection, Engine, func, select

from guichet_sync.protocol import codec
from guichet_sync.protocol.messages import Bucket, BucketSum, Checksums, FeedEntry, Operation

from . import schema
from .database import reading
from .feed import heads
from .instance import Instance
from .instance import read as read_instance

_TABLE = schema.record


class Proofs:
    """The checksums of one server's spaces, counted again only where something changed since."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._last: dict[str, Checksums] = {}

    def checksums(self, space: str) -> Checksums:
        """What the space holds now. Its head and its sums are of one instant."""
        with reading(self._engine) as connection:
            instance = read_instance(connection)
            head = heads(connection, instance.tenant, [space]).get(space, 0)
            last = self._last.get(space)
            if last is None or (last.epoch, last.head) != (instance.epoch, head):
                last = self._last[space] = Checksums(
                    space, instance.id, instance.epoch, head, _sums(connection, instance.tenant, space)
                )
        return last


def _sums(connection: Connection, tenant: str, space: str) -> tuple[BucketSum, ...]:
    there = (_TABLE.c.tenant == tenant, _TABLE.c.space == space, _TABLE.c.body != "")
    counted = select(_TABLE.c.bucket, func.count(), func.sum(_TABLE.c.digest)).where(*there).group_by(_TABLE.c.bucket)
    rows = connection.execute(counted.order_by(_TABLE.c.bucket))
    return tuple(BucketSum(bucket, count, int(total)) for bucket, count, total in rows)  # PostgreSQL's sum is a decimal


def bucket(connection: Connection, instance: Instance, space: str, number: int) -> Bucket:
    """All records of one bucket. ``connection`` must be one consistent view. Bodies go out unread: all that can be done with the
    reply is to encode it.
    """
    head = heads(connection, instance.tenant, [space]).get(space, 0)
    there = (_TABLE.c.tenant == instance.tenant, _TABLE.c.space == space, _TABLE.c.bucket == number, _TABLE.c.body != "")
    wanted = select(_TABLE.c.kind, _TABLE.c.id, _TABLE.c.revision, _TABLE.c.body).where(*there)
    rows = connection.execute(wanted.order_by(_TABLE.c.kind, _TABLE.c.id))
    entries = tuple(
        FeedEntry(rank, Operation.PUT, kind, record, revision, body=codec.as_it_is(body))
        for rank, (kind, record, revision, body) in enumerate(rows, 1)
    )
    return Bucket(space, instance.id, instance.epoch, head, number, entries)
