from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from guichet_desktop.diagnostics import written_to
from tests.helpers.strictness import Records

OURS, THEIRS = logging.getLogger("guichet_desktop.desk"), logging.getLogger("some.library")
NAMES = st.sampled_from(["Gagnon", "O’Neill", "Étienne Tremblay-Roy"])
PHONES = st.from_regex(r"(\+1 ?)?\(?450\)?[ .-]?555[ .-]?01[0-9]{2}", fullmatch=True)
EMAILS = st.emails()
KEYS = st.binary(min_size=32, max_size=32).map(bytes.hex) | st.from_regex(r"[0-9A-Za-z_-]{43}", fullmatch=True)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    (tmp_path / "post").mkdir()
    return tmp_path / "post" / "log"


def written(log: Path, act: Callable[[], object]) -> str:
    with written_to(log, "guichetctl"):
        act()
    content = (log / "guichetctl.log").read_text(encoding="utf-8")
    (log / "guichetctl.log").unlink()
    return content


def failing(message: str) -> None:
    try:
        try:
            raise KeyError(message)
        except KeyError as cause:
            raise ValueError(message) from cause
    except ValueError:
        OURS.exception("capture failed")
        THEIRS.exception(message)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(name=NAMES, phone=PHONES, email=EMAILS, key=KEYS)
@example(name="Gagnon", phone="4505550123", email="a@b.co", key="-" * 43)
def test_what_a_person_typed_and_what_opens_their_files_never_reach_the_log(
    log: Path, expected_logs: Records, name: str, phone: str, email: str, key: str
) -> None:
    said = f"{name} {phone} {email} {key}"
    content = written(log, lambda: failing(said))
    content += written(log, lambda: THEIRS.warning("sent %s to %s", name, email))
    content += written(log, lambda: THEIRS.warning(f"sent {said}"))
    content += written(log, lambda: THEIRS.error(ValueError(said)))
    content += written(log, lambda: OURS.warning("of %s, %s and %s", phone, email, key))
    assert not any(secret in content for secret in (name, phone, email, key))
    assert expected_logs.lines


def test_where_a_failure_happened_is_written_innermost_first(log: Path, expected_logs: Records) -> None:
    content = written(log, lambda: failing("Gagnon"))
    assert "ERROR guichet_desktop.desk: capture failed [ValueError at test_diagnostics.py:" in content
    assert "ERROR some.library: test_diagnostics.py:" in content
    assert expected_logs.lines


def test_our_own_records_are_written_on_one_line_with_their_values(log: Path, expected_logs: Records) -> None:
    content = written(log, lambda: OURS.warning("the files of %s were left out:\n%s", "a1b2c3d4e5f60718", "wrong_key"))
    assert content.endswith("WARNING guichet_desktop.desk: the files of a1b2c3d4e5f60718 were left out: wrong_key\n")
    assert content.count("\n") == 1
    assert expected_logs.lines


def test_a_library_whose_name_begins_as_ours_is_not_ours(log: Path, expected_logs: Records) -> None:
    content = written(log, lambda: logging.getLogger("guichet_desktop_plugin").warning("sent %s", "Gagnon"))
    assert "sent %s" in content
    assert "Gagnon" not in content
    assert expected_logs.lines


def test_logs_rotate_and_only_a_few_are_kept(log: Path, expected_logs: Records) -> None:
    def speak() -> None:
        for _ in range(6):
            OURS.warning("x " * 450_000)

    with written_to(log, "guichetctl"):
        speak()
    sizes = {path.name: path.stat().st_size for path in log.iterdir()}
    assert sizes.keys() == {"guichetctl.log", "guichetctl.log.1", "guichetctl.log.2", "guichetctl.log.3"}
    assert all(size <= 1_000_000 for size in sizes.values())
    assert expected_logs.lines


def test_nothing_is_written_where_there_is_no_profile(tmp_path: Path, expected_logs: Records) -> None:
    with written_to(tmp_path / "nowhere" / "log", "guichetctl"):
        OURS.warning("something")
    assert list(tmp_path.iterdir()) == []
    assert expected_logs.lines


def test_a_profile_without_anything_to_say_has_no_log(log: Path) -> None:
    with written_to(log, "guichetctl"):
        pass
    assert not log.exists()


def test_work_goes_on_where_the_log_can_not_be_written(
    log: Path, expected_logs: Records, capsys: pytest.CaptureFixture[str]
) -> None:
    log.write_text("a file in its place")
    with written_to(log, "guichetctl"):
        OURS.warning("something about 450 555-0123")
    log.unlink()
    (log / "guichetctl.log").mkdir(parents=True)
    with written_to(log, "guichetctl"):
        OURS.warning("something about 450 555-0123")
    assert capsys.readouterr().err == ""
    assert expected_logs.lines
