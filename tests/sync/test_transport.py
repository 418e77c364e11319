from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from guichet_sync.client import transport
from guichet_sync.client.engine import ExchangeResult
from guichet_sync.client.lock import exchange_lock
from guichet_sync.client.transport import Transport, check_server
from guichet_sync.domain.errors import BadReply, DiskFull, InvalidInput, StoreBusy, TryLater, Unreachable
from guichet_sync.store.folders import ProfileFolder
from tests.helpers.central import TENANT
from tests.helpers.desk_world import DeskWorld


@pytest.fixture
def line(world: DeskWorld) -> Iterator[Transport]:
    """A connection to the world's server."""
    with closing(Transport(world.server.url)) as opened:
        yield opened


@pytest.mark.parametrize(
    "url", ["https://guichet.exemple.ca", " https://guichet.exemple.ca/ ", "http://127.0.0.1:8000", "http://[::1]:80"]
)
def test_an_address_of_a_server_is_taken_without_its_trailing_slash(url: str) -> None:
    assert check_server(url) == url.strip().rstrip("/")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "guichet",
        "ftp://x",
        "https://",
        "http://[::1",
        "https://x:99999",
        "https://x:y",
        "https://a:b@x",
        "https://x/?q",
        "https://x/#f",
    ],
)
def test_what_is_no_address_of_a_server_is_refused(url: str) -> None:
    with pytest.raises(InvalidInput, match="server_url"):
        check_server(url)


def test_an_address_in_the_clear_is_for_this_machine_alone() -> None:
    with pytest.raises(InvalidInput, match="server_not_https"):
        Transport("http://guichet.exemple.ca")


def test_no_proxy_and_no_netrc_stands_between_a_post_and_a_server_of_the_same_machine(
    world: DeskWorld, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (own_home / ".netrc").write_text("machine 127.0.0.1 login x password y\n")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert world.exchange().failure is None


def test_a_reply_that_drips_for_ever_is_given_up(line: Transport, world: DeskWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "MESSAGE_S", -1.0)
    with pytest.raises(TryLater, match="reply_too_slow"):
        line.hello()
    assert world.exchange().failure is not None


def test_a_redirection_is_not_followed(line: Transport, world: DeskWorld) -> None:
    world.faults.answer_next("/v1/hello", b"", 302, {"Location": f"{world.server.url}/healthz"})
    with pytest.raises(BadReply):
        line.hello()
    assert world.faults.asked == ["/v1/hello"]


def test_a_server_that_is_away_is_unreachable_and_answers_again_when_it_is_back(line: Transport, world: DeskWorld) -> None:
    assert line.hello().tenant == TENANT
    world.server.stop()
    with pytest.raises(Unreachable):
        line.hello()
    world.server.start()
    assert line.hello().tenant == TENANT


@pytest.mark.parametrize("after", [0, 5])
def test_a_reply_cut_short_is_a_failure_of_the_network(line: Transport, world: DeskWorld, after: int) -> None:
    world.faults.cut_next_reply("/v1/hello", after)
    with pytest.raises(Unreachable):
        line.hello()


def test_two_exchanges_of_one_profile_take_turns_or_say_so(world: DeskWorld) -> None:
    held, outcome = world.faults.hold_next("/v1/feed"), list[ExchangeResult]()
    first = threading.Thread(target=lambda: outcome.append(world.exchange()), name="guichet first")
    first.start()
    assert held.arrived.wait(30)
    with pytest.raises(StoreBusy, match="exchange_running"):
        world.exchange()
    held.let_go()
    first.join(30)
    assert [each.failure for each in outcome] == [None]
    assert world.exchange().failure is None


def test_who_waits_for_another_exchange_hears_that_it_should_stop(tmp_path: Path) -> None:
    folder = ProfileFolder(tmp_path)
    with exchange_lock(folder), pytest.raises(StoreBusy), exchange_lock(folder, 3_600, lambda: True):
        pass


def test_a_folder_that_takes_no_lock_is_told(tmp_path: Path) -> None:
    folder = ProfileFolder(tmp_path)
    folder.exchange_lock.mkdir()
    with pytest.raises(DiskFull), exchange_lock(folder):
        pass
