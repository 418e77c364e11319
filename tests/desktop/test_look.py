from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QFont, QFontInfo, QKeySequence

import guichet_desktop
from guichet_desktop.actions import ACTIONS, action, clashes, shown_key
from guichet_desktop.theme import load_theme
from guichet_desktop.theme.apply import load_fonts
from guichet_desktop.theme.icons import pixmap
from guichet_desktop.theme.stylesheet import stylesheet
from guichet_desktop.theme.tokens import THEMES, tokens
from guichet_sync import resources
from guichet_sync.domain.words import Language
from guichet_sync.wording import Words

pytestmark = pytest.mark.usefixtures("qapp")


def _luminance(colour: str) -> float:
    channels = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(a: str, b: str) -> float:
    low, high = sorted((_luminance(a), _luminance(b)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", THEMES)
def test_the_27_pairs_of_colours_can_be_told_apart(theme: str) -> None:
    pairs = tokens()["contrast_pairs"]
    assert len(pairs) == 27
    colours = load_theme(theme).colours
    weak = [pair for pair in pairs if _contrast(colours[pair["foreground"]], colours[pair["background"]]) < pair["minimum_ratio"]]
    assert not weak


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("percent", [100, 130, 200])
def test_each_theme_makes_a_whole_style_sheet(theme: str, percent: int) -> None:
    sheet = stylesheet(load_theme(theme, percent))
    assert "$" not in sheet
    assert f"font-size: {round(13 * percent / 100)}px" in sheet


def test_inter_comes_with_its_three_weights() -> None:
    load_fonts()
    widths = set()
    for weight in (QFont.Weight.Normal, QFont.Weight.Medium, QFont.Weight.DemiBold):
        font = QFont("Inter")
        font.setWeight(weight)
        assert QFontInfo(font).family() == "Inter"
        widths.add(QFontInfo(font).styleName())
    assert widths == {"Regular", "Medium", "SemiBold"}


def test_an_icon_takes_the_colour_of_its_role() -> None:
    for path in resources.folder("icons").glob("*.svg"):
        image = pixmap(path.stem, "#ff0000", 32).toImage()
        seen = {image.pixelColor(x, y).name() for x in range(32) for y in range(32) if image.pixelColor(x, y).alpha() > 250}
        assert seen, path.name


def test_no_two_actions_share_a_key_in_one_place() -> None:
    keys = {each.id: each.keys for each in ACTIONS}
    assert len(keys) == len(ACTIONS)
    assert clashes(keys) == ()
    assert clashes(keys | {"answered": ("F2",)}) == (("F2", "search", "answered"),)


def test_no_key_is_ctrl_alt_and_every_one_is_a_key() -> None:
    keys = [key for each in ACTIONS for key in each.keys]
    assert not [key for key in keys if "Ctrl+Alt" in key or "AltGr" in key or QKeySequence(key).isEmpty()]


def test_keys_are_named_as_on_the_keyboard_of_each_language() -> None:
    french, english = Words(Language.FR), Words(Language.EN)
    assert shown_key(action("save").key, french) == "Ctrl+Entrée"
    assert shown_key(action("save").key, english) == "Ctrl+Enter"
    assert shown_key(action("previous_pane").key, french) == "Maj+F6"


def test_every_icon_that_is_shipped_is_used() -> None:
    sources = "".join(path.read_text(encoding="utf-8") for path in Path(guichet_desktop.__file__).parent.rglob("*.py"))
    named = {path.stem for path in resources.folder("icons").glob("*.svg") if f'"{path.stem}"' in sources}
    arrows = {f"chevron-{way}" for way in ("down", "up", "left", "right")}
    assert {path.stem for path in resources.folder("icons").glob("*.svg")} - named <= arrows
