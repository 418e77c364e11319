"""Make the files of a golden profile with the code of the version that is to be kept: see README.md beside."""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path

from guichet_sync.domain.category import Category, PlaceKind, Service
from guichet_sync.domain.location import Location, Material
from guichet_sync.domain.request import RequestStatus
from guichet_sync.domain.routing import RoutingRule, Unit
from guichet_sync.domain.words import Bilingual
from guichet_sync.protocol.messages import IntentOutcome, IntentReceipt
from guichet_sync.protocol.records import ClosedDay, CollectionCalendar, RequesterOf, RoutingTable
from guichet_sync.store import outbox
from guichet_sync.store.database import truncate_log
from guichet_sync.store.post import PostStore
from guichet_sync.store.work_unit import work_unit
from tests.helpers.stores import NOW, TODAY, capture, enrolled_store, fiche, mirrored_request, put, receive, somebody


def _public(store: PostStore) -> None:
    titles = (
        "Feuilles mortes",
        "Bac brisé",
        "Nid-de-poule",
        "Sapin de Noël",
        "Permis de rénovation",
        "Vignette de stationnement",
    )
    fiches = [fiche(f"F{n}", title, body=f"<p>Tout sur : {title}.</p>") for n, title in enumerate(titles)]
    receive(store, "kb", [put("article", each.code, each) for each in fiches])
    taxonomy = [
        put("service", "TP", Service("TP", Bilingual("Travaux publics"))),
        put("category", "NDP", Category("NDP", "TP", Bilingual("Nid-de-poule"))),
        put("routing", "NDP", RoutingTable("NDP", (RoutingRule("NDP", "TP", Unit("TP-N", Bilingual("Nord")), district="N"),))),
        put("closed_day", "2026-12-25", ClosedDay(TODAY.replace(month=12, day=25), Bilingual("Noël"))),
        put("weather", "today", {"snow": 12}),
    ]
    receive(store, "taxonomy", taxonomy)
    homes = [Location(f"A{n}", PlaceKind.ADDRESS, f"{n}, rue des Érables", 46.0, -72.9, civic=str(n)) for n in range(1, 41)]
    places = [put("location", each.id, each) for each in homes]
    places += [put("material", "brun", Material("brun", Bilingual("Bac brun")))]
    places += [put("collections", "S1", CollectionCalendar("S1", Bilingual("Secteur 1"), ()))]
    receive(store, "places", places)


def _people(store: PostStore) -> None:
    for service in ("TP", "ENV"):
        known = [mirrored_request(f"{service}-{n}", service=service, number=f"26-00{n}{service}") for n in range(3)]
        receive(store, f"requests/{service}", [put("request", each.id, each, f"intent of {each.id}") for each in known])
        people = [put("requester", f"{each.id}/1", RequesterOf(each.id, somebody())) for each in known]
        receive(store, f"people/{service}", people)
    closed = mirrored_request("TP-0", number="26-000TP", status=RequestStatus.DONE)
    receive(store, "requests/TP", [put("request", "TP-0", closed)])


def _work(store: PostStore) -> None:
    with work_unit(store) as work:
        for _ in range(41):
            work.take_number()
    waiting, sealed, refused, aside, accepted = (
        capture(store, description) for description in ("attend", "scellée", "refusée", "mise de côté", "acceptée")
    )
    outbox.seal(store, [each.intent_id for each in (sealed, refused, aside, accepted)])
    outbox.quarantine(store, aside.intent_id, "reply_shape")
    answers = [
        IntentReceipt(refused.intent_id, IntentOutcome.REFUSED, code="unknown_category"),
        IntentReceipt(accepted.intent_id, IntentOutcome.APPLIED, number="26-000099", effect={"requests/TP": 99}),
    ]
    outbox.record(store, answers)
    with work_unit(store) as work:
        work.save_draft("draft", '{"description": "brouillon commencé"}'.encode(), NOW)
    assert outbox.items(store)[0].intent_id == waiting.intent_id


def main(folder: Path) -> None:
    """Write the three files of a profile in ``folder``."""
    with closing(enrolled_store(folder)) as store:
        _public(store)
        _people(store)
        _work(store)
        for engine in (store.public, store.people, store.work):
            truncate_log(engine)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
