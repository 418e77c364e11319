from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Event, Thread
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, select, update

from guichet_sync.central import identity, instance, intake, schema
from guichet_sync.central.database import open_engine, reading, writing
from guichet_sync.central.publish import Change, Publication
from guichet_sync.domain.category import Nature
from guichet_sync.domain.ids import ProvisionalNumber
from guichet_sync.domain.location import Whereabouts
from guichet_sync.domain.request import Channel, Request
from guichet_sync.domain.routing import RoutingRule, Unit
from guichet_sync.domain.spaces import TAXONOMY, Role
from guichet_sync.domain.words import Bilingual
from guichet_sync.protocol import codec
from guichet_sync.protocol.messages import (
    Enrolled,
    EnrolmentRequest,
    FeedEntry,
    IntentBatch,
    IntentOutcome,
    IntentReceipt,
    Person,
)
from guichet_sync.protocol.records import RoutingTable
from tests.helpers.central import AGENT, AUTHOR, EMPLOYEE, SECOND_AGENT, SUPERVISOR, CentralServer
from tests.helpers.wire import SOMEBODY, Post

OFFICIAL = re.compile(r"\d\d-\d{6}")


def _refused(receipt: IntentReceipt) -> str:
    assert receipt.outcome is IntentOutcome.REFUSED
    return receipt.code


def _requests(post: Post, *spaces: str) -> list[Request]:
    return [codec.from_body(entry.body, Request) for entry in _entries(post, *spaces)]


def _entries(post: Post, *spaces: str) -> list[FeedEntry]:
    return [entry for entry in post.read(*spaces) if entry.intent]


def _by_hand(engine: Engine, here: instance.Instance) -> tuple[Post, identity.Caller]:
    """A post that is not behind HTTP: its envelopes, and who brings them."""
    asked = EnrolmentRequest(AGENT, "", "post", "Comptoir 4", 1, 1)
    person = Person(AGENT, "M. Gagnon", Role.AGENT)
    with writing(engine) as connection:
        new = identity.enrol(connection, here.tenant, asked)
    enrolled = Enrolled(here.id, here.tenant, here.epoch, new.id, new.code, new.secret, person, 1, here.timezone)
    return Post("", enrolled, ""), identity.Caller(person, new.id)


def test_a_capture_is_taken_in_with_its_number_its_person_and_its_place_in_the_feed(any_central: CentralServer) -> None:
    post = Post.enrol(any_central.url, AGENT)
    sent = post.capture(requester=SOMEBODY, where=Whereabouts(label="Devant l’école"))
    (receipt,) = post.send(sent)
    assert receipt.outcome is IntentOutcome.APPLIED
    assert OFFICIAL.fullmatch(receipt.number)
    (entry,) = _entries(post, "requests/TP")
    request = codec.from_body(entry.body, Request)
    assert receipt.effect == {"requests/TP": entry.seq}
    assert (entry.intent, request.number, request.requester_count) == (sent.intent_id, receipt.number, 1)
    assert request.where.label == "Devant l’école"
    assert [each.code for each in request.timeline] == ["captured", "transmitted"]
    (person,) = _entries(post, "people/TP")
    assert person.body is not None
    assert person.body["requester"]["name"] == SOMEBODY.name


def test_the_same_intent_again_gets_the_first_receipt(any_central: CentralServer) -> None:
    post = Post.enrol(any_central.url, AGENT)
    sent = post.capture()
    (first,) = post.send(sent)
    (again,) = post.send(sent)
    assert again == replace(first, outcome=IntentOutcome.DUPLICATE)
    refused = post.capture(category="ZZZ")
    assert post.send(refused) == post.send(refused)
    assert len(_entries(post, "requests/TP")) == 1


def test_another_body_under_the_same_id_is_refused_and_changes_nothing(any_central: CentralServer) -> None:
    post = Post.enrol(any_central.url, AGENT)
    sent = post.capture()
    post.send(sent)
    (receipt,) = post.send(replace(post.capture(description="Autre chose"), intent_id=sent.intent_id))
    assert _refused(receipt) == "intent_body_differs"
    assert [each.description for each in _requests(post, "requests/TP")] == ["Trou dans la voie de droite"]


def test_eight_senders_of_one_intent_make_one_request(any_central: CentralServer) -> None:
    post = Post.enrol(any_central.url, AGENT)
    sent = post.capture(requester=SOMEBODY)
    with ThreadPoolExecutor(8) as senders:
        receipts = [receipt for (receipt,) in senders.map(lambda _: post.send(sent), range(8))]
    outcomes = sorted(receipt.outcome for receipt in receipts)
    assert outcomes == [IntentOutcome.APPLIED, *[IntentOutcome.DUPLICATE] * 7]
    assert len({receipt.number for receipt in receipts}) == 1
    assert len(_entries(post, "requests/TP")) == len(_entries(post, "people/TP")) == 1


def test_numbers_are_unique_however_many_capture_at_once(any_central: CentralServer) -> None:
    posts = [Post.enrol(any_central.url, name) for name in (AGENT, SECOND_AGENT)]
    batches = [(post, [post.capture() for _ in range(5)]) for post in posts for _ in range(2)]
    with ThreadPoolExecutor(4) as senders:
        receipts = [each for batch in senders.map(lambda batch: batch[0].send(*batch[1]), batches) for each in batch]
    assert {receipt.outcome for receipt in receipts} == {IntentOutcome.APPLIED}
    numbers = sorted(int(receipt.number[3:]) for receipt in receipts)
    assert numbers == list(range(numbers[0], numbers[0] + 20))


def test_a_poisoned_intent_is_refused_without_holding_the_others(any_central: CentralServer) -> None:
    post = Post.enrol(any_central.url, AGENT)
    twice = post.asked()
    batch = {
        "fine": post.capture(),
        "intent_shape": post.envelope("{", "request.create"),
        "unknown_kind": post.envelope("{}", "request.fly"),
        "body_digest": replace(post.capture(), body_sha256="0" * 64),
        "unknown_category": post.capture(category="ZZZ"),
        "description_too_long": post.capture(description="a" * 10_001),
        "intent_too_large": post.envelope(f'"{"a" * intake.MAX_BODY_BYTES}"', "request.create"),
        "number_form": post.capture(provisional_number="26-000001"),
        "number_check": post.capture(provisional_number=f"{post.enrolled.code}-0001-A"),
        "first": post.envelope(twice, "request.create"),
        "request_exists": post.envelope(replace(twice, provisional_number=""), "request.create"),
        "number_taken": post.capture(provisional_number=twice.provisional_number),
        "last": post.answer(),
    }
    receipts = dict(zip(batch, post.send(*batch.values()), strict=True))
    taken = {name for name, receipt in receipts.items() if receipt.outcome is IntentOutcome.APPLIED}
    assert taken == {"fine", "first", "last"}
    assert {name: receipt.code for name, receipt in receipts.items() if name not in taken} == {
        name: name for name in batch if name not in taken
    }
    assert len(_entries(post, "requests/TP")) == 2


@pytest.mark.parametrize("said", ["\x00", "a" * 201, "ligne\nligne"])
def test_what_no_database_holds_is_refused_alike_on_both_engines(any_central: CentralServer, said: str) -> None:
    post = Post.enrol(any_central.url, AGENT)
    poisoned = [
        post.answer(article=said),
        post.capture(request_id=said),
        replace(post.answer(), intent_id=said),
        replace(post.answer(), kind=said),
        post.envelope('{"a": "\x00"}', "request.create"),
    ]
    receipts = post.send(*poisoned, post.answer())
    assert [receipt.code for receipt in receipts] == ["intent_shape"] * 5 + [""]
    (foreign,) = post.send(replace(post.answer(), enrolment=said))
    assert _refused(foreign) == "not_the_author"


def test_nobody_sends_under_another_s_name(any_central: CentralServer) -> None:
    mine, theirs = Post.enrol(any_central.url, AGENT), Post.enrol(any_central.url, SECOND_AGENT)
    (receipt,) = mine.send(theirs.capture())
    assert _refused(receipt) == "not_the_author"
    assert _refused(mine.send(replace(mine.capture(), enrolment="nobody"))[0]) == "not_the_author"
    stolen = str(ProvisionalNumber(theirs.enrolled.code, 1))
    assert _refused(mine.send(mine.capture(provisional_number=stolen))[0]) == "not_the_author"
    assert theirs.send(theirs.capture())[0].outcome is IntentOutcome.APPLIED


def test_unsent_work_of_an_earlier_enrolment_is_brought_by_the_next(any_central: CentralServer) -> None:
    lost = Post.enrol(any_central.url, AGENT)
    unsent = lost.capture()
    with writing(any_central.engine) as connection:
        identity.revoke(connection, lost.enrolled.tenant, lost.enrolled.code)
    found_again = Post.enrol(any_central.url, AGENT)
    (receipt,) = found_again.send(unsent)
    assert receipt.outcome is IntentOutcome.APPLIED


@pytest.mark.parametrize(("user", "taken"), [(EMPLOYEE, True), (SUPERVISOR, True), (AUTHOR, False)])
def test_only_those_who_serve_people_capture(central: CentralServer, user: str, *, taken: bool) -> None:
    post = Post.enrol(central.url, user)
    for receipt in post.send(post.capture(), post.answer()):
        assert receipt.code == ("" if taken else "not_allowed")


def test_an_answer_is_counted_with_what_it_answered(any_central: CentralServer) -> None:
    post = Post.enrol(any_central.url, AGENT)
    (receipt,) = post.send(post.answer(article="COL-001", category="COL-HORAIRE", channel=Channel.COUNTER, language="en"))
    assert (receipt.outcome, receipt.effect, receipt.number) == (IntentOutcome.APPLIED, {}, "")
    with reading(any_central.engine) as connection:
        row = connection.execute(select(schema.answer)).mappings().one()
    said = (row["article"], row["category"], row["channel"], row["language"])
    assert said == ("COL-001", "COL-HORAIRE", "counter", "en")


def test_who_does_not_read_a_service_is_told_of_no_effect_to_wait_for_there(any_central: CentralServer) -> None:
    post = Post.enrol(any_central.url, EMPLOYEE)  # of the environment; a pothole is for public works
    (receipt,) = post.send(post.capture())
    assert (receipt.outcome, receipt.effect) == (IntentOutcome.APPLIED, {})
    assert OFFICIAL.fullmatch(receipt.number)


def test_a_routing_row_may_send_it_to_another_service(any_central: CentralServer) -> None:
    rule = RoutingRule("NDP", "ING", Unit("ING-PONTS", Bilingual("Ponts")), district="NORD")
    with writing(any_central.engine) as connection:
        publication = Publication(connection, instance.read(connection).tenant)
        publication.put([Change(TAXONOMY, "routing", "NDP", RoutingTable("NDP", (rule,)))])
        publication.commit_order()
    post = Post.enrol(any_central.url, AGENT)
    asked = post.asked(where=Whereabouts(district="NORD"))
    (receipt,) = post.send(post.envelope(asked, "request.create"))
    assert list(receipt.effect) == ["requests/ING"]
    assert [each.unit for each in _requests(post, "requests/ING")] == ["ING-PONTS"]
    elsewhere = replace(asked, provisional_number="", where=Whereabouts(district="SUD"))
    assert _refused(post.send(post.envelope(elsewhere, "request.create"))[0]) == "request_exists"


def test_a_clock_that_is_wrong_at_sending_is_repaired(central: CentralServer) -> None:
    post = Post.enrol(central.url, AGENT)
    wrong = datetime.now(UTC) - timedelta(days=400)
    sent = replace(post.capture(), captured_at=wrong - timedelta(seconds=2))
    post.send(sent, sent_at=wrong)
    (request,) = _requests(post, "requests/TP")
    assert abs(request.captured_at - datetime.now(UTC)) < timedelta(minutes=5)
    assert request.approximate


def test_a_batch_says_where_its_clock_is(central: CentralServer) -> None:
    post = Post.enrol(central.url, AGENT)
    naive = datetime(2026, 11, 24, 10)
    reply = post.post("/v1/intents", IntentBatch((post.capture(),), naive))
    assert (reply.status_code, reply.json()["code"]) == (422, "request_shape")
    assert _refused(post.send(replace(post.capture(), captured_at=naive))[0]) == "intent_shape"
    far = datetime.max.replace(tzinfo=UTC)
    assert post.send(replace(post.capture(), captured_at=far), sent_at=datetime.min.replace(tzinfo=UTC))[0].number


def test_the_year_of_a_number_is_the_city_s(city_url: str) -> None:
    engine = open_engine(city_url)
    with reading(engine) as connection:
        here = instance.read(connection)
    new_year_s_eve = datetime(2026, 12, 31, 23, 30, tzinfo=ZoneInfo("America/Toronto"))
    post, caller = _by_hand(engine, here)
    batch = IntentBatch((post.capture(),), new_year_s_eve)
    (receipt,) = intake.take_in(engine, here, caller, batch, lambda: new_year_s_eve.astimezone(UTC))
    assert receipt.number.startswith("26-")
    engine.dispose()


def test_a_database_that_is_busy_asks_the_post_to_come_back(city_url: str) -> None:
    engine, other = open_engine(city_url, wait_s=1), open_engine(city_url)
    with reading(engine) as connection:
        here = instance.read(connection)
    post, caller = _by_hand(engine, here)
    batch = IntentBatch((post.capture(), post.capture(), post.answer()), datetime.now(UTC))
    held, done = Event(), Event()

    def hold() -> None:
        with writing(other) as connection:
            connection.execute(update(schema.counter).values(last=schema.counter.c.last))
            held.set()
            done.wait()

    holder = Thread(target=hold)
    holder.start()
    held.wait()
    for receipt in intake.take_in(engine, here, caller, batch, lambda: datetime.now(UTC)):
        assert (receipt.outcome, receipt.code, receipt.retry_after_s) == (IntentOutcome.RETRY, "try_later", 5.0)
    done.set()
    holder.join()
    receipts = intake.take_in(engine, here, caller, batch, lambda: datetime.now(UTC))
    assert {receipt.outcome for receipt in receipts} == {IntentOutcome.APPLIED}
    engine.dispose()
    other.dispose()


def test_a_batch_of_more_than_fifty_is_refused(central: CentralServer) -> None:
    post = Post.enrol(central.url, AGENT)
    reply = post.post("/v1/intents", IntentBatch(tuple(post.answer() for _ in range(51)), datetime.now(UTC)))
    assert (reply.status_code, reply.json()) == (422, {"code": "batch_too_long", "values": {"most": 50}})


def test_an_urgent_answer_makes_the_request_urgent(central: CentralServer) -> None:
    post = Post.enrol(central.url, AGENT)
    post.send(post.capture(nature=Nature.COMPLAINT, urgent=True))
    assert [each.urgent for each in _requests(post, "requests/TP")] == [True]
