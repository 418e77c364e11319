"""A disk that fails under the post's files: the post starts, or says what is damaged; what waits is kept where its bytes are."""

from __future__ import annotations

import shutil
import subprocess
import sys
import textwrap
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from guichet_sync.domain.errors import StoreDamaged, WrongKey
from guichet_sync.domain.intents import OutboxItem
from guichet_sync.store import catalogue, health, mirror, outbox
from guichet_sync.store.keys import Key
from guichet_sync.store.post import PostStore
from tests.helpers.stores import capture, enrolled_store, fiche, open_store, receive, receive_fiches

PAGE = 4096
SALT = 16
FICHES = 40
MIRRORS = ("public.db", "people.db")

Waiting = tuple[OutboxItem, ...]


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    """Where the post's files are."""
    return tmp_path / "profile"


def filled(store: PostStore) -> Waiting:
    """Several pages of each file; what waits."""
    for n in range(20):
        capture(store, f"trou {n} " * 40)
    receive_fiches(store, *(fiche(f"F{n}", f"Fiche {n}", body="<p>texte</p>" * 40) for n in range(FICHES)))
    receive(store, "requests/TP", [])
    return outbox.items(store)


def path_of(store: PostStore, name: str) -> Path:
    """One of the three files."""
    return next(path for path in store.files if path.name == name)


def flip(path: Path, place: int) -> None:
    """One bit of a file."""
    data = bytearray(path.read_bytes())
    data[place] ^= 0x10
    path.write_bytes(data)


def kept_or_said(profile: Path, waiting: Waiting) -> bool:
    """Whether the post still has all that waits; if not, it says which file is damaged, and leaves that as it is."""
    (work,) = profile.glob("people/*/work.db")
    before = work.read_bytes()
    try:
        with closing(open_store(profile)) as store:
            assert outbox.items(store) == waiting
            return True
    except StoreDamaged as damage:
        assert damage.values["file"] == "work.db"
        assert work.read_bytes() == before
        return False


@pytest.mark.parametrize("place", range(SALT))
def test_damage_to_the_salt_of_what_is_precious_is_told_from_a_wrong_key(profile: Path, place: int) -> None:
    with closing(enrolled_store(profile)) as store:
        filled(store)
    work = path_of(store, "work.db")
    flip(work, place)
    with pytest.raises(StoreDamaged, match=r"work\.db"):
        open_store(profile)
    flip(work, place)
    with pytest.raises(WrongKey):
        open_store(profile, person_key=Key.random())
    with closing(open_store(profile)) as store:
        assert len(outbox.items(store)) == 20


@pytest.mark.parametrize("name", MIRRORS)
def test_a_mirror_whose_salt_is_damaged_begins_anew(profile: Path, name: str) -> None:
    with closing(enrolled_store(profile)) as store:
        waiting = filled(store)
    for place in (0, SALT - 1):
        flip(path_of(store, name), place)
        with closing(open_store(profile)) as again:
            assert outbox.items(again) == waiting
            assert all(each.sound for each in health.files(again))
            receive_fiches(again, fiche("F1", "Revenue"))
            assert catalogue.figures(again).articles >= 1


def test_a_salt_without_its_copy_is_as_it_was_before_there_were_copies(profile: Path) -> None:
    with closing(enrolled_store(profile)) as store:
        filled(store)
    for copy in profile.rglob("*.salt"):
        copy.unlink()
    with closing(open_store(profile)) as store:
        assert len(outbox.items(store)) == 20
    flip(path_of(store, "work.db"), 3)
    with pytest.raises(StoreDamaged, match=r"work\.db"):
        open_store(profile)


def _lengths(size: int) -> list[int]:
    near = [0, 1, SALT - 1, SALT, 100, PAGE - 1, PAGE, PAGE + 1, size - PAGE, size - 1]
    return [*near, *range(2 * PAGE, size, 3 * PAGE), *range(2 * PAGE + 1000, size, 5 * PAGE)]


def test_work_that_is_cut_at_any_length_is_kept_or_said_to_be_damaged(profile: Path) -> None:
    with closing(enrolled_store(profile)) as store:
        waiting = filled(store)
    work = path_of(store, "work.db")
    whole, said = work.read_bytes(), 0
    for length in _lengths(len(whole)):
        work.write_bytes(whole[:length])
        said += not kept_or_said(profile, waiting)
    assert said > 20
    work.write_bytes(whole)
    assert kept_or_said(profile, waiting)


@pytest.mark.parametrize("name", MIRRORS)
def test_a_mirror_that_is_cut_at_any_length_costs_nothing_that_waits_and_comes_back(profile: Path, name: str) -> None:
    with closing(enrolled_store(profile)) as store:
        waiting = filled(store)
    path = path_of(store, name)
    whole = path.read_bytes()
    for length in _lengths(len(whole))[:40]:
        path.write_bytes(whole[:length])
        _comes_back(profile, waiting)


def _comes_back(profile: Path, waiting: Waiting) -> None:
    """At once, or at the next start if damage is only met when the mirror is written or read."""
    for _ in range(2):
        with closing(open_store(profile)) as store:
            assert outbox.items(store) == waiting
            try:
                mirror.forget(store, "kb")
                receive_fiches(store, *(fiche(f"F{n}", f"Fiche {n}") for n in range(FICHES)))
                assert catalogue.figures(store).articles == FICHES
                assert all(each.sound for each in health.files(store)[:1])
            except StoreDamaged as damage:
                assert damage.code == "mirror_damaged"
            else:
                return
    with closing(open_store(profile)) as store:
        receive_fiches(store, *(fiche(f"F{n}", f"Fiche {n}") for n in range(FICHES)))
        assert catalogue.figures(store).articles == FICHES


def test_a_log_with_flipped_bits_gives_what_was_written_before_them_and_nothing_else(profile: Path, tmp_path: Path) -> None:
    with closing(enrolled_store(profile)) as store:
        waiting = filled(store)
        shutil.copytree(profile, tmp_path / "dead", ignore=shutil.ignore_patterns("*-shm"))
    (log,) = (tmp_path / "dead").glob("people/*/work.db-wal")
    whole, fewer = log.read_bytes(), 0
    for place in range(0, len(whole), max(1, len(whole) // 40)):
        shutil.rmtree(profile)
        shutil.copytree(tmp_path / "dead", profile)
        flip(next(iter(profile.glob("people/*/work.db-wal"))), place)
        with closing(open_store(profile)) as again:
            found = outbox.items(again)
        assert found == waiting[: len(found)]
        fewer += len(found) < len(waiting)
    assert fewer > 10


_SHIM = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static int fails(const char *name, int fd) {
    const char *trigger = getenv("GUICHET_FAILS");
    char link[64], path[4096], wanted[64] = {0};
    FILE *file = trigger ? fopen(trigger, "r") : NULL;
    if (!file) return 0;
    int got = fscanf(file, "%63s", wanted);
    fclose(file);
    if (got != 1 || strcmp(wanted, name)) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return strstr(path, ".db") != NULL;
}
#define REAL(name) static __typeof__(&name) real; if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)
#define FAIL(kind, code) if (fails(kind, fd)) { errno = code; return -1; }
ssize_t pwrite(int fd, const void *data, size_t size, off_t at)
{ REAL(pwrite); FAIL("write", EIO) FAIL("full", ENOSPC) return real(fd, data, size, at); }
ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at)
{ REAL(pwrite64); FAIL("write", EIO) FAIL("full", ENOSPC) return real(fd, data, size, at); }
ssize_t write(int fd, const void *data, size_t size)
{ REAL(write); FAIL("write", EIO) FAIL("full", ENOSPC) return real(fd, data, size); }
ssize_t pread(int fd, void *data, size_t size, off_t at) { REAL(pread); FAIL("read", EIO) return real(fd, data, size, at); }
ssize_t pread64(int fd, void *data, size_t size, off64_t at) { REAL(pread64); FAIL("read", EIO) return real(fd, data, size, at); }
ssize_t read(int fd, void *data, size_t size) { REAL(read); FAIL("read", EIO) return real(fd, data, size); }
int fsync(int fd) { REAL(fsync); FAIL("sync", EIO) return real(fd); }
int fdatasync(int fd) { REAL(fdatasync); FAIL("sync", EIO) return real(fd); }
"""

_STORY = """
    from contextlib import closing
    from guichet_sync.domain.errors import StoreError
    from tests.helpers.stores import capture, enrolled_store, fiche, open_store, receive_fiches
    from guichet_sync.store import catalogue, health, outbox
    def tried(act):
        try:
            act()
        except StoreError as error:
            print(error.code, error.values.get("file"), error.values.get("kind", ""))
        else:
            print("done")
    with closing(enrolled_store(path)) as store:
        capture(store, "avant")
        receive_fiches(store, fiche("F1", "Avant"))
        trigger.write_text(sys.argv[3])
        tried(lambda: capture(store, "pendant"))
        tried(lambda: receive_fiches(store, fiche("F2", "Pendant")))
        tried(lambda: open_store(path, "autre").close())
        trigger.unlink()
        capture(store, "apres")
    with closing(open_store(path)) as store:
        print(len(outbox.items(store)), catalogue.figures(store).articles, all(each.sound for each in health.files(store)))
"""


@pytest.fixture(scope="module")
def shim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library that stands between a program and its disk."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None or not Path("/proc/self/fd").exists():
        pytest.skip("no C compiler to make a failing disk of")
    folder = tmp_path_factory.mktemp("shim")
    (folder / "shim.c").write_text(_SHIM)
    subprocess.run((compiler, "-shared", "-fPIC", "-O1", "-o", folder / "shim.so", folder / "shim.c", "-ldl"), check=True)
    return folder / "shim.so"


def _told(shim: Path, folder: Path, fault: str) -> list[str]:
    """What the story prints, line by line, on a disk with this fault."""
    head = f"import sys; sys.path[:0] = {sys.path!r}\nfrom pathlib import Path\npath, trigger = map(Path, sys.argv[1:3])\n"
    trigger = folder / "trigger"
    program = (sys.executable, "-c", head + textwrap.dedent(_STORY), folder / "profile", trigger, fault)
    environment = {"LD_PRELOAD": str(shim), "GUICHET_FAILS": str(trigger), "PATH": "/usr/bin:/bin"}
    done = subprocess.run(program, env=environment, capture_output=True, text=True, check=False)
    assert not done.stderr, done.stderr
    return done.stdout.splitlines()


@pytest.mark.parametrize(
    ("fault", "work"),
    [
        ("write", lambda said: said.startswith("store_error work.db SQLITE_IOERR")),
        ("full", lambda said: said == "disk_full work.db "),
        ("sync", lambda said: said.startswith("store_error work.db SQLITE_IOERR")),
        ("read", lambda said: said == "done" or said.startswith("store_error work.db SQLITE_IOERR")),
    ],
)
def test_a_disk_that_fails_is_said_and_what_waits_is_there_when_it_is_well_again(
    shim: Path, tmp_path: Path, fault: str, work: Callable[[str], bool]
) -> None:
    captured, received, begun, after = _told(shim, tmp_path, fault)
    assert work(captured), captured
    assert received == "done" or received.startswith(("store_error public.db", "disk_full public.db")), received
    assert begun.startswith(("store_error work.db", "disk_full work.db")), begun
    waiting, articles, sound = after.split()
    assert int(waiting) in ((3,) if captured == "done" else (2, 3))
    assert int(articles) >= (2 if received == "done" else 1)
    assert sound == "True"
