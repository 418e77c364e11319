"""HTTP to the central server. The only importer of ``requests``; every failure leaves as one of our own errors.

Replies are hostile: their size is bounded while they are read, also after decompression, and they become typed messages or
:class:`~guichet_sync.domain.errors.BadReply`.
"""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar
from urllib.parse import urlsplit

import requests
import zstandard
from requests.exceptions import RequestException
from urllib3.exceptions import HTTPError

from guichet_sync.domain.errors import (
    BadReply,
    InvalidInput,
    NotAllowed,
    ProtocolMismatch,
    ServerRefused,
    SignInRefused,
    TryLater,
    Unreachable,
)
from guichet_sync.protocol import codec
from guichet_sync.protocol.messages import (
    Enrolled,
    EnrolmentRequest,
    ErrorReply,
    FeedReply,
    FeedRequest,
    Hello,
    IntentBatch,
    IntentReceipts,
    SnapshotManifest,
    Token,
    TokenRequest,
)

Message = TypeVar("Message")

CONNECT_S, READ_S = 5.0, 30.0
_CHUNK = 64 * 1024
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_REFUSALS = {401: SignInRefused, 403: NotAllowed, 426: ProtocolMismatch}


def check_server(url: str) -> str:
    """The server's address without a trailing slash.

    :raises InvalidInput: ``server_url`` if it is no http(s) address, ``server_not_https`` if it is in the clear beyond this
        machine.
    """
    parts = urlsplit(url.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
        raise InvalidInput("server_url", field="server")
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        raise InvalidInput("server_not_https", field="server")
    return url.strip().rstrip("/")


class Transport:
    """The server at ``url``, through one kept-alive connection. Not for several threads at once."""

    def __init__(self, url: str) -> None:
        self._url = check_server(url)
        self._session = requests.Session()
        self._session.headers["Accept-Encoding"] = "zstd, gzip"
        self._session.headers["User-Agent"] = "Guichet"

    def close(self) -> None:
        """Close the connection."""
        self._session.close()

    def hello(self) -> Hello:
        """Who answers."""
        return self._message("GET", "/v1/hello", Hello)

    def enrol(self, request: EnrolmentRequest) -> Enrolled:
        """Enrol a person on this post."""
        return self._message("POST", "/v1/enrolments", Enrolled, body=request)

    def token(self, request: TokenRequest) -> Token:
        """A short token for the enrolment's secret."""
        return self._message("POST", "/v1/tokens", Token, body=request)

    def push(self, token: str, batch: IntentBatch) -> IntentReceipts:
        """Send intents."""
        return self._message("POST", "/v1/intents", IntentReceipts, body=batch, token=token)

    def pull(self, token: str, request: FeedRequest) -> FeedReply:
        """Read the feeds."""
        return self._message("POST", "/v1/feed", FeedReply, body=request, token=token)

    def manifest(self, token: str, space: str) -> SnapshotManifest:
        """The snapshot of a space."""
        return self._message("GET", "/v1/snapshots", SnapshotManifest, token=token, params={"space": space})

    def snapshot(self, token: str, manifest: SnapshotManifest) -> Iterator[bytes]:
        """The bytes of a snapshot file as they come; after a broken connection, from where they stopped."""
        at, stalled = 0, False
        while at < manifest.bytes:
            start = at
            try:
                for chunk in self._range(token, manifest, at):
                    at += len(chunk)
                    if at > manifest.bytes:
                        raise BadReply("reply_too_large", bytes=at)
                    yield chunk
            except Unreachable:
                if stalled and at == start:
                    raise
            stalled = at == start

    def _range(self, token: str, manifest: SnapshotManifest, at: int) -> Iterator[bytes]:
        headers = {"Authorization": f"Bearer {token}", "Accept-Encoding": "identity"}
        if at:
            headers["Range"] = f"bytes={at}-"
        with (
            _translated(),
            self._session.get(
                f"{self._url}/v1/snapshot-files/{manifest.digest}",
                headers=headers,
                stream=True,
                timeout=(CONNECT_S, READ_S),
                allow_redirects=False,
            ) as reply,
        ):
            if reply.status_code != (206 if at else 200):
                raise _refusal(reply, _bounded(reply.raw, codec.MAX_MESSAGE_BYTES))
            yield from iter(lambda: reply.raw.read(_CHUNK), b"")

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
        with (
            _translated(),
            self._session.request(
                method,
                self._url + path,
                data=data,
                headers=headers,
                params=params,
                stream=True,
                timeout=(CONNECT_S, READ_S),
                allow_redirects=False,
            ) as reply,
        ):
            content = _content(reply)
            if reply.status_code != 200:
                raise _refusal(reply, content)
            return codec.decode(content, kind)


@contextmanager
def _translated() -> Iterator[None]:
    """Failures of the network, whatever their kind, are one thing to a post: the server can't be reached."""
    try:
        yield
    except (RequestException, HTTPError, OSError) as error:
        raise Unreachable(kind=type(error).__name__) from None


def _content(reply: requests.Response) -> bytes:
    """The body, decompressed, within bounds."""
    limit = codec.MAX_MESSAGE_BYTES
    encoding = reply.headers.get("Content-Encoding", "identity").lower()
    try:
        if encoding == "zstd":
            return _bounded(zstandard.ZstdDecompressor().stream_reader(reply.raw), limit)
        if encoding == "gzip":
            return _bounded(gzip.GzipFile(fileobj=io.BytesIO(_bounded(reply.raw, limit))), limit)
    except (zstandard.ZstdError, EOFError, gzip.BadGzipFile):
        raise BadReply("reply_not_json") from None
    return _bounded(reply.raw, limit)


def _bounded(stream: object, limit: int) -> bytes:
    parts, size = [], 0
    while chunk := stream.read(_CHUNK):  # type: ignore[attr-defined]
        size += len(chunk)
        if size > limit:
            raise BadReply("reply_too_large", bytes=size)
        parts.append(chunk)
    return b"".join(parts)


def _refusal(reply: requests.Response, content: bytes) -> Exception:
    """The error that a status means; a proxy's own page is not the server's word."""
    status = reply.status_code
    if status in (429, 502, 503, 504):
        return TryLater(retry_after_s=_seconds(reply.headers.get("Retry-After", "")))
    try:
        said = codec.decode(content, ErrorReply)
    except BadReply:
        return Unreachable(status=status) if status >= 500 else BadReply(status=status)
    kind = _REFUSALS.get(status, ServerRefused)
    return kind(said.code, **said.values)


def _seconds(header: str) -> float | None:
    return float(header) if header.isdigit() else None
