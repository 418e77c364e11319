"""Messages as HTTP replies, compressed as the post understands, and errors as statuses."""

from __future__ import annotations

import gzip
import logging
import math
import random

import zstandard
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DataError, IntegrityError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException

from guichet_sync.domain.errors import (
    BadReply,
    GuichetError,
    InvalidInput,
    NotAllowed,
    NotFound,
    ProtocolMismatch,
    SignInRefused,
    StoreError,
    TryLater,
)
from guichet_sync.protocol import codec
from guichet_sync.protocol.messages import ErrorReply

_WORTH_COMPRESSING = 1_000
_STATUS: tuple[tuple[type[GuichetError], int], ...] = (
    (SignInRefused, 401),
    (NotAllowed, 403),
    (NotFound, 404),
    (TryLater, 429),
    (ProtocolMismatch, 426),
    (InvalidInput, 422),
    (BadReply, 422),
    (StoreError, 503),
)
_SOONEST_S, _LATEST_S = 3, 8
_UNROUTED = {404: "not_found", 405: "method_not_allowed"}
_log = logging.getLogger(__name__)


def reply(request: Request, message: object) -> Response:
    """A message as JSON, in zstd or gzip where the post accepts it and it is worth it."""
    data = codec.encode(message)
    accepted = request.headers.get("accept-encoding", "")
    headers = {"vary": "accept-encoding", "cache-control": "no-store"}
    if len(data) > _WORTH_COMPRESSING and "zstd" in accepted:
        data, headers["content-encoding"] = zstandard.compress(data, 3), "zstd"
    elif len(data) > _WORTH_COMPRESSING and "gzip" in accepted:
        data, headers["content-encoding"] = gzip.compress(data, 4), "gzip"
    return Response(data, media_type="application/json", headers=headers)


def install_errors(app: FastAPI) -> None:
    """Answer every error with an :class:`ErrorReply`, never with what was sent."""

    @app.exception_handler(GuichetError)
    def _known(_request: Request, error: GuichetError) -> Response:
        status = next((status for kind, status in _STATUS if isinstance(error, kind)), 400)
        wait = getattr(error, "retry_after_s", None)
        headers = {"retry-after": str(math.ceil(wait))} if wait else {}
        if status >= 500:
            _log.error("%s", error)
            headers = _later()
        return _error(status, ErrorReply(error.code, error.values), headers)

    @app.exception_handler(RequestValidationError)
    @app.exception_handler(DataError)
    def _shape(_request: Request, _found: Exception) -> Response:
        """Not a message of ours, or text that the database can't hold."""
        return _error(422, ErrorReply("request_shape"), {})

    @app.exception_handler(HTTPException)
    def _unrouted(_request: Request, error: HTTPException) -> Response:
        code = _UNROUTED.get(error.status_code, "request_shape")
        return _error(error.status_code, ErrorReply(code), dict(error.headers or {}))

    @app.exception_handler(OperationalError)
    @app.exception_handler(InterfaceError)
    @app.exception_handler(IntegrityError)
    @app.exception_handler(PoolTimeout)
    def _database(_request: Request, error: SQLAlchemyError) -> Response:
        """Away, busy, or another transaction was faster: the same may pass later."""
        _log.warning("database unavailable: %s", type(getattr(error, "orig", error)).__name__)
        return _error(503, ErrorReply("try_later"), _later())


def _error(status: int, body: ErrorReply, headers: dict[str, str]) -> Response:
    return Response(codec.encode(body), status, headers, "application/json")


def _later() -> dict[str, str]:
    """When to come back: sixty posts are told sixty things."""
    return {"retry-after": str(random.randint(_SOONEST_S, _LATEST_S))}
