"""How the server keeps its bounds: packed bodies, requests under way, requests of one enrolment."""

from __future__ import annotations

import asyncio
import gzip
from pathlib import Path

import pytest
import requests
import zstandard
from starlette.types import Message, Receive, Scope, Send

from guichet_sync.central.limits import ENCODINGS, LASTING, Limits, Rates
from guichet_sync.central.settings import MAX_REQUEST_BYTES
from guichet_sync.domain.errors import TryLater
from guichet_sync.protocol import codec
from guichet_sync.protocol.messages import Token, TokenRequest
from tests.helpers.central import AGENT, SECOND_AGENT, CentralServer, copied_city
from tests.helpers.wire import Post, code_of
from tests.helpers.wire import post as posted

FEED = b'{"cursors": [], "limit": 1}'
LARGE = FEED + b" " * MAX_REQUEST_BYTES


def packed(post: Post, body: bytes, encoding: str) -> requests.Response:
    headers = {"Authorization": f"Bearer {post.token}", "Content-Type": "application/json", "Content-Encoding": encoding}
    return requests.post(f"{post.url}/v1/feed", data=body, headers=headers, timeout=30)


def chunked(body: bytes) -> bytes:
    packing = zstandard.ZstdCompressor().compressobj()  # says no size beforehand
    return packing.compress(body) + packing.flush()


def wide(body: bytes) -> bytes:
    parameters = zstandard.ZstdCompressionParameters(window_log=27, enable_ldm=True)
    packing = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    return packing.compress(body) + packing.flush()


def test_a_token_says_how_bodies_may_be_packed(central: CentralServer) -> None:
    post = Post.enrol(central.url, AGENT)
    reply = posted(central.url, "/v1/tokens", TokenRequest(post.enrolled.enrolment, post.enrolled.secret))
    assert codec.decode(reply.content, Token).accepts == ENCODINGS == ("zstd", "gzip")


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (zstandard.compress(FEED), "zstd"),
        (chunked(FEED), "ZSTD"),
        (gzip.compress(FEED), "gzip"),
        (FEED, "identity"),
        (zstandard.compress(FEED + b" " * (MAX_REQUEST_BYTES - len(FEED))), "zstd"),
    ],
    ids=["zstd", "zstd of unknown size", "gzip", "as it is", "as large as may be"],
)
def test_a_packed_body_is_what_it_holds(central: CentralServer, body: bytes, encoding: str) -> None:
    reply = packed(Post.enrol(central.url, AGENT), body, encoding)
    assert reply.status_code == 200, reply.text


@pytest.mark.parametrize(
    ("body", "encoding", "status", "code"),
    [
        (zstandard.compress(LARGE), "zstd", 413, "request_too_large"),
        (chunked(LARGE), "zstd", 413, "request_too_large"),
        (gzip.compress(LARGE), "gzip", 413, "request_too_large"),
        (zstandard.compress(bytes(1 << 30)), "zstd", 413, "request_too_large"),
        (gzip.compress(bytes(1 << 27), 1), "gzip", 413, "request_too_large"),
        (wide(FEED * 1_000), "zstd", 422, "request_shape"),
        (zstandard.compress(FEED + b" " * 10_000)[:-1], "zstd", 422, "request_shape"),
        (chunked(FEED + b" " * 10_000)[:-4], "zstd", 422, "request_shape"),
        (zstandard.compress(FEED) + b"x", "zstd", 422, "request_shape"),
        (zstandard.compress(FEED)[:-3], "zstd", 422, "request_shape"),
        (gzip.compress(FEED)[:-9], "gzip", 422, "request_shape"),
        (b"noise", "zstd", 422, "request_shape"),
        (b"noise", "gzip", 422, "request_shape"),
        (b"", "gzip", 422, "request_shape"),
        (FEED, "br", 415, "request_shape"),
        (FEED, "zstd, gzip", 415, "request_shape"),
    ],
    ids=range(16),
)
def test_no_body_is_unpacked_beyond_what_a_plain_one_may_be(
    central: CentralServer, body: bytes, encoding: str, status: int, code: str
) -> None:
    reply = packed(Post.enrol(central.url, AGENT), body, encoding)
    assert (reply.status_code, code_of(reply)) == (status, code)


def test_who_asks_too_often_is_told_when_to_come_back_and_nobody_else_is(city: Path, tmp_path: Path) -> None:
    with CentralServer(copied_city(city, tmp_path / "central"), tmp_path / "central", burst=3).running() as central:
        eager, calm = Post.enrol(central.url, AGENT), Post.enrol(central.url, SECOND_AGENT)
        replies = [eager.get("/v1/snapshots", params={"space": "kb"}) for _ in range(60)]
        refused = [reply for reply in replies if reply.status_code != 200]
        assert len(refused) < len(replies)
        assert refused
        assert {(reply.status_code, code_of(reply)) for reply in refused} == {(429, "try_later")}
        assert all(1 <= int(reply.headers["Retry-After"]) <= 9 for reply in refused)
        assert calm.feed(limit=1).readable


def test_a_bucket_fills_again_and_one_that_is_full_is_forgotten() -> None:
    now = 0.0
    rates = Rates(burst=2, per_s=1.0, clock=lambda: now)
    for _ in range(2):
        rates.take("a")
    with pytest.raises(TryLater):
        rates.take("a")
    now = 1.0
    rates.take("a")
    with pytest.raises(TryLater):
        rates.take("a")
    now = 1_000.0
    for rank in range(10_001):
        rates.take(f"holder {rank}")
    assert len(rates._buckets) <= 10_001


async def _whole(scope: Scope, app: Limits) -> list[Message]:
    said: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b""}

    async def send(message: Message) -> None:
        said.append(message)

    await app(scope, receive, send)
    return said


def test_what_is_beyond_the_requests_under_way_comes_back_each_at_another_instant() -> None:
    async def story() -> tuple[set[bytes], list[Message], list[Message]]:
        going = asyncio.Event()

        async def application(_scope: Scope, _receive: Receive, send: Send) -> None:
            await going.wait()
            await send({"type": "http.response.start", "status": 200, "headers": []})

        app = Limits(application, limit=10, most=2)
        feed, lasting = ({"type": "http", "path": path, "headers": []} for path in ("/v1/feed", next(iter(LASTING))))
        under_way = [asyncio.create_task(_whole(scope, app)) for scope in (feed, feed, lasting, lasting)]
        await asyncio.sleep(0)
        refused = [await _whole(feed, app) for _ in range(60)]
        assert {messages[0]["status"] for messages in refused} == {503}
        waits = {dict(messages[0]["headers"])[b"retry-after"] for messages in refused}
        going.set()
        first, *_rest = [await each for each in under_way]
        return waits, first, await _whole(feed, app)

    waits, first, after = asyncio.run(story())
    assert waits <= {str(seconds).encode() for seconds in range(1, 9)}
    assert len(waits) > 3
    assert first[0]["status"] == after[0]["status"] == 200
