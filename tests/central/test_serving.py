from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
import requests

from guichet_sync.central.database import embedded_url
from guichet_sync.client.hints import read
from guichet_sync.domain.words import Language
from guichet_sync.wording import Words
from tests.central.conftest import Run
from tests.helpers.central import AGENT, copied_city
from tests.helpers.wire import Post

pytestmark = pytest.mark.skipif(os.name == "nt", reason="POSIX signals")


@contextmanager
def _serving(url: str, data: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server in a process of its own, and where it answers."""
    command = [sys.executable, "-m", "guichet_sync.central.cli", "--data", str(data), "--json", "serve", "--port", "0", *options]
    environment = os.environ | {"GUICHET_DATABASE_URL": url}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process, json.loads(process.stdout.readline())["url"]
        finally:
            process.kill()


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_server_answers_until_it_is_told_to_end(city_url: str, tmp_path: Path, workers: str) -> None:
    with _serving(city_url, tmp_path / "data", "--workers", workers) as (process, url):
        post = Post.enrol(url, AGENT)
        assert [receipt.number[:3] for receipt in post.send(post.capture())] == ["26-"]
        assert post.manifest("kb").records == 70
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=30)
        assert (process.returncode, out, err) == (0, "", "")
    with pytest.raises(requests.ConnectionError):
        requests.get(f"{url}/healthz", timeout=5)


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_server_that_is_told_to_end_does_not_wait_for_those_who_listen(city: Path, tmp_path: Path, workers: str) -> None:
    with _serving(copied_city(city, tmp_path), tmp_path, "--workers", workers) as (process, url):
        replies = [Post.enrol(url, AGENT).get("/v1/hints", stream=True) for _ in range(5)]
        assert all(next(read(iter(partial(reply.raw.read1, 65_536), b""))) for reply in replies)
        process.send_signal(signal.SIGTERM)
        assert all(reply.raw.read() == b"" for reply in replies)
        assert process.communicate(timeout=30) == ("", "")
        assert process.returncode == 0


def test_ctrl_c_ends_a_server_without_a_fuss(city: Path, tmp_path: Path) -> None:
    with _serving(copied_city(city, tmp_path), tmp_path) as (process, url):
        assert requests.get(f"{url}/readyz", timeout=30).json() == {"status": "ready"}
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=30) == ("", "")
        assert process.returncode == 0


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "192.0.2.1", "no host"])
def test_an_address_that_can_not_be_had_is_a_sentence(city: Path, run: Run, host: str) -> None:
    with socket.create_server(("::1", 0), family=socket.AF_INET6, dualstack_ipv6=False) as six:
        port = six.getsockname()[1]
        with socket.create_server(("127.0.0.1", port)):
            status, out, err = run(f"sqlite:///{city}", "serve", "--host", host, "--port", str(port))
    assert (status, out) == (1, "")
    assert Words(Language.FR).reason("cannot_listen", host=host, port=port).title in err


def test_a_server_is_not_started_on_what_is_no_database_of_ours(tmp_path: Path, run: Run) -> None:
    status, _out, err = run(embedded_url(tmp_path), "serve", "--port", "0")
    assert status == 1
    assert "guichet-central init" in err
