"""What a person does is on the disk whole, or not at all, whatever happens to the program."""

from __future__ import annotations

import random
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from guichet_sync.domain.errors import NotEnrolled
from guichet_sync.domain.ids import ProvisionalNumber
from guichet_sync.domain.intents import IntentKind
from guichet_sync.domain.request import SyncState
from guichet_sync.protocol.messages import IntentOutcome, IntentReceipt
from guichet_sync.store import account, outbox, schema
from guichet_sync.store.database import reading
from guichet_sync.store.post import PostStore
from guichet_sync.store.work_unit import drafts, work_unit
from tests.helpers.stores import ENROLMENT, NOW, body_of, capture, creation, enrolled_store, open_store


class _Stumble(Exception):
    """Something goes wrong while saving."""


def _last_number(store: PostStore) -> int:
    with reading(store.work) as connection:
        return connection.execute(select(schema.counter.c.last)).scalar() or 0


def test_number_outbox_and_end_of_the_draft_are_one(store: PostStore) -> None:
    with work_unit(store) as work:
        work.save_draft("draft", b"typed", NOW)
    with pytest.raises(_Stumble), work_unit(store) as work:
        work.enqueue(creation(str(work.take_number())))
        work.remove_draft("draft")
        raise _Stumble
    assert (_last_number(store), outbox.items(store), drafts(store)) == (0, (), (b"typed",))
    with work_unit(store) as work:
        number = str(work.take_number())
        work.enqueue(creation(number), number=number, label="NDP")
        work.remove_draft("draft")
    (item,) = outbox.items(store, "M. Gagnon")
    assert (item.number, item.label, item.author, item.state) == ("C07-0001-V", "NDP", "M. Gagnon", SyncState.WAITING)
    assert (_last_number(store), drafts(store)) == (1, ())
    assert item.captured_at == NOW


def test_without_an_enrolment_there_is_no_number(profile: Path) -> None:
    with closing(open_store(profile)) as store:
        with pytest.raises(NotEnrolled), work_unit(store) as work:
            work.take_number()
        with pytest.raises(NotEnrolled):
            account.read(store)


def test_two_people_on_one_post_never_give_the_same_number(profile: Path) -> None:
    with closing(enrolled_store(profile)) as first, closing(open_store(profile, "second")) as second:
        account.write(second, replace(ENROLMENT, code="C08", enrolment="enrolment-2"))
        given = [body_of(capture(each)).provisional_number for each in (first, second, first, second)]
    assert [str(number).rpartition("-")[0] for number in given] == ["C07-0001", "C08-0001", "C07-0002", "C08-0002"]


def test_a_new_code_counts_from_one_and_the_old_one_is_not_forgotten(store: PostStore) -> None:
    capture(store)
    account.change(store, code="D01")
    assert ProvisionalNumber.parse(body_of(capture(store)).provisional_number) == ProvisionalNumber("D01", 1)
    account.change(store, code="C07")
    assert ProvisionalNumber.parse(body_of(capture(store)).provisional_number) == ProvisionalNumber("C07", 2)


def test_a_draft_is_kept_as_it_was_last_typed(store: PostStore) -> None:
    with work_unit(store) as work:
        work.save_draft("a", b"1", NOW)
        work.save_draft("b", b"2", NOW.replace(hour=16))
        work.save_draft("a", b"3", NOW.replace(hour=17))
    assert drafts(store) == (b"3", b"2")


def test_what_was_not_sent_can_be_taken_back_and_nothing_else(store: PostStore) -> None:
    kept, tried, back = capture(store), capture(store), capture(store)
    outbox.seal(store, [tried.intent_id])
    outbox.postpone(store, [tried.intent_id], "try_later", NOW)
    with work_unit(store) as work:
        assert work.withdraw(back.intent_id)
        assert not work.withdraw(tried.intent_id)
        assert not work.withdraw("unknown")
    assert [item.intent_id for item in outbox.items(store)] == [kept.intent_id, tried.intent_id]


def test_what_is_taken_out_is_told_and_is_gone_with_the_transaction_alone(store: PostStore) -> None:
    refused = capture(store, "Une odeur")
    outbox.seal(store, [refused.intent_id])
    outbox.record(store, [IntentReceipt(refused.intent_id, IntentOutcome.REFUSED, code="unknown_category")])
    (listed,) = outbox.items(store)
    with pytest.raises(_Stumble), work_unit(store) as work:
        assert work.take_out(refused.intent_id, (SyncState.WAITING,)) is None
        assert work.take_out(refused.intent_id, (SyncState.REFUSED,), IntentKind.RECORD_ANSWER) is None
        assert work.take_out(refused.intent_id, (SyncState.REFUSED,), IntentKind.CREATE_REQUEST) == (refused, listed)
        raise _Stumble
    assert outbox.items(store) == (listed,)


def test_a_number_is_borne_by_the_request_it_was_told_for_alone(store: PostStore) -> None:
    sent = capture(store)
    number = body_of(sent).provisional_number
    with work_unit(store) as work:
        assert not work.may_bear(number)
        assert not work.may_bear("")
        assert work.withdraw(sent.intent_id)
        assert work.may_bear(number)
    account.change(store, code="D01")
    with work_unit(store) as work:
        assert not work.may_bear(number)


def test_only_some_facts_of_an_enrolment_may_change(store: PostStore) -> None:
    account.change(store, token="t", token_expires_at=NOW)
    assert account.read(store) == replace(ENROLMENT, token="t", token_expires_at=NOW)
    assert repr(account.read(store)) == "Account(C07)"
    with pytest.raises(TypeError, match="colour"):
        account.change(store, colour="red")


_AT_WORK = """
import sys; sys.path[:0] = {path!r}
from pathlib import Path
from guichet_sync.store.work_unit import work_unit
from tests.helpers.stores import NOW, creation, open_store
store = open_store(Path(sys.argv[1]))
for turn in range(10_000):
    draft = f"{{sys.argv[2]}}-{{turn}}"
    with work_unit(store) as work:
        work.save_draft(draft, draft.encode(), NOW)
    with work_unit(store) as work:
        number = str(work.take_number())
        work.remove_draft(draft)
        work.enqueue(creation(number, draft), number=number)
    sys.stdout.write(number + "\\n")
    sys.stdout.flush()
"""


def _killed_at_work(profile: Path, name: str, after: int) -> Iterator[str]:
    """The numbers a program said it gave, before it was killed soon after the ``after``-th."""
    program = (sys.executable, "-c", textwrap.dedent(_AT_WORK).format(path=sys.path), profile, name)
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for place, line in enumerate(process.stdout):
            if place == after:
                process.kill()
            if line.endswith("\n"):
                yield line.strip()


def test_a_program_killed_at_any_point_loses_nothing_it_said_and_never_gives_a_number_twice(profile: Path) -> None:
    enrolled_store(profile).close()
    chance = random.Random(7)
    said: list[str] = []
    for turn in range(4):
        said += _killed_at_work(profile, str(turn), chance.randrange(40))
        with closing(open_store(profile)) as store:
            kept = [body_of(intent) for intent, _item in outbox.unsettled(store)]
            numbers = [body.provisional_number for body in kept]
            assert len(set(numbers)) == len(numbers) == _last_number(store)
            assert set(said) <= set(numbers)
            assert not {body.description for body in kept} & {draft.decode() for draft in drafts(store)}
    assert len(set(said)) == len(said)
