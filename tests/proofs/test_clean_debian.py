from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tooling.tree import ROOT

_SEED_PACKAGES = "python3,python3-pip,git,ca-certificates"
_NETWORK = ("/etc/resolv.conf", "/etc/hosts", "/etc/ssl/certs", "/usr/local/share/ca-certificates", "/etc/apt/apt.conf.d")
_HANDED_ON = ("PIP_", "SSL_", "http_proxy", "https_proxy", "no_proxy")


@pytest.fixture(scope="module")
def debian(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A new Debian 12 with Python, pip and root, and a clone of this tree in it."""
    if os.geteuid() != 0 or not shutil.which("debootstrap"):
        pytest.skip("needs root and Debian's `debootstrap`")
    root = tmp_path_factory.mktemp("debian")
    _run("debootstrap", "--variant=minbase", f"--include={_SEED_PACKAGES}", "bookworm", root)
    for path in filter(lambda each: Path(each).exists(), _NETWORK):
        _run("cp", "-aT", path, root / path[1:])
    _run("git", "clone", "--quiet", ROOT, root / "srv" / "guichet")
    _run("mount", "-t", "proc", "proc", root / "proc")
    _run("mount", "--rbind", "--make-rslave", "/dev", root / "dev")
    try:
        yield root
    finally:
        _run("umount", "--lazy", root / "proc", root / "dev")


def _run(*command: str | Path) -> None:
    done = subprocess.run([str(each) for each in command], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}: {done.stderr[-2_000:]}"


def _in(debian: Path, command: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name.startswith(_HANDED_ON)}
    environment = {"HOME": "/srv", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", **kept}
    return subprocess.run(
        ["chroot", str(debian), "bash", "-c", f"cd /srv/guichet && {command}"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.full
def test_the_two_commands_do_all_the_set_up_on_a_clean_debian(debian: Path) -> None:
    demo = _in(debian, "python3 dev.py demo")
    assert demo.returncode == 0, demo.stderr[-2_000:]
    assert "136 pictures" in demo.stdout
    assert len(list((debian / "srv" / "guichet" / "build" / "tour").glob("*.png"))) == 136
    tests = _in(debian, "python3 dev.py test -q tests/domain tests/protocol tests/central/test_feed.py")
    assert tests.returncode == 0, tests.stdout[-2_000:]
    assert "PostgreSQL server not found" in tests.stdout
