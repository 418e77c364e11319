"""Each verb: read the options, ask the desk, print."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Callable
from datetime import date
from typing import Any

from guichet_sync.domain.errors import InvalidInput
from guichet_sync.domain.request import Channel
from guichet_sync.domain.words import Language
from guichet_sync.protocol import codec
from guichet_sync.store.projection import Near, RequestFilter
from guichet_sync.wording.desk_words import FRESHNESS, STATUS, SYNC_STATE, promise_arithmetic, promise_to_read, routing_to_read

from ..desk import capture, enrolment, lookup, shift
from ..desk.desk import Desk
from ..profiles import Profile, open_profile
from . import profile_path
from .capture_file import read_capture
from .output import Output
from .timing import Stopwatch

Verb = Callable[[argparse.Namespace, Output, Desk], int]


def run(options: argparse.Namespace, output: Output) -> int:
    """Run the verb asked for; its exit status."""
    if options.verb == "sync":
        from .sync import sync

        return sync(options, output)
    if options.verb == "doctor":
        from .doctor import doctor

        return doctor(options, output)
    profile = open_profile(profile_path(options), _ask_passphrase(output))
    if options.verb == "enrol":
        return _enrol(options, output, profile)
    desk = enrolment.open_desk(profile, options.as_user)
    try:
        return _VERBS[options.verb](options, output, desk)
    finally:
        desk.close()


def _ask_passphrase(output: Output) -> Callable[[], str] | None:
    if not sys.stdin.isatty():
        return None
    return lambda: getpass.getpass(output.words.text("Phrase de passe du profil : "))


def _enrol(options: argparse.Namespace, output: Output, profile: Profile) -> int:
    if options.password_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = getpass.getpass(output.words.text("Mot de passe : "))
    desk = enrolment.enrol(profile, options.server, options.user, password)
    try:
        known = shift.status(desk)
        document = {"post": known.post, "user": known.user, "server": known.server, "epoch": known.epoch}
        return output.say(document, [output.words.text("Ce poste est inscrit ({post}).", post=known.post)])
    finally:
        desk.close()


def _search(options: argparse.Namespace, output: Output, desk: Desk) -> int:
    watch = Stopwatch()
    found = lookup.search(desk, options.text, _in(options, output), options.limit)
    document = {
        "query": found.query,
        "corrected": found.corrected,
        "elapsed_ms": watch.ms(),
        "hits": [codec.to_body(hit) for hit in found.hits],
    }
    lines = [f"{hit.article_id}\t{hit.title}\t[{output.words.text(FRESHNESS[hit.freshness])}]" for hit in found.hits]
    return output.say(document, lines or [output.words.text("Aucune fiche trouvée.")])


def _article(options: argparse.Namespace, output: Output, desk: Desk) -> int:
    language = _in(options, output)
    found = lookup.article(desk, options.id)
    shown = found.text(language)
    document = codec.to_body(found) | codec.to_body(shown)
    for part in ("terms_fr", "terms_en"):
        document.pop(part)
    document |= {"article_id": found.code, "freshness": found.freshness(desk.today()), "lang": language}
    return output.say(document, [shown.title, "", shown.say, *(f"– {check}" for check in shown.checks)])


def _answer(options: argparse.Namespace, output: Output, desk: Desk) -> int:
    given = capture.give_answer(desk, options.article_id, Channel(options.channel), _in(options, output))
    document = {"interaction_id": given.interaction_id, "intent_id": given.intent_id, "outcome": given.outcome}
    return output.say(document, [output.words.text("Réponse comptée.")])


def _capture(options: argparse.Namespace, output: Output, desk: Desk) -> int:
    words = output.words
    done = capture.submit(desk, read_capture(options.file, desk), words.language)
    seen = done.preview
    services = lookup.services(desk)
    to = seen.routing.unit.name if seen.routing.unit else services[seen.routing.service].name
    why = [promise_arithmetic(words, seen.promise)] if seen.promise else []
    routed = routing_to_read(words, seen.routing, words.both(services[seen.routing.service].name))
    document = {
        "request_id": done.request_id,
        "provisional_number": done.provisional_number,
        "promised_on": seen.promise.on.isoformat() if seen.promise else None,
        "promised_why": why[0] if why else None,
        "promised_steps": codec.to_body(seen.promise) if seen.promise else None,
        "routed_to": words.both(to),
        "routed_why": routed,
        "similar": [_similar(each) for each in seen.similar],
        "urgent": seen.urgent,
        "state": done.state,
    }
    return output.say(document, [done.provisional_number, promise_to_read(words, seen.promise), *why, routed])


def _similar(each: Any) -> dict[str, Any]:
    request = each.request
    return {
        "number": request.number or request.provisional_number,
        "distance_m": round(each.distance_m),
        "opened_at": request.opened_at.isoformat(),
        "status": request.status,
    }


def _request(options: argparse.Namespace, output: Output, desk: Desk) -> int:
    found = lookup.request(desk, options.number)
    request, words = found.request, output.words
    document = codec.to_body(request) | {
        "requester": codec.to_body(found.requester) if found.requester else None,
        "sync_state": found.sync_state,
        "refusal": found.refusal or None,
    }
    numbers = " / ".join(filter(None, (request.number, request.provisional_number)))
    return output.say(document, [numbers, words.text(STATUS[request.status]), words.text(SYNC_STATE[found.sync_state])])


def _requests(options: argparse.Namespace, output: Output, desk: Desk) -> int:
    wanted = RequestFilter(
        mine=options.mine,
        service=options.service,
        late_on=desk.today() if options.late else None,
        near=_near(options.near),
        text=options.text,
        limit=options.limit,
        offset=options.offset,
    )
    found = lookup.requests(desk, wanted)
    document = {"requests": [codec.to_body(each) for each in found.requests], "total": found.total}
    lines = [
        f"{each.number or each.provisional_number}\t{each.category}\t{output.words.text(STATUS[each.status])}"
        for each in found.requests
    ]
    return output.say(document, lines)


def _near(text: str) -> Near | None:
    if not text:
        return None
    try:
        lat, lon, radius = map(float, text.split(","))
    except ValueError:
        raise InvalidInput("near_form", field="near") from None
    return Near((lat, lon), radius)


def _address(options: argparse.Namespace, output: Output, desk: Desk) -> int:
    watch = Stopwatch()
    found = lookup.addresses(desk, options.text, options.limit)
    matches = [
        {
            "location_id": place.id,
            "label": place.label,
            "postal_code": place.postal_code,
            "sector": place.sector,
            "district": place.district,
            "lat": place.lat,
            "lon": place.lon,
        }
        for place in found
    ]
    lines = [f"{place.id}\t{place.label}\t{place.postal_code}" for place in found]
    return output.say({"matches": matches, "elapsed_ms": watch.ms()}, lines)


def _collections(options: argparse.Namespace, output: Output, desk: Desk) -> int:
    sector, found = lookup.collections(desk, options.location_id, _date(options.since))
    names = lookup.materials(desk)
    coming = [
        {"material": each.material, "date": each.on.isoformat(), "moved_because": each.moved_because or None}
        for each in found
    ]
    lines = [
        f"{output.words.day(each.on)}\t{output.words.both(names[each.material].name) if each.material in names else each.material}"
        for each in found
    ]
    return output.say({"sector": sector, "next": coming}, lines)


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise InvalidInput("date_form", field="from") from None


def _status(_options: argparse.Namespace, output: Output, desk: Desk) -> int:
    known = shift.status(desk)
    document = codec.to_body(known)
    document["store"] = {"bytes": document.pop("bytes"), "encrypted": document.pop("encrypted")}
    words = output.words
    waiting = words.plural("{n} à envoyer", "{n} à envoyer", known.outbox.pending)
    last = words.text("jamais") if known.last_exchange_at is None else known.last_exchange_at.isoformat()
    return output.say(document, [words.text("Poste {post}", post=known.post), waiting, last])


def _outbox(_options: argparse.Namespace, output: Output, desk: Desk) -> int:
    items = shift.outbox_items(desk)
    lines = [f"{each.number}\t{output.words.text(SYNC_STATE[each.state])}\t{each.last_error}" for each in items]
    return output.say({"items": [codec.to_body(each) for each in items]}, lines)


def _in(options: argparse.Namespace, output: Output) -> Language:
    return Language(options.in_language) if options.in_language else output.words.language


_VERBS: dict[str, Verb] = {
    "search": _search,
    "article": _article,
    "answer": _answer,
    "capture": _capture,
    "request": _request,
    "requests": _requests,
    "address": _address,
    "collections": _collections,
    "status": _status,
    "outbox": _outbox,
}
