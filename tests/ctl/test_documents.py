from __future__ import annotations

import json
from typing import Any

from guichet_sync.central.demo import PASSWORD
from guichet_sync.domain.article import Freshness
from guichet_sync.domain.category import Nature
from guichet_sync.domain.request import Channel, RequestStatus, SyncState
from tests.ctl.programs import Ctl
from tests.ctl.shapes import NUMBER, TEXT_OR_NOTHING, Shape, day, instant, misfits, one_of
from tests.helpers.central import CLERK, CentralServer

NOTHING = type(None)
POTHOLE: dict[str, Any] = {
    "channel": "phone",
    "nature": "request",
    "category": "NDP",
    "location": {"id": "A00831"},
    "answers": {"dim": "gros"},
    "description": "Devant l’entrée",
    "requester": {"name": "Luce Roy", "phone": "450 555-0123", "email": "", "language": "fr", "prefers": "phone"},
    "attachments": [],
    "urgent": False,
}
SUMMARY: Shape = {
    "id": str,
    "number": str,
    "provisional_number": str,
    "category": str,
    "service": str,
    "status": one_of(*RequestStatus),
    "opened_at": instant,
    "where": {"id": str, "label": str, "lat": (float, NOTHING), "lon": (float, NOTHING)},
    "promised_on": (day, NOTHING),
    "urgent": bool,
    "requester_count": int,
}


def captured(ctl: Ctl, **changes: Any) -> Any:
    return ctl.json("capture", "-", stdin=json.dumps(POTHOLE | changes).encode())


def test_enrol_and_sync(new_ctl: Ctl, central: CentralServer) -> None:
    enrolled = new_ctl.json(
        "enrol", "--server", central.url + "/", "--user", CLERK, "--password-stdin", stdin=f"{PASSWORD}\n".encode()
    )
    assert misfits(enrolled, {"post": str, "user": str, "server": str, "epoch": str}) == []
    assert (enrolled["user"], enrolled["server"]) == (CLERK, central.url)
    synced = new_ctl.json("sync")
    figures = ("sent", "accepted", "refused", "quarantined", "received")
    assert misfits(synced, dict.fromkeys(figures, int) | {"cursor": dict, "elapsed_ms": NUMBER}) == []
    assert synced["received"] > 2785
    assert synced["cursor"].keys() >= {"kb", "taxonomy", "places"}
    assert new_ctl.json("status")["online"] is True
    central.stop()
    away = new_ctl("--json", "sync")
    assert (away.status, away.document["received"]) == (1, 0)
    assert away.err.startswith("Le serveur central ne répond pas. Continuez à travailler")


def test_search(ctl: Ctl) -> None:
    found = ctl.json("search", "quand passe le recyclage", "--limit", "3")
    hit = {
        "article_id": str,
        "title": str,
        "service": str,
        "freshness": one_of(*Freshness),
        "snippet": str,
        "score": float,
    }
    assert misfits(found, {"query": str, "corrected": TEXT_OR_NOTHING, "elapsed_ms": NUMBER, "hits": [hit]}) == []
    assert found["query"] == "quand passe le recyclage"
    assert found["hits"][0]["article_id"] == "COL-001"
    assert len(found["hits"]) == 3
    english = ctl.json("search", "what day is collection", "--lang", "en")["hits"][0]
    assert english["title"] == ctl.json("article", english["article_id"], "--lang", "en")["title"]
    assert ctl.json("search", "?!")["hits"] == []


def test_article(ctl: Ctl) -> None:
    parts = {
        **dict.fromkeys(("title", "say", "summary", "duration", "cost", "responsible", "body", "service", "category"), str),
        **{name: [str] for name in ("checks", "bring", "phrasings", "must_say", "related")},
        **dict.fromkeys(("verified_on", "review_on", "expires_on"), (day, NOTHING)),
        "article_id": str,
        "lang": one_of("fr", "en"),
        "freshness": one_of(*Freshness),
        "owner": {"fr": str, "en": str},
        "fr": dict,
        "en": (dict, NOTHING),
    }
    fiche = ctl.json("article", "COL-001")
    assert misfits(fiche, parts) == []
    assert fiche["title"] == fiche["fr"]["title"] != fiche["en"]["title"]
    assert ctl.json("article", "COL-001", "--lang", "en")["title"] == fiche["en"]["title"]


def test_answer(ctl: Ctl) -> None:
    given = ctl.json("answer", "COL-001", "--channel", "counter")
    assert misfits(given, {"interaction_id": str, "outcome": one_of("answered"), "intent_id": str}) == []


def test_capture(ctl: Ctl) -> None:
    saved = captured(ctl)
    similar = {"number": str, "distance_m": NUMBER, "opened_at": instant, "status": one_of(*RequestStatus)}
    shape = {
        "request_id": str,
        "provisional_number": str,
        "promised_on": day,
        "promised_why": str,
        "routed_to": str,
        "routed_why": str,
        "similar": [similar],
        "state": one_of("waiting"),
    }
    assert misfits(saved, shape) == []
    assert captured(ctl)["similar"][0]["distance_m"] == 0
    assert saved["routed_why"] == f"Ira à {saved['routed_to']} car catégorie + quartier"
    at_once = captured(ctl, category="COL-HORAIRE", answers={}, requester=None)
    assert (at_once["promised_on"], at_once["promised_why"], at_once["similar"]) == (None, None, [])


def test_request(ctl: Ctl) -> None:
    saved = captured(ctl)
    shape = {
        **{name: part for name, part in SUMMARY.items() if name != "opened_at"},
        "nature": one_of(*Nature),
        "channel": one_of(*Channel),
        "captured_at": instant,
        "answers": (dict, NOTHING),
        "description": str,
        "timeline": [{"at": instant, "code": str, "by": str, "note": str}],
        "requester": (dict, NOTHING),
        "sync_state": one_of(*SyncState),
        "refusal": TEXT_OR_NOTHING,
    }
    found = ctl.json("request", saved["provisional_number"].lower())
    assert misfits(found, shape) == []
    assert found["id"] == saved["request_id"]
    assert found["requester"]["name"] == "Luce Roy"
    assert (found["status"], found["sync_state"], found["refusal"]) == ("waiting", "waiting", None)
    mirrored = ctl.json("requests", "--limit", "2")["requests"][1]
    settled = ctl.json("request", mirrored["number"])
    assert misfits(settled, shape) == []
    assert (settled["id"], settled["sync_state"]) == (mirrored["id"], "settled")


def test_requests(ctl: Ctl) -> None:
    own = captured(ctl)["provisional_number"]
    everyones = ctl.json("requests")
    assert misfits(everyones, {"requests": [SUMMARY], "total": int}) == []
    assert everyones["total"] == len(everyones["requests"]) == 43
    assert [each["provisional_number"] for each in ctl.json("requests", "--mine")["requests"]] == [own]
    for words, total, shown in (
        (("--service", "TP"), 27, 27),
        (("--near", "46.05162,-72.967177,1"), 5, 5),
        (("--near", "46.05162,-72.967177,1", "--mine"), 1, 1),
        (("--text", "1077 vieux-moulin"), 5, 5),
        (("--limit", "5", "--offset", "40"), 43, 3),
        (("--mine", "--late"), 0, 0),
    ):
        found = ctl.json("requests", *words)
        assert (found["total"], len(found["requests"])) == (total, shown), words


def test_address_and_collections(ctl: Ctl) -> None:
    found = ctl.json("address", "171 sabliere", "--limit", "2")
    match = dict.fromkeys(("location_id", "label", "postal_code", "sector", "district"), str) | {"lat": float, "lon": float}
    assert misfits(found, {"matches": [match], "elapsed_ms": NUMBER}) == []
    place = found["matches"][0]
    assert place["label"] == "171, chemin de la Sablière"
    coming = ctl.json("collections", place["location_id"], "--from", "2026-12-24")
    assert misfits(coming, {"sector": str, "next": [{"material": str, "date": day, "moved_because": TEXT_OR_NOTHING}]}) == []
    assert any(each["moved_because"] for each in coming["next"])
    assert coming["next"][0]["date"] >= "2026-12-24"
    assert ctl.json("address", "zzz")["matches"] == []


def test_outbox_list(ctl: Ctl) -> None:
    assert ctl.json("outbox", "list") == {"items": []}
    number = captured(ctl)["provisional_number"]
    ctl.json("answer", "COL-001", "--channel", "phone")
    waiting = ctl.json("outbox", "list")
    item = dict.fromkeys(("intent_id", "kind", "number", "author", "last_error"), str) | {
        "state": one_of(*SyncState),
        "attempts": int,
    }
    assert misfits(waiting, {"items": [item]}) == []
    assert [(each["number"], each["author"], each["state"]) for each in waiting["items"]] == [
        (number, "mgagnon", "waiting"),
        ("", "mgagnon", "waiting"),
    ]


def test_status(ctl: Ctl) -> None:
    shape = {
        **dict.fromkeys(("post", "user", "server", "epoch"), str),
        "protocol": int,
        "last_exchange_at": (instant, NOTHING),
        "online": bool,
        "outbox": dict.fromkeys(("pending", "refused", "quarantined"), int),
        "counts": dict.fromkeys(("articles", "categories", "requests", "addresses"), int),
        "store": {"bytes": int, "encrypted": bool},
    }
    status = ctl.json("status")
    assert misfits(status, shape) == []
    assert (status["user"], status["store"]["encrypted"]) == ("mgagnon", True)


def test_doctor(ctl: Ctl) -> None:
    done = ctl("--json", "doctor")
    assert misfits(done.document, {"checks": [{"name": str, "ok": bool, "detail": str, "advice": str}]}) == []
    assert {each["name"] for each in done.document["checks"]} >= {"disk", "keys", "encryption", "integrity", "outbox", "server"}


def test_a_shape_is_not_had_by_what_lacks_a_name_or_has_another_type() -> None:
    assert misfits({"a": 1}, {"a": int, "b": str}) == ["$.b"]
    assert misfits({"a": [True]}, {"a": [int]}) == ["$.a[0]"]
    assert misfits({"a": {}}, {"a": [int]}) == ["$.a[0]"]
    assert misfits({"a": "2026-11-24T10:00:00"}, {"a": instant}) == ["$.a"]
    assert misfits(None, {"a": (int, NOTHING)}) == ["$.a"]
