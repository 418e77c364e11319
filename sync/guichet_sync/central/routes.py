"""The addresses of protocol version 1. Each route reads who asks, does one thing, answers one message."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.responses import FileResponse
from sqlalchemy import Engine, text

from guichet_sync.domain.errors import InvalidInput, NotAllowed, SignInRefused
from guichet_sync.protocol import version
from guichet_sync.protocol.checksum import BUCKETS
from guichet_sync.protocol.messages import (
    Bucket,
    Checksums,
    Enrolled,
    EnrolmentRequest,
    FeedReply,
    FeedRequest,
    Hello,
    IntentBatch,
    IntentReceipts,
    SnapshotManifest,
    Token,
    TokenRequest,
)

from . import feed, identity, instance, intake, passwords, proofs
from .database import looking, reading, writing
from .flights import Flights
from .hints import EventStream, Hints
from .identity import Caller
from .instance import Instance
from .limits import ENCODINGS, Rates
from .proofs import Proofs
from .readers import Readers
from .replies import reply
from .settings import Settings
from .snapshots import Snapshots

MAX_INTENTS = 50
router = APIRouter()


@dataclass(frozen=True, slots=True)
class Service:
    """What the routes work with."""

    settings: Settings
    engine: Engine
    snapshots: Snapshots
    proofs: Proofs
    hints: Hints
    rates: Rates
    readers: Readers
    flights: Flights


@dataclass(frozen=True, slots=True)
class Call:
    """An authenticated request."""

    instance: Instance
    caller: Caller
    token: str


async def _service(request: Request) -> Service:
    service: Service = request.app.state.service
    return service


Here = Annotated[Service, Depends(_service)]


def _call(service: Here, authorization: Annotated[str, Header()] = "") -> Call:
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise SignInRefused("token_expired")
    with looking(service.engine) as connection:
        here, caller = identity.caller_by_token(connection, token)
    service.rates.take(caller.enrolment)
    return Call(here, caller, token)


Authenticated = Annotated[Call, Depends(_call)]


def _readable_space(
    service: Here, call: Authenticated, space: str, speaks: Annotated[int, Header(alias=version.HEADER)] = version.OLDEST
) -> str:
    """The space that is asked for, by who may read it and is new enough to."""
    service.settings.spoken.check_reader(speaks)
    if space not in _readable(service, call):
        raise NotAllowed
    return space


ReadableSpace = Annotated[str, Depends(_readable_space)]


def _instance(service: Service) -> Instance:
    with looking(service.engine) as connection:
        return instance.read(connection)


@router.get("/v1/hello", response_model=Hello)
def hello(request: Request, service: Here) -> Response:
    """Who answers here."""
    here = _instance(service)
    spoken, now = service.settings.spoken, datetime.now(UTC)
    return reply(request, Hello(here.id, here.tenant, here.city.fr, here.epoch, spoken.oldest, spoken.newest, now))


@router.post("/v1/enrolments", response_model=Enrolled)
def enrol(request: Request, service: Here, asked: EnrolmentRequest) -> Response:
    """Enrol a person on a post."""
    protocol = service.settings.spoken.agree(asked.oldest, asked.newest)
    identity.check_names(asked)
    here = _instance(service)
    person = passwords.prove(service.engine, here.tenant, asked.user, asked.password)
    with writing(service.engine) as connection:
        new, sealing_key = identity.enrol(connection, here.tenant, asked), instance.sealing_key(connection)
    told = (new.id, new.code, new.secret, person, protocol, here.timezone, sealing_key)
    return reply(request, Enrolled(here.id, here.tenant, here.epoch, *told))


@router.post("/v1/tokens", response_model=Token)
def token(request: Request, service: Here, asked: TokenRequest) -> Response:
    """Give a short token for an enrolment's secret."""
    identity.check_key(asked.signing_key)
    with reading(service.engine) as connection:
        here = instance.read(connection)
        caller = identity.caller_by_secret(connection, here.tenant, asked.enrolment, asked.secret)
    service.rates.take(caller.enrolment)
    if asked.password is not None:
        passwords.prove(service.engine, here.tenant, caller.person.name, asked.password)
    with writing(service.engine) as connection:
        given = identity.give_token(connection, here.tenant, caller.enrolment)
        if asked.signing_key:
            identity.keep_signing_key(connection, here.tenant, caller.enrolment, asked.signing_key)
        sealing_key = instance.sealing_key(connection)
    lifetime = int(identity.TOKEN_LIFETIME.total_seconds())
    return reply(request, Token(given, lifetime, caller.person, here.id, here.epoch, sealing_key, ENCODINGS))


@router.post("/v1/intents", response_model=IntentReceipts)
def intents(request: Request, service: Here, call: Authenticated, batch: IntentBatch) -> Response:
    """Take intents in."""
    if len(batch.intents) > MAX_INTENTS:
        raise InvalidInput("batch_too_long", field="intents", most=MAX_INTENTS)
    try:
        receipts = intake.take_in(service.engine, call.instance, call.caller, batch, lambda: datetime.now(UTC))
    finally:
        service.hints.nudge()
    return reply(request, IntentReceipts(receipts, datetime.now(UTC), call.instance.epoch))


@router.post("/v1/feed", response_model=FeedReply)
def read_feed(request: Request, service: Here, call: Authenticated, asked: FeedRequest) -> Response:
    """Serve the news of every readable space."""
    service.settings.spoken.check_reader(asked.protocol)
    with reading(service.engine) as connection:
        found = feed.read(connection, call.instance, call.caller.person, asked, service.settings.page)
    service.readers.heard(call.instance, call.caller.enrolment, asked, found)
    return reply(request, found)


@router.get("/v1/hints", response_class=EventStream, status_code=200)
async def hints(service: Here, call: Authenticated) -> EventStream:
    """Tell which spaces move, for as long as the post listens."""
    return EventStream(await service.hints.listen(call.caller.enrolment, call.token))


@router.get("/v1/snapshots", response_model=SnapshotManifest)
async def manifest(request: Request, service: Here, space: ReadableSpace) -> Response:
    """Tell which snapshot a space's first mirror begins with."""
    return reply(request, await service.flights.share(("snapshot", space), partial(service.snapshots.manifest, space)))


@router.get("/v1/snapshot-files/{digest}")
def snapshot_file(service: Here, call: Authenticated, digest: str) -> FileResponse:
    """Serve a snapshot file, whole or a range of it."""
    path = service.snapshots.file(digest, _readable(service, call))
    return FileResponse(path, media_type="application/zstd", headers={"cache-control": "no-store"})


@router.get("/v1/checksums", response_model=Checksums)
async def checksums(request: Request, service: Here, space: ReadableSpace) -> Response:
    """Tell what a space holds, bucket by bucket."""
    return reply(request, await service.flights.share(("checksums", space), partial(service.proofs.checksums, space)))


@router.get("/v1/bucket", response_model=Bucket)
def bucket(
    request: Request,
    service: Here,
    space: ReadableSpace,
    call: Authenticated,
    number: Annotated[int, Query(alias="bucket", ge=0, lt=BUCKETS)],
) -> Response:
    """Serve the records of one bucket of a space."""
    with reading(service.engine) as connection:
        found = proofs.bucket(connection, call.instance, space, number)
    return reply(request, found)


def _readable(service: Service, call: Call) -> tuple[str, ...]:
    with reading(service.engine) as connection:
        return feed.spaces_of(connection, call.instance, call.caller.person)


@router.get("/healthz")
def healthy() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get("/readyz")
def ready(service: Here) -> dict[str, str]:
    """The database answers too."""
    with reading(service.engine) as connection:
        connection.execute(text("SELECT 1"))
    return {"status": "ready"}
