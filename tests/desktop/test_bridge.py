from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial

import pytest
from PySide6.QtCore import QObject

from guichet_desktop.bridge import Asking, DeskThread
from guichet_desktop.tour import live, until
from guichet_sync.domain.errors import GuichetError, NotFound
from tests.helpers.strictness import Records

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture
def desk_thread() -> Iterator[DeskThread]:
    thread = DeskThread()
    yield thread
    thread.close()


@pytest.fixture
def asking(desk_thread: DeskThread) -> Asking:
    return Asking(desk_thread, desk_thread)


def test_a_verb_runs_elsewhere_and_its_result_comes_back_to_the_window_s_thread(asking: Asking) -> None:
    found: list[tuple[int, int]] = []
    asking.ask(threading.get_ident, lambda ran_on: found.append((ran_on, threading.get_ident())))
    until(lambda: found, "a result")
    assert found[0][0] != threading.get_ident() == found[0][1]


def test_only_the_newest_look_up_of_a_lane_is_shown(asking: Asking) -> None:
    gate, run, shown = threading.Event(), list[str](), list[str]()

    def find(typed: str) -> str:
        run.append(typed)
        return typed

    asking.ask(gate.wait, lambda _opened: None)
    for typed in ("n", "ne", "nei", "neig"):
        asking.ask(partial(find, typed), shown.append, lane="search")
    asking.ask(lambda: "place", shown.append, lane="place")
    gate.set()
    until(lambda: "place" in shown, "the last result")
    assert shown == ["neig", "place"]
    assert run == ["neig"]


def test_a_look_up_that_runs_is_cut_short_and_never_shown(asking: Asking) -> None:
    started, gate, shown = threading.Event(), threading.Event(), list[str]()

    def slow() -> str:
        started.set()
        gate.wait()
        return "old"

    asking.ask(slow, shown.append, lane="search")
    started.wait()
    asking.ask(lambda: "new", shown.append, lane="search")
    gate.set()
    until(lambda: shown, "a result")
    assert shown == ["new"]


def test_what_is_forgotten_is_not_shown(asking: Asking) -> None:
    gate, shown = threading.Event(), list[str]()
    asking.ask(gate.wait, lambda _opened: None)
    asking.ask(lambda: "old", shown.append, lane="search")
    asking.forget("search")
    asking.ask(lambda: "after", shown.append)
    gate.set()
    until(lambda: shown, "a result")
    assert shown == ["after"]


def test_a_screen_that_is_gone_hears_nothing(desk_thread: DeskThread) -> None:
    gate, shown = threading.Event(), list[str]()
    screen = QObject()
    gone, there = Asking(desk_thread, screen), Asking(desk_thread, desk_thread)
    gone.ask(gate.wait, lambda _opened: shown.append("gone"))
    there.ask(lambda: "there", shown.append)
    screen.deleteLater()
    live()
    gate.set()
    until(lambda: shown, "a result")
    assert shown == ["there"]


def test_a_failure_comes_back_as_itself(asking: Asking) -> None:
    heard: list[GuichetError] = []

    def fail() -> None:
        raise NotFound("article_not_found")

    asking.ask(fail, lambda _nothing: None, heard.append)
    until(lambda: heard, "the failure")
    assert heard[0].code == "article_not_found"


def test_an_unforeseen_exception_is_told_without_its_message_and_the_thread_goes_on(
    asking: Asking, expected_logs: Records
) -> None:
    heard: list[GuichetError] = []

    def fail() -> None:
        raise ZeroDivisionError("450 555-0142")

    asking.ask(fail, lambda _nothing: None, heard.append)
    until(lambda: heard, "the failure")
    assert heard[0].code == "unexpected"
    assert expected_logs.lines == ["guichet_desktop.bridge: a verb failed: ZeroDivisionError"]
    assert "450" not in str(heard[0])


def test_closing_finishes_what_was_asked_and_tells_nobody() -> None:
    thread, written, told = DeskThread(), list[int](), list[int]()
    asking = Asking(thread, thread)
    for place in range(50):
        asking.ask(lambda place=place: written.append(place), lambda _nothing: told.append(0))  # type: ignore[misc]
    thread.close()
    live()
    assert written == list(range(50))
    assert not told
