"""Verbs about what people ask: answers, captures, requests."""

from __future__ import annotations

import argparse
from datetime import datetime
from typing import Any

from guichet_sync.domain.duplicate import Similar
from guichet_sync.domain.request import Channel, RequestSummary, RequestView
from guichet_sync.protocol import codec
from guichet_sync.store.projection import Near, RequestFilter
from guichet_sync.wording import Words
from guichet_sync.wording.desk_words import STATUS, SYNC_STATE, event_name, promise_arithmetic, promise_to_read, routing_to_read

from ..desk import capture, lookup
from ..desk.capture import Captured
from ..desk.desk import Desk
from .capture_file import read_capture
from .lookup_verbs import language_of
from .output import Output


def _answer(options: argparse.Namespace, output: Output, desk: Desk) -> int:
    given = capture.give_answer(desk, options.article_id, Channel(options.channel), language_of(options, output))
    return output.say(codec.to_body(given), [output.words.text("Réponse comptée.")])


def _capture(options: argparse.Namespace, output: Output, desk: Desk) -> int:
    words = output.words
    done = capture.submit(desk, read_capture(options.file, desk), words.language)
    document = _captured(words, done, _service_name(words, desk, done.preview.routing.service))
    promise = promise_to_read(words, done.preview.promise)
    lines = (done.provisional_number, promise, document["promised_why"], document["routed_why"])
    return output.say(document, filter(None, lines))


def _service_name(words: Words, desk: Desk, code: str) -> str:
    service = lookup.services(desk).get(code)
    return words.both(service.name) if service else code


def _captured(words: Words, done: Captured, service: str) -> dict[str, Any]:
    promise, routing = done.preview.promise, done.preview.routing
    return {
        "request_id": done.request_id,
        "intent_id": done.intent_id,
        "provisional_number": done.provisional_number,
        "promised_on": promise.on.isoformat() if promise else None,
        "promised_why": promise_arithmetic(words, promise) if promise else None,
        "promised_steps": codec.to_body(promise) if promise else None,
        "routed_to": words.both(routing.unit.name) if routing.unit else service,
        "routed_why": routing_to_read(words, routing, service),
        "similar": [_similar(each) for each in done.preview.similar],
        "urgent": done.preview.urgent,
        "state": done.state,
    }


def _similar(each: Similar) -> dict[str, Any]:
    return {
        "number": _number(each.request),
        "distance_m": round(each.distance_m),
        "opened_at": each.request.opened_at.isoformat(),
        "status": each.request.status,
    }


def _number(request: RequestSummary) -> str:
    return request.number or request.provisional_number


def _request(options: argparse.Namespace, output: Output, desk: Desk) -> int:
    found = lookup.request(desk, options.number)
    document = codec.to_body(found.request) | {
        "requester": codec.to_body(found.requester) if found.requester else None,
        "sync_state": found.sync_state,
        "refusal": found.refusal or None,
    }
    return output.say(document, _request_lines(output.words, desk, found))


def _request_lines(words: Words, desk: Desk, found: RequestView) -> list[str]:
    request = found.request
    numbers = " / ".join(filter(None, (request.number, request.provisional_number)))
    lines = [f"{numbers}\t{words.text(STATUS[request.status])}\t{words.text(SYNC_STATE[found.sync_state])}"]
    if request.promised_on:
        lines.append(words.text("Promise pour le {day}", day=words.day(request.promised_on)))
    lines += [
        f"{_local(words, desk.local(entry.at))}\t{event_name(words, entry.code)}\t{entry.by}".rstrip()
        for entry in request.timeline
    ]
    return lines


def _local(words: Words, at: datetime) -> str:
    return f"{words.short_day(at)}, {words.time(at)}"


def _requests(options: argparse.Namespace, output: Output, desk: Desk) -> int:
    wanted = RequestFilter(
        mine=options.mine,
        service=options.service,
        late_on=desk.today() if options.late else None,
        near=Near(options.near[:2], options.near[2]) if options.near else None,
        text=options.text,
        limit=options.limit,
        offset=options.offset,
    )
    found = lookup.requests(desk, wanted)
    document = {"requests": [codec.to_body(each) for each in found.requests], "total": found.total}
    lines = [_line(output.words, each) for each in found.requests]
    return output.say(document, [*lines, output.words.plural("{n} requête", "{n} requêtes", found.total)])


def _line(words: Words, each: RequestSummary) -> str:
    return "\t".join((_number(each), each.category, words.text(STATUS[each.status]), each.where.label)).rstrip()


VERBS = {"answer": _answer, "capture": _capture, "request": _request, "requests": _requests}
