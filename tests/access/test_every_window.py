"""Every page and panel, in both languages, at every size of text and screen: nothing keeps anybody out."""

from __future__ import annotations

from itertools import product

import pytest

from guichet_desktop.desk.desk import Desk
from guichet_desktop.profiles import Profile
from guichet_sync.domain.words import Language
from tests.helpers.scenes import GATE, PAGES
from tests.helpers.stages import Setting, problems_of, problems_of_focus

pytestmark = pytest.mark.usefixtures("qapp")
SCENES = GATE | PAGES
SIZES = ((1280, 720), (1366, 768), (1440, 900), (1920, 1080))
SCALES = (100, 130, 200)
WHOLE = [Setting(language, scale, size) for language, scale, size in product(Language, SCALES, SIZES)]
COVERING = [
    Setting(Language.FR, 100, (1280, 720)),
    Setting(Language.EN, 200, (1280, 720), "dark"),
    Setting(Language.FR, 130, (1366, 768), "contrast"),
]
"""Each language, size of text and theme at least once, the smallest screen at both ends."""


@pytest.mark.parametrize("setting", COVERING, ids=str)
@pytest.mark.parametrize("scene", SCENES)
def test_nothing_keeps_anybody_out(scene: str, setting: Setting, desk: Desk, profile: Profile) -> None:
    with SCENES[scene](desk, profile, setting) as window:
        assert problems_of(window, setting) == []


@pytest.mark.full
@pytest.mark.parametrize("setting", [each for each in WHOLE if each not in COVERING], ids=str)
@pytest.mark.parametrize("scene", SCENES)
def test_nothing_keeps_anybody_out_at_any_size(scene: str, setting: Setting, desk: Desk, profile: Profile) -> None:
    with SCENES[scene](desk, profile, setting) as window:
        assert problems_of(window, setting) == []


@pytest.mark.parametrize("theme", ["light", "dark", "contrast"])
@pytest.mark.parametrize("scene", SCENES)
def test_the_focus_goes_everywhere_in_order_and_is_seen(scene: str, theme: str, desk: Desk, profile: Profile) -> None:
    setting = Setting(Language.FR, 100, (1280, 720), theme)
    with SCENES[scene](desk, profile, setting) as window:
        assert problems_of_focus(window) == []
