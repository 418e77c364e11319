from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from starlette.types import Message, Receive, Scope, Send

from guichet_sync.central.database import open_engine, writing
from guichet_sync.central.limits import LastResort, Limits
from guichet_sync.central.settings import MAX_REQUEST_BYTES
from guichet_sync.protocol import codec
from guichet_sync.protocol.messages import ErrorReply, IntentOutcome
from tests.helpers.central import AGENT, CentralServer, copied_city
from tests.helpers.postgres import PostgresServer
from tests.helpers.strictness import Records
from tests.helpers.wire import Post, code_of

ROUTES = ("/v1/enrolments", "/v1/tokens", "/v1/intents", "/v1/feed")
CANARY = "Canari-des-Bois"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
WORD = st.text() | st.sampled_from(["\x00", "kb", AGENT, "request.create", "interaction.answer"])
INSTANT = st.sampled_from(
    ["2026-11-24T10:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "2026-11-24T10:00:00"]
)
NUMBER = st.integers() | st.sampled_from([2**31, 2**63, -(2**63), 2**70, 10**400])
ENVELOPE = st.fixed_dictionaries(
    {"intent_id": WORD, "enrolment": WORD, "kind": WORD, "lane": WORD, "body": WORD, "body_sha256": WORD, "captured_at": INSTANT},
    optional={"monotonic_ms": NUMBER, "boot_id": WORD, "base_revision": NUMBER},
)
CURSOR = st.fixed_dictionaries({"space": WORD, "epoch": WORD, "seq": NUMBER})
BATCH = {"intents": st.lists(ENVELOPE, max_size=3), "sent_at": INSTANT}
ENROLMENT = {"user": WORD, "password": WORD, "post": WORD, "post_name": WORD, "oldest": NUMBER, "newest": NUMBER}
MESSAGES = st.one_of(
    st.fixed_dictionaries(BATCH, optional={"sent_monotonic_ms": NUMBER}),
    st.fixed_dictionaries({"cursors": st.lists(CURSOR)}, optional={"limit": NUMBER}),
    st.fixed_dictionaries({"enrolment": WORD, "secret": WORD}),
    st.fixed_dictionaries(ENROLMENT),
)
SURROGATE = b'{"user":"\\ud800","password":"","post":"","post_name":"","oldest":1,"newest":1}'
Attacked = tuple[CentralServer, Post]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def attacked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Attacked]:
    """A server for many examples, and a post with a token of it."""
    folder = tmp_path_factory.mktemp("attacked")
    with contextlib.ExitStack() as held:
        if request.param == "sqlite":
            url = copied_city(request.getfixturevalue("city"), folder)
        else:
            server: PostgresServer = request.getfixturevalue("postgres")
            url = held.enter_context(server.database(template=request.getfixturevalue("postgres_city")))
        central = held.enter_context(CentralServer(url, folder).running())
        yield central, Post.enrol(central.url, AGENT)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=st.sampled_from(ROUTES), message=MESSAGES | JSON)
def test_nothing_that_is_posted_is_an_error_of_the_server(attacked: Attacked, path: str, message: Any) -> None:
    central, post = attacked
    data = json.dumps(message).encode()
    headers = {"Authorization": f"Bearer {post.token}", "Content-Type": "application/json"}
    reply = requests.post(central.url + path, data=data, headers=headers, timeout=30)
    assert reply.status_code < 500, (path, message)
    if reply.status_code != 200:
        assert codec.decode(reply.content, ErrorReply).code


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.fixed_dictionaries(
        {"request_id": WORD, "provisional_number": WORD, "interaction_id": WORD, "channel": st.just("phone")},
        optional={"answers": JSON, "description": WORD, "requester": JSON, "where": JSON, "promised_on": WORD},
    ),
    category=st.sampled_from(["NDP", "COL-OUBLI", "ZZZ", ""]),
    kind=st.sampled_from(["request.create", "interaction.answer"]),
)
def test_no_body_of_an_intent_is_an_error_of_the_server(attacked: Attacked, body: Any, category: str, kind: str) -> None:
    _central, post = attacked
    whole = body | {"nature": "request", "category": category, "service": "TP", "article": category, "language": "fr"}
    (receipt,) = post.send(post.envelope(json.dumps(whole), kind))
    assert receipt.outcome in (IntentOutcome.APPLIED, IntentOutcome.REFUSED)


@pytest.mark.parametrize("path", ROUTES)
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[" * 100_000,
        b"null",
        b'"\\ud800"',
        b"1e999",
        SURROGATE,
    ],
)
def test_what_is_no_message_is_told_so(attacked: Attacked, path: str, data: bytes) -> None:
    central, post = attacked
    headers = {"Authorization": f"Bearer {post.token}", "Content-Type": "application/json"}
    reply = requests.post(central.url + path, data=data, headers=headers, timeout=30)
    assert reply.status_code in (400, 422)
    assert code_of(reply) == "request_shape"


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/v1/nowhere", 404, "not_found"),
        ("GET", "/../../etc/passwd", 404, "not_found"),
        ("DELETE", "/v1/intents", 405, "method_not_allowed"),
        ("GET", "/v1/feed", 405, "method_not_allowed"),
        ("PUT", "/v1/hello", 405, "method_not_allowed"),
        ("GET", "/v1/snapshots", 422, "request_shape"),
        ("GET", "/v1/snapshots?space=%00", 403, "not_allowed"),
        ("GET", "/v1/snapshots?space=people/../requests/TP", 403, "not_allowed"),
    ],
)
def test_every_refusal_carries_its_reason(attacked: Attacked, method: str, path: str, status: int, code: str) -> None:
    central, post = attacked
    reply = requests.request(method, central.url + path, headers={"Authorization": f"Bearer {post.token}"}, timeout=30)
    assert (reply.status_code, code_of(reply)) == (status, code)


def test_what_is_too_large_is_refused_unread_whether_it_says_its_size_or_not(attacked: Attacked) -> None:
    central, _post = attacked
    piece = b"%x\r\n%s\r\n" % (MAX_REQUEST_BYTES, b" " * MAX_REQUEST_BYTES)
    for heading, sent in (
        (b"Content-Length: %d" % (MAX_REQUEST_BYTES + 1), b""),
        (b"Transfer-Encoding: chunked", piece + b"1\r\n \r\n"),
    ):
        with _raw(central) as raw:
            raw.sendall(b"POST /v1/enrolments HTTP/1.1\r\nHost: x\r\n" + heading + b"\r\n\r\n" + sent)
            said = raw.makefile("rb").read()
        assert said.startswith(b"HTTP/1.1 413")
        assert b"request_too_large" in said


def test_a_post_that_goes_away_in_the_middle_leaves_nothing_behind(attacked: Attacked, expected_logs: Records) -> None:
    central, _post = attacked
    for sent in (b"POST /v1/feed HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{", b"GET /v1/hello HT", b"\x16\x03\x01"):
        with _raw(central) as raw:
            raw.sendall(sent)
    assert requests.get(f"{central.url}/healthz", timeout=30).json() == {"status": "ok"}
    assert set(expected_logs.lines) <= {"uvicorn.error: Invalid HTTP request received."}


def _raw(central: CentralServer) -> socket.socket:
    host, port = central.url.removeprefix("http://").split(":")
    return socket.create_connection((host, int(port)), timeout=30)


def test_a_body_that_never_ends_is_not_waited_for() -> None:
    said: list[Message] = []

    async def never() -> Message:
        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: Message) -> None:
        said.append(message)

    async def application(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise AssertionError

    scope = {"type": "http", "headers": []}
    asyncio.run(Limits(application, limit=10, wait_s=0.01)(scope, never, send))
    assert (said[0]["status"], codec.decode(said[1]["body"], ErrorReply).code) == (408, "request_too_slow")


def test_an_error_that_nobody_foresaw_is_logged_without_what_was_sent(
    expected_logs: Records, caplog: pytest.LogCaptureFixture
) -> None:
    said: list[Message] = []

    async def send(message: Message) -> None:
        said.append(message)

    async def application(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise ZeroDivisionError(CANARY)

    async def late(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise ZeroDivisionError(CANARY)

    scope = {"type": "http", "path": "/v1/feed", "headers": []}
    with caplog.at_level(logging.DEBUG):
        asyncio.run(LastResort(application)(scope, _nothing, send))
        asyncio.run(LastResort(late)(scope, _nothing, send))
    assert (said[0]["status"], codec.decode(said[1]["body"], ErrorReply).code) == (500, "unexpected")
    assert [each["type"] for each in said[2:]] == ["http.response.start"]
    assert len(expected_logs.lines) == 2
    assert expected_logs.lines[0].startswith("guichet_sync.central.limits: ZeroDivisionError in /v1/feed")
    assert CANARY not in caplog.text


async def _nothing() -> Message:
    return {"type": "http.request"}


def test_a_database_that_is_away_is_said_so_and_comes_back(
    postgres: PostgresServer, postgres_city: str, tmp_path: Path, expected_logs: Records
) -> None:
    with postgres.database(template=postgres_city) as url, CentralServer(url, tmp_path).running() as central:
        post = Post.enrol(central.url, AGENT)
        name = url.rpartition("/")[2]
        _administer(url, f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        _administer(url, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name", name=name)
        for reply in (requests.get(f"{central.url}/readyz", timeout=30), post.get("/v1/snapshots", params={"space": "kb"})):
            assert (reply.status_code, code_of(reply)) == (503, "try_later")
            assert 3 <= int(reply.headers["Retry-After"]) <= 8
        assert requests.get(f"{central.url}/healthz", timeout=30).status_code == 200
        _administer(url, f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
        assert requests.get(f"{central.url}/readyz", timeout=30).status_code == 200
    assert set(expected_logs.lines) == {"guichet_sync.central.replies: database unavailable: OperationalError"}


def _administer(url: str, statement: str, **values: str) -> None:
    engine = open_engine(f"{url.rpartition('/')[0]}/postgres")
    with writing(engine) as connection:
        connection.execute(text(statement), values)
    engine.dispose()


@pytest.mark.parametrize(("accepted", "encoding"), [("zstd, gzip", "zstd"), ("gzip", "gzip"), ("identity", None)])
def test_replies_are_compressed_as_the_post_understands(attacked: Attacked, accepted: str, encoding: str | None) -> None:
    _central, post = attacked
    reply = requests.post(
        f"{post.url}/v1/feed",
        data=b'{"cursors": []}',
        headers={"Authorization": f"Bearer {post.token}", "Accept-Encoding": accepted, "Content-Type": "application/json"},
        stream=True,
        timeout=30,
    )
    assert reply.headers.get("Content-Encoding") == encoding
    reply.close()
