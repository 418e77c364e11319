"""HTTP to the central server. The only importer of ``requests``; every failure leaves as one of our own errors.

Replies are hostile: their size and their slowness are bounded while they are read, also after decompression, and they become
typed messages or :class:`~guichet_sync.domain.errors.BadReply`.
"""

from __future__ import annotations

import gzip
import time
import zlib
from collections.abc import Collection, Generator, Iterator
from contextlib import contextmanager, suppress
from typing import IO, Protocol, TypeVar, cast
from urllib.parse import urlsplit

import requests
import zstandard
from requests.exceptions import RequestException
from urllib3.exceptions import HTTPError

from guichet_sync.domain.errors import BadReply, InvalidInput, TryLater, Unreachable
from guichet_sync.protocol import codec, version
from guichet_sync.protocol.messages import (
    Bucket,
    Checksums,
    CourierBatch,
    CourierReceipts,
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

from .refusals import refusal

Message = TypeVar("Message")

CONNECT_S, READ_S = 5.0, 30.0
SILENCE_S = 45.0
"""A stream that says nothing for so long is cut: the server says something every fifteen seconds."""
MESSAGE_S = 120.0
"""No message takes longer in all, however steadily it drips."""
_CHUNK = 64 * 1024
_WORTH_PACKING = 1_000
PACKINGS = ("zstd",)
"""How a post packs what it sends."""
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def check_server(url: str) -> str:
    """The server's address without a trailing slash.

    :raises InvalidInput: ``server_url`` if it is no http(s) address, ``server_not_https`` if it is in the clear beyond this
        machine.
    """
    try:
        parts = urlsplit(url.strip())
        named = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        raise InvalidInput("server_url", field="server") from None
    if not named or parts.username or parts.query or parts.fragment:
        raise InvalidInput("server_url", field="server")
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        raise InvalidInput("server_not_https", field="server")
    return url.strip().rstrip("/")


class Transport:
    """The server at ``url``, through kept-alive connections. Not for several threads at once."""

    def __init__(self, url: str) -> None:
        self._url = check_server(url)
        self._packs, self._unpackable = False, False
        self._session = requests.Session()
        self._session.trust_env = urlsplit(self._url).hostname not in _LOOPBACK  # no proxy leads to this machine
        self._session.auth = _own_token  # else a .netrc would put its password in the token's place
        self._session.headers["Accept-Encoding"] = "zstd, gzip"
        self._session.headers["User-Agent"] = "Guichet"
        self._session.headers[version.HEADER] = str(version.NEWEST)

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def hello(self) -> Hello:
        """Who answers."""
        return self._message("GET", "/v1/hello", Hello)

    def enrol(self, request: EnrolmentRequest) -> Enrolled:
        """Enrol a person on this post."""
        return self._message("POST", "/v1/enrolments", Enrolled, body=request)

    def token(self, request: TokenRequest) -> Token:
        """A short token for the enrolment's secret."""
        given = self._message("POST", "/v1/tokens", Token, body=request)
        self.pack(given.accepts)
        return given

    def pack(self, accepts: Collection[str]) -> None:
        """From now on, large bodies go packed if that is among what the server ``accepts``."""
        self._packs = not self._unpackable and any(each in accepts for each in PACKINGS)

    def push(self, token: str, batch: IntentBatch) -> IntentReceipts:
        """Send intents."""
        return self._message("POST", "/v1/intents", IntentReceipts, body=batch, token=token)

    def pull(self, token: str, request: FeedRequest) -> FeedReply:
        """Read the feeds."""
        return self._message("POST", "/v1/feed", FeedReply, body=request, token=token)

    def manifest(self, token: str, space: str) -> SnapshotManifest:
        """The snapshot of a space."""
        return self._message("GET", "/v1/snapshots", SnapshotManifest, token=token, params={"space": space})

    def checksums(self, token: str, space: str) -> Checksums:
        """What the server says a space holds."""
        return self._message("GET", "/v1/checksums", Checksums, token=token, params={"space": space})

    def bucket(self, token: str, space: str, number: int) -> Bucket:
        """All records of one bucket of a space."""
        return self._message("GET", "/v1/bucket", Bucket, token=token, params={"space": space, "bucket": str(number)})

    def courier(self, token: str, batch: CourierBatch) -> CourierReceipts:
        """Deliver what others sealed."""
        return self._message("POST", "/v1/courier", CourierReceipts, body=batch, token=token)

    def snapshot(self, token: str, digest: str, start: int) -> Generator[bytes]:
        """The bytes of a snapshot file from ``start`` on, as they come. The server has agreed when this returns."""
        headers = {"Authorization": f"Bearer {token}", "Accept-Encoding": "identity"}
        if start:
            headers["Range"] = f"bytes={start}-"
        with _translated():
            reply = self._ask("GET", f"/v1/snapshot-files/{digest}", headers)
            if reply.status_code != (206 if start else 200):
                with reply:
                    raise refusal(reply.status_code, reply.headers, _content(reply))
        return _chunks(reply)

    def hints(self, token: str) -> Stream:
        """The stream of server-sent events that tells which spaces move. The server has agreed when this returns."""
        headers = {"Authorization": f"Bearer {token}", "Accept": "text/event-stream", "Accept-Encoding": "identity"}
        with _translated():
            reply = self._ask("GET", "/v1/hints", headers, silence_s=SILENCE_S)
            kind = reply.headers.get("Content-Type", "").partition(";")[0].strip().lower()
            if reply.status_code != 200 or kind != "text/event-stream":
                with reply:
                    refused = reply.status_code != 200
                    raise refusal(reply.status_code, reply.headers, _content(reply)) if refused else BadReply()
        return Stream(reply)

    def _message(
        self,
        method: str,
        path: str,
        kind: type[Message],
        *,
        body: object = None,
        token: str = "",
        params: dict[str, str] | None = None,
    ) -> Message:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        data = None
        if body is not None:
            data = codec.encode(body)
            headers["Content-Type"] = "application/json"
            if self._packs and len(data) > _WORTH_PACKING:
                data, headers["Content-Encoding"] = zstandard.compress(data), PACKINGS[0]
        with _translated(), self._ask(method, path, headers, data, params) as reply:
            content = _content(reply)
            if reply.status_code == 415 and self._packs:  # the server takes it, what stands before it does not
                self._packs, self._unpackable = False, True
                return self._message(method, path, kind, body=body, token=token, params=params)
            if reply.status_code != 200:
                raise refusal(reply.status_code, reply.headers, content)
            return codec.decode(content, kind)

    def _ask(
        self,
        method: str,
        path: str,
        headers: dict[str, str],
        data: bytes | None = None,
        params: dict[str, str] | None = None,
        silence_s: float = READ_S,
    ) -> requests.Response:
        return self._session.request(
            method,
            self._url + path,
            data=data,
            headers=headers,
            params=params,
            stream=True,
            timeout=(CONNECT_S, silence_s),
            allow_redirects=False,
        )


def _own_token(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


@contextmanager
def _translated() -> Iterator[None]:
    """Failures of the network, whatever their kind, are one thing to a post: the server can't be reached."""
    try:
        yield
    except (RequestException, HTTPError, OSError) as error:
        raise Unreachable(kind=type(error).__name__) from None


def _chunks(reply: requests.Response) -> Generator[bytes]:
    with _translated(), reply:
        yield from iter(lambda: reply.raw.read1(_CHUNK), b"")


class Stream:
    """A reply that lasts, read by one thread; another one may cut it."""

    def __init__(self, reply: requests.Response) -> None:
        self._reply = reply

    def chunks(self) -> Iterator[bytes]:
        """What comes, as it comes.

        :raises Unreachable: nothing came for too long, or the connection broke.
        """
        with _translated():
            yield from iter(lambda: self._reply.raw.read1(_CHUNK), b"")

    def cut(self) -> None:
        """Have whoever reads it find its end at once."""
        with suppress(OSError, RuntimeError, ValueError):  # it has ended already
            self._reply.raw.shutdown()

    def close(self) -> None:
        """Let go of the connection."""
        self._reply.close()


class _Arriving:
    """A body as it comes. It may be slow, not endless."""

    def __init__(self, reply: requests.Response) -> None:
        self._raw = reply.raw
        self._until = time.monotonic() + MESSAGE_S

    def read(self, size: int = -1) -> bytes:
        """What came, at most ``size`` bytes."""
        if time.monotonic() > self._until:
            raise TryLater("reply_too_slow")
        came: bytes = self._raw.read1(size)
        return came


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


def _content(reply: requests.Response) -> bytes:
    """The body, decompressed, within bounds."""
    encoding, arriving = reply.headers.get("Content-Encoding", "identity").lower(), _Arriving(reply)
    try:
        if encoding == "zstd":
            return _bounded(zstandard.ZstdDecompressor().stream_reader(cast("IO[bytes]", arriving)))
        if encoding == "gzip":
            return _bounded(gzip.GzipFile(fileobj=cast("IO[bytes]", arriving)))
    except (zstandard.ZstdError, EOFError, gzip.BadGzipFile, zlib.error):
        raise BadReply("reply_not_json") from None
    return _bounded(arriving)


def _bounded(stream: _Readable) -> bytes:
    parts, size = [], 0
    while chunk := stream.read(_CHUNK):
        size += len(chunk)
        if size > codec.MAX_MESSAGE_BYTES:
            raise BadReply("reply_too_large", bytes=size)
        parts.append(chunk)
    return b"".join(parts)
