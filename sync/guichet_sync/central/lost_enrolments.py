"""Enrolments that a backup had lost: their posts enrol again, and bring what was captured under the earlier one.

After a restore, an enrolment that nobody knows becomes that of the first who brings work of it, as a revoked one: nothing more is
sent by it. Its code is told by the first number it gave: one that nobody else has, nor will be given.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Iterator
from datetime import timedelta

from sqlalchemy import Connection, select, update

from guichet_sync.domain.errors import BadReply, InvalidInput
from guichet_sync.domain.ids import ProvisionalNumber, enrolment_rank
from guichet_sync.domain.intents import CreateRequest, IntentKind
from guichet_sync.protocol import codec
from guichet_sync.protocol.messages import IntentEnvelope

from . import counters, schema
from .identity import Caller, OwnEnrolment, own_enrolment
from .instance import Instance, restored_at
from .upsert import insert

_FORM = re.compile(r"[0-9a-f]{24}")
_OLDEST = timedelta(days=30)
"""How long before a restore its lost enrolments may have begun."""
_UNTOLD = "?"
"""What begins the code of one that has told none yet."""
_TABLE = schema.enrolment


def owners(
    connection: Connection, instance: Instance, caller: Caller, envelopes: Iterable[IntentEnvelope]
) -> Iterator[tuple[IntentEnvelope, OwnEnrolment]]:
    """The intents that are the caller's, each with the enrolment that captured it; the others are left out."""
    known: dict[str, OwnEnrolment] = {}
    for envelope in envelopes:
        own = known.get(envelope.enrolment) or _own_or_lost(connection, instance, caller, envelope)
        if own is not None:
            yield envelope, own
            if not own.code.startswith(_UNTOLD):
                known[envelope.enrolment] = own


def _own_or_lost(connection: Connection, instance: Instance, caller: Caller, envelope: IntentEnvelope) -> OwnEnrolment | None:
    """The enrolment that captured an intent, if it is the caller's or, lost, becomes theirs."""
    own = own_enrolment(connection, instance.tenant, caller, envelope.enrolment)
    if own is None and _adopted(connection, instance.tenant, caller, envelope.enrolment):
        own = own_enrolment(connection, instance.tenant, caller, envelope.enrolment)
    if own is None or not own.code.startswith(_UNTOLD):
        return own
    code = _told(connection, instance.tenant, envelope)
    if code:
        mine = (_TABLE.c.tenant == instance.tenant, _TABLE.c.space == schema.IDENTITY, _TABLE.c.id == envelope.enrolment)
        connection.execute(update(_TABLE).where(*mine).values(code=code))
    return OwnEnrolment(code or own.code, own.since)


def _adopted(connection: Connection, tenant: str, caller: Caller, enrolment: str) -> bool:
    """Whether the row of an unknown enrolment was made; one that is somebody's stays as it is."""
    restored = restored_at(connection, tenant)
    if restored is None or not _FORM.fullmatch(enrolment):
        return False
    row = insert(connection, _TABLE).values(
        tenant=tenant,
        space=schema.IDENTITY,
        id=enrolment,
        person=caller.person.name,
        post="",
        post_name="",
        code=f"{_UNTOLD}{enrolment}",
        secret_sha256=secrets.token_hex(32),  # nobody's: it signs nobody in
        enrolled_at=restored - _OLDEST,
        revoked=True,
    )
    connection.execute(row.on_conflict_do_nothing())
    return True


def _told(connection: Connection, tenant: str, envelope: IntentEnvelope) -> str:
    """The code of the number that an intent gives, if it was given before and is nobody's now."""
    try:
        asked = codec.decode(envelope.body, CreateRequest) if envelope.kind == IntentKind.CREATE_REQUEST else None
        code = ProvisionalNumber.parse(asked.provisional_number).code if asked else ""
    except (BadReply, InvalidInput):
        return ""
    given = counters.value(connection, tenant, schema.IDENTITY, "enrolment")
    if not code or not 0 <= enrolment_rank(code) < given:
        return ""
    known = select(_TABLE.c.id).where(_TABLE.c.tenant == tenant, _TABLE.c.space == schema.IDENTITY, _TABLE.c.code == code)
    return code if connection.execute(known).first() is None else ""
