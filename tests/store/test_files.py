"""What lies on the disk of a post: nothing readable, nothing lost by a wrong key, nothing of value in a mirror."""

from __future__ import annotations

import shutil
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, select, text

from guichet_sync.domain.errors import DiskFull, NotFound, StoreBusy, StoreDamaged, StoreError, WrongKey
from guichet_sync.store import account, catalogue, database, health, mirror, outbox, projection, schema, search
from guichet_sync.store.database import open_engine, reading, writing
from guichet_sync.store.folders import ProfileFolder
from guichet_sync.store.keys import Key
from guichet_sync.store.post import PostStore
from guichet_sync.store.work_unit import drafts, work_unit
from tests.helpers.stores import (
    NOW,
    PERSON,
    PERSON_KEY,
    POST_KEY,
    as_mirrored,
    at,
    body_of,
    capture,
    enrolled_store,
    fiche,
    open_store,
    put,
    receive,
    receive_fiches,
    somebody,
)

PAGE = 4096
CANARIES = ("zygomatique", "Xylophène", "Gagnon-Tremblay")
ROWS = 400


def _fill(store: PostStore) -> str:
    """Everything a profile may hold, with canary words in every part; the number of what waits."""
    waits = capture(store, "odeur zygomatique", where=at(46.0, -73.0, "12, rue Xylophène"), requester=somebody())
    sent = capture(store, "encore zygomatique")
    with work_unit(store) as work:
        work.save_draft("draft", "zygomatique Xylophène Gagnon-Tremblay".encode(), NOW)
    receive_fiches(store, *(fiche(f"F{n}", f"Xylophène {n}", body="<p>zygomatique</p>" * 20) for n in range(ROWS)))
    receive(store, "requests/TP", [put("request", body_of(sent).request_id, as_mirrored(sent))])
    receive(store, "people/TP", [put("requester", "r/1", {"request_id": "r", "requester": {"name": "Gagnon-Tremblay"}})])
    return body_of(waits).provisional_number


def _everything(folder: Path) -> bytes:
    return b"".join(each.read_bytes() for each in folder.rglob("*") if each.is_file())


def _readable(folder: Path) -> list[str]:
    held = _everything(folder)
    return [word for word in CANARIES for form in ("utf-8", "utf-16-le", "utf-16-be") if word.encode(form) in held]


def test_no_file_of_a_profile_holds_a_readable_word(profile: Path) -> None:
    with closing(enrolled_store(profile)) as store:
        _fill(store)
        assert (profile / "public.db-wal").stat().st_size > 0
        assert not _readable(profile)
        assert store.is_encrypted()
        assert store.size() == sum(each.stat().st_size for each in profile.rglob("*.db*") if not each.name.endswith("-shm"))
    assert not _readable(profile)


def test_the_search_for_readable_words_does_find_them(tmp_path: Path) -> None:
    (tmp_path / "plain").write_bytes("zygomatique Xylophène".encode() + "Gagnon-Tremblay".encode("utf-16-le"))
    assert _readable(tmp_path) == list(CANARIES)


def test_a_profile_is_its_owners_alone_and_names_nobody(profile: Path) -> None:
    folder = ProfileFolder(profile)
    folder.make()
    assert folder.persons() == ()
    person = folder.new_person()
    assert folder.persons() == ()
    with closing(open_store(profile, person)) as store:
        assert folder.persons() == (person,)
        assert store.own == folder.person(person)
    assert int(person, 16) >= 0
    assert len(person) == 16
    assert {each.stat().st_mode & 0o077 for each in (profile, folder.person(person).path)} == {0}


@pytest.mark.parametrize("other", ["post", "person"])
def test_a_wrong_key_is_refused_and_destroys_nothing(profile: Path, other: str) -> None:
    with closing(enrolled_store(profile)) as store:
        number = _fill(store)
    before = _everything(profile)
    with pytest.raises(WrongKey) as refused:
        open_store(
            profile,
            post_key=Key.random() if other == "post" else POST_KEY,
            person_key=Key.random() if other == "person" else PERSON_KEY,
        )
    assert refused.value.values["file"] == ("public.db" if other == "post" else "work.db")
    assert _everything(profile) == before
    with closing(open_store(profile)) as store:
        assert projection.request(store, number).request.description == "odeur zygomatique"
        assert catalogue.figures(store).articles == ROWS


def test_the_key_of_somebody_else_does_not_cost_a_mirror(profile: Path) -> None:
    with closing(enrolled_store(profile)) as store:
        _fill(store)
    (profile / "people" / PERSON / "work.db").unlink()
    before = (profile / "people" / PERSON / "people.db").read_bytes()
    with pytest.raises(WrongKey, match=r"people\.db"):
        open_store(profile, person_key=Key.random())
    assert (profile / "people" / PERSON / "people.db").read_bytes() == before


def _flip(path: Path, place: int) -> None:
    data = bytearray(path.read_bytes())
    data[place] ^= 0x10
    path.write_bytes(data)


def _content(engine: Engine) -> list[object]:
    """Every row of every table."""
    with reading(engine) as connection:
        tables = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")).scalars().all()
        kept = [name for name in tables if not name.startswith("article_")]
        return [connection.execute(text(f'SELECT * FROM "{name}"')).all() for name in kept]  # noqa: S608 - our own names


@pytest.mark.parametrize("name", ["public", "people", "work"])
def test_a_flipped_bit_anywhere_is_detected_and_never_read_as_data(profile: Path, name: str) -> None:
    with closing(enrolled_store(profile)) as store:
        _fill(store)
    path = {"public": profile / "public.db", "people": store.own.people, "work": store.own.work}[name]
    engine = open_engine(path, POST_KEY if name == "public" else PERSON_KEY, durable=True)
    whole, content, said = path.read_bytes(), _content(engine), 0
    for place in range(PAGE + 99, len(whole), PAGE if name != "public" else 31 * PAGE):
        engine.dispose()
        path.write_bytes(whole)
        _flip(path, place)
        with reading(engine) as connection:
            assert connection.execute(text("PRAGMA cipher_integrity_check")).all()
        try:
            assert _content(engine) == content
        except StoreDamaged as damage:
            said += 1
            assert damage.values == {"file": path.name}
    engine.dispose()
    assert said > 2


@pytest.mark.parametrize("place", [16, 100, PAGE - 1])
def test_a_damaged_first_page_is_not_taken_for_a_wrong_key(profile: Path, place: int) -> None:
    with closing(enrolled_store(profile)) as store:
        _fill(store)
    _flip(store.own.work, place)
    before = store.own.work.read_bytes()
    with pytest.raises(StoreDamaged, match=r"work\.db"):
        open_store(profile)
    assert store.own.work.read_bytes() == before


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: PAGE // 2])


def _first_page(path: Path) -> None:
    _flip(path, 200)


def _other_version(path: Path) -> None:
    engine = open_engine(path, POST_KEY if path.name == "public.db" else PERSON_KEY, durable=False)
    with writing(engine) as connection:
        schema.stamp(connection, schema.MIRROR_VERSION + 1)
    engine.dispose()


def _removed(path: Path) -> None:
    path.unlink()


@pytest.mark.parametrize("harm", [_cut, _first_page, _other_version, _removed])
def test_a_harmed_mirror_begins_anew_and_what_waits_is_untouched(profile: Path, harm: Callable[[Path], None]) -> None:
    with closing(enrolled_store(profile)) as store:
        number = _fill(store)
        waiting = outbox.items(store)
    for path in (profile / "public.db", store.own.people):
        harm(path)
    with closing(open_store(profile)) as store:
        assert mirror.cursors(store) == ()
        assert catalogue.figures(store) == catalogue.Figures(0, 0, 0, 0)
        assert outbox.items(store) == waiting
        assert projection.request(store, number).request.description == "odeur zygomatique"
        assert len(drafts(store)) == 1
        receive_fiches(store, fiche("F1", "Xylophène"))
        assert catalogue.figures(store).articles == 1
        assert all(each.sound and each.version == health.expected_version(each.name) for each in health.files(store))


@pytest.mark.parametrize("harm", [_cut, _first_page])
def test_a_harmed_work_file_is_never_replaced(profile: Path, harm: Callable[[Path], None]) -> None:
    with closing(enrolled_store(profile)) as store:
        _fill(store)
    harm(store.own.work)
    before = store.own.work.read_bytes()
    with pytest.raises(StoreDamaged, match=r"work\.db"):
        open_store(profile)
    assert store.own.work.read_bytes() == before


def test_damage_met_deep_in_a_mirror_is_said_and_mended_at_the_next_start(profile: Path) -> None:
    with closing(enrolled_store(profile)) as store:
        _fill(store)
    path = profile / "public.db"
    for place in range(PAGE * 40, path.stat().st_size, PAGE):  # before come the tables themselves: without them no file opens
        _flip(path, place)
    with closing(open_store(profile)) as store:
        with pytest.raises(StoreDamaged, match="mirror_damaged"):
            search.article(store, "F200")
        assert not health.files(store)[0].sound
    with closing(open_store(profile)) as store, pytest.raises(NotFound):
        search.article(store, "F200")


def test_a_window_follows_when_the_exchange_begins_a_mirror_anew(profile: Path) -> None:
    with closing(enrolled_store(profile)) as window:
        receive_fiches(window, fiche("F1", "Ancienne"))
        database.damage_mark(profile / "public.db").touch()
        with closing(open_store(profile)) as exchange:
            receive_fiches(exchange, fiche("F2", "Nouvelle"))
            assert search.article(window, "F2").fr.title == "Nouvelle"
            with pytest.raises(NotFound):
                search.article(window, "F1")
        receive_fiches(window, fiche("F3", "Suivante"))
    with closing(open_store(profile)) as store:
        assert catalogue.figures(store).articles == 2


def test_a_window_goes_on_when_its_mirror_is_deleted_under_it(store: PostStore, profile: Path) -> None:
    receive_fiches(store, fiche("F1", "Feuilles mortes"))
    (profile / "public.db").unlink()
    assert search.article(store, "F1").fr.title == "Feuilles mortes"
    assert store.is_encrypted()


def test_opening_a_profile_that_is_there_writes_nothing(profile: Path) -> None:
    with closing(enrolled_store(profile)) as store:
        _fill(store)
    before = _everything(profile)
    with closing(open_store(profile)) as store:
        assert account.read(store).code == "C07"
    assert _everything(profile) == before


def test_a_post_can_be_opened_while_another_process_writes(profile: Path) -> None:
    with (
        closing(enrolled_store(profile)) as exchange,
        writing(exchange.public),
        writing(exchange.work),
        closing(open_store(profile)) as window,
    ):
        assert outbox.items(window) == ()


@pytest.fixture
def impatient(store: PostStore) -> Iterator[PostStore]:
    """A store that does not wait for another program."""
    for engine in (store.public, store.people, store.work):
        event.listen(engine, "checkout", lambda connection, _record, _proxy: connection.execute("PRAGMA busy_timeout = 1"))
    yield store


def test_a_file_held_by_another_program_is_said_to_be_busy(impatient: PostStore, profile: Path) -> None:
    with closing(open_store(profile)) as other, writing(other.work), pytest.raises(StoreBusy, match=r"work\.db"):
        capture(impatient, "zygomatique")
    capture(impatient, "zygomatique")


def _no_more_room(engine: Engine) -> None:
    def limit(connection: object, _record: object, _proxy: object) -> None:
        connection.execute("PRAGMA max_page_count = 1")  # type: ignore[attr-defined]

    event.listen(engine, "checkout", limit)


def test_a_full_disk_keeps_what_was_there_and_says_so(profile: Path) -> None:
    with closing(enrolled_store(profile)) as store:
        _fill(store)
        before = outbox.items(store)
        _no_more_room(store.work)
        with pytest.raises(DiskFull, match=r"work\.db"):
            capture(store, "x" * 100_000)
        assert outbox.items(store) == before
    with closing(open_store(profile)) as store:
        assert outbox.items(store) == before
        capture(store, "x" * 100_000)
        assert len(outbox.items(store)) == len(before) + 1


def _told_on_a_small_disk(folder: Path, story: str) -> str:
    """What a program prints that is told ``path``, a profile's on a disk of 2 MiB, and imports what this one can."""
    head = f"import sys; sys.path[:0] = {sys.path!r}\nfrom pathlib import Path\npath = Path(sys.argv[1])\n"
    mounted = 'mount -t tmpfs -o size=2m guichet "$1" && shift && exec "$@"'
    within = ("unshare", "-rm", "sh", "-c", mounted, "sh", folder)
    if shutil.which("unshare") is None or subprocess.run((*within, "true"), capture_output=True, check=False).returncode:
        pytest.skip("no small disk can be mounted here")
    program = (sys.executable, "-c", head + textwrap.dedent(story), folder / "profile")
    done = subprocess.run((*within, *program), capture_output=True, text=True, check=False)
    assert not done.stderr
    return done.stdout


def test_a_disk_that_is_really_full(tmp_path: Path) -> None:
    said = _told_on_a_small_disk(
        tmp_path,
        """
        from guichet_sync.domain.errors import DiskFull
        from tests.helpers.stores import capture, enrolled_store, open_store
        from guichet_sync.store import outbox
        store = enrolled_store(path)
        kept = 0
        try:
            while True:
                capture(store, "x" * 20_000)
                kept += 1
        except DiskFull as error:
            print(error, kept > 3, len(outbox.items(store)) == kept)
        store.close()
        print(len(outbox.items(open_store(path))) == kept)
        """,
    )
    assert said == "disk_full file='work.db' True True\nTrue\n"


def test_a_disk_that_refuses_to_write(tmp_path: Path) -> None:
    said = _told_on_a_small_disk(
        tmp_path,
        """
        import subprocess
        from guichet_sync.domain.errors import DiskFull
        from tests.helpers.stores import capture, enrolled_store, open_store
        from guichet_sync.store import outbox
        store = enrolled_store(path)
        capture(store)
        store.close()
        subprocess.run(("mount", "-o", "remount,ro", path.parent), check=True)
        for person in (store.person, "another"):
            try:
                open_store(path, person)
            except DiskFull as error:
                print(error)
        subprocess.run(("mount", "-o", "remount,rw", path.parent), check=True)
        print(len(outbox.items(open_store(path))))
        """,
    )
    assert said == "disk_full file='work.db'\n" * 2 + "1\n"


def test_unsent_work_reaches_the_disk_before_a_commit_ends_and_nothing_spills_in_the_clear(store: PostStore) -> None:
    full, normal, in_memory = 2, 1, 2
    for engine, expected in ((store.work, full), (store.public, normal), (store.people, normal)):
        with reading(engine) as connection:
            asked = ("synchronous", "temp_store", "journal_mode", "secure_delete")
            found = [connection.execute(text(f"PRAGMA {name}")).scalar() for name in asked]
        assert found == [expected, in_memory, "wal", 1]


def test_an_error_of_the_driver_never_repeats_what_was_to_be_stored(store: PostStore) -> None:
    with pytest.raises(StoreError) as failed, reading(store.work) as connection:
        connection.execute(text("SELECT :word FROM nowhere"), {"word": "zygomatique"})
    assert str(failed.value) == "store_error file='work.db' kind='SQLITE_ERROR'"
    assert failed.value.__suppress_context__


def test_a_key_never_shows_itself() -> None:
    key = Key.random()
    assert repr(key) == "Key(…)"
    assert Key.from_hex(key.hex) == key
    assert Key.random() != key
    with pytest.raises(ValueError, match="32"):
        Key(b"short")


def test_only_one_copy_of_the_rules_says_what_version_a_mirror_is(store: PostStore) -> None:
    assert 0 < schema.MIRROR_VERSION < 2**31
    with reading(store.public) as connection:
        assert schema.version(connection) == schema.MIRROR_VERSION == health.expected_version("public.db")
    with reading(store.work) as connection:
        assert schema.version(connection) == schema.WORK_VERSION == health.expected_version("work.db")
        assert connection.execute(select(schema.account.c.name)).first() is not None
