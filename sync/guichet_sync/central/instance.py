"""Which server this is, and in which epoch of its history."""

from __future__ import annotations

import math
import re
import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import ColumnElement, Connection, RowMapping, literal_column, select, text, update

from guichet_sync.domain.errors import InvalidInput, NotFound
from guichet_sync.domain.words import Bilingual
from guichet_sync.protocol import sealing

from . import numbers, schema
from .counters import leave_gap, raise_to, value
from .upsert import insert

_RESTORED = "restored_at"
"""The counter that holds the second by which the last restore was done, since 1970."""
_TENANT = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_ON_SQLITE, _HIDDEN = "'s'", "'p'"
_CONTROL = "(SELECT system_identifier || '.' || timeline_id FROM pg_control_system(), pg_control_checkpoint())"
_MAY_LOOK = text(
    "SELECT has_function_privilege('pg_control_system()', 'execute')"
    " AND has_function_privilege('pg_control_checkpoint()', 'execute')"
)
_LOOKS = "guichet_reads_control_file"


@dataclass(frozen=True, slots=True)
class Instance:
    """The server's identity. ``epoch`` changes when its history may have: after a restore, posts rewind their cursors."""

    id: str
    tenant: str
    city: Bilingual
    timezone: str
    epoch: str
    demonstration: bool


def create(connection: Connection, tenant: str, city: Bilingual, timezone: str, *, demonstration: bool) -> None:
    """Give this database an identity, once: what is there stays.

    :raises InvalidInput: ``tenant_form`` or ``unknown_timezone``.
    """
    if not _TENANT.fullmatch(tenant):
        raise InvalidInput("tenant_form", field="tenant")
    _check_timezone(timezone)
    with suppress(NotFound):
        read(connection)
        return
    connection.execute(
        insert(connection, schema.instance)
        .values(
            tenant=tenant,
            space=schema.INSTANCE,
            id=secrets.token_hex(16),
            city_fr=city.fr,
            city_en=city.en,
            timezone=timezone,
            restores=0,
            demonstration=demonstration,
            sealing_secret=sealing.new_sealing_secret(),
        )
        .on_conflict_do_nothing()
    )


def _check_timezone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InvalidInput("unknown_timezone", field="timezone") from None


def read(connection: Connection) -> Instance:
    """The identity of this database.

    :raises NotFound: ``not_initialised`` if it has none yet.
    """
    row = connection.execute(select(*columns(history(connection)))).mappings().first()
    if row is None:
        raise NotFound("not_initialised")
    return of_row(row)


def columns(named: str) -> tuple[ColumnElement[Any], ...]:
    """What :func:`of_row` makes an identity of, to be read alone or together with what depends on it, where :func:`history` is
    ``named`` so.
    """
    return (*_COLUMNS, literal_column(named).label("history"))


def of_row(row: RowMapping) -> Instance:
    """The identity that was read as :func:`columns`."""
    city = Bilingual(row["city_fr"], row["city_en"])
    epoch = f"{row['history']}.{row['restores']}"
    return Instance(row["instance_id"], row["instance_tenant"], city, row["timezone"], epoch, row["demonstration"])


def describe(connection: Connection, city: Bilingual, timezone: str, *, demonstration: bool) -> None:
    """Change what the city is called.

    :raises InvalidInput: ``unknown_timezone``.
    """
    _check_timezone(timezone)
    values = {"city_fr": city.fr, "city_en": city.en, "timezone": timezone, "demonstration": demonstration}
    connection.execute(update(schema.instance).values(values))


def sealing_secret(connection: Connection) -> str:
    """The key that opens what others carry: nobody is told. Empty in a database of an earlier version, which told no key yet."""
    return str(connection.execute(select(schema.instance.c.sealing_secret)).scalar_one())


def sealing_key(connection: Connection) -> str:
    """The key to which posts seal what others may carry; a database of an earlier version gets one now."""
    table = schema.instance
    if not sealing_secret(connection):
        new = update(table).where(table.c.sealing_secret == "").values(sealing_secret=sealing.new_sealing_secret())
        connection.execute(new)
    return sealing.sealing_key(sealing_secret(connection))


def count_restore(connection: Connection) -> None:
    """A backup was restored: begin another epoch, and give no number and no enrolment's code that may have been given since.

    The same backup may be restored twice: how far the count of restores leaps is drawn, so that no epoch comes twice either.
    """
    leap = 1 + secrets.randbelow(1_000_000)
    connection.execute(update(schema.instance).values(restores=schema.instance.c.restores + leap))
    here, now = read(connection), datetime.now(UTC)
    raise_to(connection, here.tenant, schema.INSTANCE, _RESTORED, math.ceil(now.timestamp()))
    numbers.leave_gaps(connection, here.tenant, here.timezone, now)
    leave_gap(connection, here.tenant, schema.IDENTITY, "enrolment", beyond=500, step=20)


def restored_at(connection: Connection, tenant: str) -> datetime | None:
    """When a backup was restored last, if ever."""
    seconds = value(connection, tenant, schema.INSTANCE, _RESTORED)
    return datetime.fromtimestamp(seconds, UTC) if seconds else None


def history(connection: Connection) -> str:
    """What names the database's own line of history, in SQL: PostgreSQL's system identifier and timeline, which a standby that
    takes over changes at any time; a constant on SQLite, and where a managed PostgreSQL does not let us read its control file.
    That is asked once: to be refused in the middle of a transaction would end it.
    """
    if connection.dialect.name == "sqlite":
        return _ON_SQLITE
    looks = connection.engine.get_execution_options().get(_LOOKS)
    if looks is None:
        looks = bool(connection.execute(_MAY_LOOK).scalar_one())
        connection.engine.update_execution_options(**{_LOOKS: looks})
    return _CONTROL if looks else _HIDDEN


_TABLE = schema.instance
_COLUMNS = (
    _TABLE.c.id.label("instance_id"),
    _TABLE.c.tenant.label("instance_tenant"),
    _TABLE.c.city_fr,
    _TABLE.c.city_en,
    _TABLE.c.timezone,
    _TABLE.c.restores,
    _TABLE.c.demonstration,
)
