"""A newer keystroke cuts the older look-up short, and nothing else."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import text

from guichet_sync.domain.errors import Interrupted
from guichet_sync.domain.words import Language
from guichet_sync.store import search
from guichet_sync.store.database import reading
from guichet_sync.store.interrupting import Interrupter, current, interruptible
from guichet_sync.store.post import PostStore
from tests.helpers.stores import TODAY, capture, fiche, receive_fiches

ENDLESS = text("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n")


@contextmanager
def _typing_on(interrupter: Interrupter) -> Iterator[None]:
    """Another thread types, again and again."""
    done = threading.Event()

    def type_on() -> None:
        while not done.wait(0.001):
            interrupter.interrupt()

    typing = threading.Thread(target=type_on, name="typing")
    typing.start()
    try:
        yield
    finally:
        done.set()
        typing.join()


def test_a_look_up_under_way_is_cut_short_and_the_next_one_is_not(store: PostStore) -> None:
    receive_fiches(store, fiche("F1", "Feuilles mortes"))
    interrupter = Interrupter()
    with interruptible(interrupter):
        assert current() is interrupter
        with pytest.raises(Interrupted), _typing_on(interrupter), reading(store.public) as connection:
            connection.execute(ENDLESS)
        assert search.search(store, "feuilles", Language.FR, 5, TODAY).hits
    assert current() is None


def test_what_is_not_a_look_up_of_the_block_is_never_cut(store: PostStore) -> None:
    interrupter = Interrupter()
    interrupter.interrupt()
    with _typing_on(interrupter):
        with interruptible(interrupter):
            for _ in range(20):
                capture(store)
        with reading(store.work) as connection:
            assert connection.execute(text("SELECT count(*) FROM outbox")).scalar() == 20
