from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from guichet_desktop.tour import until
from guichet_sync.client.events import Link, Progress, State
from tests.helpers.central import AGENT, CentralServer
from tests.helpers.strictness import Records
from tests.helpers.windows import Sitting, sitting

pytestmark = pytest.mark.usefixtures("qapp")


def _child(there: Sitting) -> int:
    exchange = there.guichet.exchange
    assert exchange is not None
    return exchange.process_id()


def test_an_exchange_process_that_is_killed_starts_again_and_sends_what_waits(
    central: CentralServer, post: Path, expected_logs: Records
) -> None:
    with sitting(post, central.url) as there:
        there.enrols(AGENT)
        killed = _child(there)
        os.kill(killed, signal.SIGKILL)
        there.begins_request("nid-de", "120 ormes")
        there.hands.press("Down")
        number = there.saves()
        until(lambda: f"{number} est maintenant la requête" in there.main.toast.message(), "the official number")
        assert _child(there) not in (0, killed)
    assert expected_logs.lines == ["guichet_desktop.exchange: the exchange ended with status 9"]


def test_a_first_copy_shows_how_far_it_is_and_can_wait(central: CentralServer, post: Path) -> None:
    with sitting(post, central.url) as there:
        there.enrols(AGENT)
        there.main.hear(Progress("places", 40_000, 160_000))
        bar = there.main.status
        assert bar.progress().replace("\xa0", " ") == "Première copie, adresses : 40 000 sur 160 000"
        there.main.hear(Progress("requests/TP", 1, 2))
        assert bar.progress().startswith("Première copie, requêtes")
        there.main.context.commands.action("pause").trigger()
        until(lambda: _child(there) == 0, "the exchange's end")
        there.sees_chip("Suspendue")
        assert not bar.progress()
        there.hands.press("F5")
        there.sees_chip("En ligne")


def test_the_chip_says_what_is_refused_and_why_nothing_is_exchanged(central: CentralServer, post: Path) -> None:
    with sitting(post, central.url) as there:
        there.enrols(AGENT)
        there.main.hear(State(Link.SIGNED_OUT, pending=2, refused=1, code="enrolment_revoked"))
        assert there.main.top.chip.words() == "Session à rouvrir 2 à envoyer · 1 refusé"
        assert there.main.status.said().startswith("L’inscription de ce poste a été révoquée.")


def test_the_exchange_goes_on_behind_the_lock(central: CentralServer, post: Path) -> None:
    with sitting(post, central.url) as there:
        there.enrols(AGENT)
        child = _child(there)
        there.hands.press("Ctrl+L")
        there.signs_in()
        assert _child(there) == child
