from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from guichet_desktop.gallery.run import FAMILIES, Wear, picture, staged, wears
from guichet_desktop.gallery.specimen import Family, State
from guichet_desktop.gallery.stage import Stage
from guichet_desktop.theme.city import city_of
from guichet_desktop.theme.look import Look
from tests.helpers.accessible import Problems, small_targets, unnamed
from tests.helpers.goldens import difference, kept, show_difference
from tests.helpers.legible import clipped
from tests.helpers.looks import KEPT_WEARS, TRIED_WEARS
from tests.helpers.windows import without_display


@pytest.fixture
def look(qapp: QApplication) -> Iterator[Look]:
    made = Look(qapp, "light")
    yield made
    made.adopt(None)
    made.wear("light", 100)


@pytest.mark.parametrize("wear", TRIED_WEARS, ids=lambda wear: wear.title)
@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_every_part_is_whole_named_and_large_enough(qapp: QApplication, look: Look, wear: Wear, family: Family) -> None:
    with staged(qapp, look, wear) as stage:
        problems = [problem for name, part in _shown(stage, family) for problem in _problems(name, part)]
    assert not problems


def _shown(stage: Stage, family: Family) -> Iterator[tuple[str, QWidget]]:
    return ((specimen.name, part) for specimen, part in stage.show_all(family))


def _problems(name: str, part: QWidget) -> Problems:
    """Rows that end in an ellipsis are whole in the list's own room, which is a matter of the page."""
    found = (problem for check in (clipped, small_targets, unnamed) for problem in check(part))
    return [f"{name}: {problem}" for problem in found if "may be cut" not in problem]


@pytest.mark.parametrize("wear", [Wear("light"), Wear("dark"), Wear("contrast", 200)], ids=lambda wear: wear.title)
def test_no_state_of_a_part_looks_like_another(qapp: QApplication, look: Look, wear: Wear) -> None:
    family = next(each for each in FAMILIES if each.name == "buttons")
    with staged(qapp, look, wear) as stage:
        pictures = {specimen.name: stage.picture().toImage() for specimen, _part in stage.show_all(family)}
    alike = [
        f"{name}, {state}"
        for name in pictures
        for state in (State.HOVER, State.FOCUS, State.DISABLED)
        if pictures.get(f"{name}, {state}") == pictures[name]
    ]
    assert not alike


@pytest.mark.full
def test_guichet_gallery_takes_all_its_pictures_without_a_display(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "guichet_desktop", "--gallery", str(tmp_path)]
    done = subprocess.run(command, env=without_display(), capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    names = {f"{family.name}-{wear.title}.png" for family in FAMILIES for wear in wears()}
    assert {each.name for each in tmp_path.glob("*.png")} == names
    assert all(f'src="{name}"' in page for name in names)


@pytest.mark.full
@pytest.mark.parametrize("wear", KEPT_WEARS, ids=lambda wear: wear.title)
@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_parts_look_as_in_the_pictures_that_are_kept(qapp: QApplication, look: Look, wear: Wear, family: Family) -> None:
    name = f"{family.name}-{wear.title}"
    before, now = kept(name), picture(qapp, look, wear, family)
    assert before is not None, f"{name}: no picture is kept; python -m tests.tooling.goldens --write"
    told = difference(now, before)
    if told:
        show_difference(now, before, Path("build") / "goldens", name)
    assert not told, f"{name} {told}: see build/goldens, or renew with python -m tests.tooling.goldens --write"


@pytest.mark.full
def test_a_colour_that_changes_is_seen_in_the_pictures(qapp: QApplication, look: Look) -> None:
    wear = Wear("light", city=city_of({"name": "Essai", "light": {"brand": "#09577F", "field": "#4A5568"}}, "essai.toml"))
    buttons = next(each for each in FAMILIES if each.name == "buttons")
    before = kept("buttons-light-100-fr")
    assert before is not None
    assert "differ" in difference(picture(qapp, look, wear, buttons), before)
    assert "is " in difference(picture(qapp, look, Wear("light", 130), buttons), before)
