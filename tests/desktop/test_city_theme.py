from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QFile, Qt
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QVBoxLayout, QWidget

from guichet_desktop.theme.city import City, city_to_wear, read_city
from guichet_desktop.theme.drawn import pictures
from guichet_desktop.theme.icons import icon, pixmap
from guichet_desktop.theme.look import Look
from guichet_desktop.theme.stylesheet import stylesheet
from guichet_desktop.theme.theme import load_theme
from guichet_desktop.theme.tokens import THEMES, neutral, pairs
from guichet_sync import resources
from guichet_sync.domain.errors import CityThemeRefused
from guichet_sync.domain.words import Language
from guichet_sync.wording import Words

pytestmark = pytest.mark.usefixtures("qapp")
CITIES = sorted((resources.folder("theme") / "cities").iterdir())


@pytest.fixture
def look(qapp: QApplication) -> Iterator[Look]:
    made = Look(qapp, "light")
    yield made
    made.adopt(None)
    made.wear("light", 100)


def _refusal(folder: Path, content: object, name: str = "ville.json") -> CityThemeRefused:
    path = folder / name
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    with pytest.raises(CityThemeRefused) as refused:
        read_city(path)
    return refused.value


# ── colours of a city ─────────────────────────────────────────────────────────


@pytest.mark.parametrize("path", CITIES, ids=lambda path: path.stem)
@pytest.mark.parametrize("theme", THEMES)
def test_the_colours_of_each_example_are_worn_over_the_neutral_ones(look: Look, path: Path, theme: str) -> None:
    city = read_city(path)
    look.wear(theme, 100)
    look.adopt(city)
    assert look.theme.colours == neutral(theme) | dict(city.colours.get(theme, {}))
    assert look.theme.name == theme


def test_examples_are_in_both_forms_of_file() -> None:
    assert {path.suffix for path in CITIES} == {".toml", ".json"}
    assert all(read_city(path).colours["light"]["brand"] != neutral("light")["brand"] for path in CITIES)


def test_a_city_is_worn_and_put_off_live(look: Look, qapp: QApplication) -> None:
    changes: list[str] = []
    look.changed.connect(lambda: changes.append(look.theme.colours["brand"]))
    look.adopt(City("Essai", {"light": {"brand": "#0B6650"}}))
    assert "#0B6650" in qapp.styleSheet()
    look.wear("dark", 100)
    look.wear("light", 100)
    look.adopt(None)
    assert changes == ["#0B6650", neutral("dark")["brand"], "#0B6650", neutral("light")["brand"]]
    assert "#0B6650" not in qapp.styleSheet()


def test_a_pair_that_cannot_be_told_apart_refuses_the_file_and_says_which(tmp_path: Path, look: Look) -> None:
    before = look.theme
    refusal = _refusal(tmp_path, {"name": "Pâle", "light": {"brand": "#9CC7EE"}})
    assert refusal.code == "city_theme_contrast"
    assert look.theme is before
    told = Words(Language.FR).error(refusal)
    assert told.title == "« brand » sur « tintSoft » se lit mal dans « light » : 1,61, il faut 4,5 (ville.json)."
    assert "plus foncée ou plus pâle" in told.advice
    english = Words(Language.EN).error(refusal).title
    assert english == "“brand” on “tintSoft” is hard to read in “light”: 1.61, at least 4.5 is needed (ville.json)."


def test_the_city_of_the_settings_is_worn_or_the_neutral_look_with_its_reason(tmp_path: Path) -> None:
    assert city_to_wear("") == (None, None)
    assert city_to_wear(str(CITIES[0])) == (read_city(CITIES[0]), None)
    city, refusal = city_to_wear(str(tmp_path / "absente.toml"))
    assert city is None
    assert refusal is not None
    assert refusal.values == {"file": "absente.toml"}


@pytest.mark.parametrize("place", range(27))
def test_each_of_the_27_pairs_is_watched(tmp_path: Path, place: int) -> None:
    pair = pairs()[place]
    theme = neutral("dark")
    refusal = _refusal(tmp_path, {"name": "Essai", "dark": {pair.foreground: theme[pair.background]}})
    assert (refusal.code, refusal.values["theme"]) == ("city_theme_contrast", "dark")
    assert pair.foreground in (refusal.values["foreground"], refusal.values["background"])


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ({"name": "Essai", "light": {"brend": "#0B6650"}}, "city_theme_role"),
        ({"name": "Essai", "light": {"brand": "vert"}}, "city_theme_colour"),
        ({"name": "Essai", "light": {"brand": "#0B6650\n"}}, "city_theme_colour"),
        ({"name": "Essai", "light": {"brand": 7}}, "city_theme_colour"),
        ({"name": "Essai", "sepia": {}}, "city_theme_shape"),
        ({"name": "Essai", "light": []}, "city_theme_shape"),
        ({"light": {}}, "city_theme_shape"),
        ([], "city_theme_shape"),
        ("{", "city_theme_shape"),
        ("[" * 100_000, "city_theme_shape"),
        ("{}" + " " * 70_000, "city_theme_shape"),
    ],
    ids=range(11),
)
def test_what_is_no_city_s_file_is_refused_in_words(tmp_path: Path, content: object, code: str) -> None:
    refusal = _refusal(tmp_path, content)
    assert refusal.code == code
    for language in Language:
        told = Words(language).error(refusal)
        assert told.title
        assert told.advice
        assert "{" not in told.title + told.advice


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CityThemeRefused, match="city_theme_unreadable"):
        read_city(tmp_path / "absente.toml")
    (tmp_path / "latin.toml").write_bytes(b'name = "Mont\xe9e"')
    with pytest.raises(CityThemeRefused, match="city_theme_shape"):
        read_city(tmp_path / "latin.toml")


# ── what the system asks for ──────────────────────────────────────────────────


def test_the_window_follows_the_system_at_once_and_only_if_asked_to(look: Look) -> None:
    system = QGuiApplication.styleHints().colorSchemeChanged
    look.wear("system", 100)
    system.emit(Qt.ColorScheme.Dark)
    assert look.theme.name == "dark"
    system.emit(Qt.ColorScheme.Light)
    assert look.theme.name == "light"
    look.wear("contrast", 100)
    system.emit(Qt.ColorScheme.Dark)
    assert look.theme.name == "contrast"
    look.wear("system", 100)
    assert look.theme.name == "dark"


# ── sizes and drawings ────────────────────────────────────────────────────────


@pytest.mark.parametrize("percent", [100, 115, 130, 150, 175, 200])
def test_no_curve_is_of_more_than_half_a_height(look: Look, percent: int) -> None:
    """Qt drops such a curve without a word: the corners of a button, a pill and a key stay those of the page around."""
    look.wear("light", percent)
    page = QWidget()
    page.setObjectName("page")
    column = QVBoxLayout(page)
    parts = [QPushButton("Copier"), QLabel("Vérifiée"), QLabel("F2")]
    parts[1].setProperty("pill", "ok")
    parts[2].setProperty("keycap", "true")
    for part in parts:
        column.addWidget(part)
    page.ensurePolished()
    page.resize(page.sizeHint())
    picture = page.grab().toImage()
    corners = {picture.pixelColor(part.geometry().topLeft()).name().upper() for part in parts}
    assert corners == {look.theme.colours["bg"]}


def test_drawings_of_the_style_sheet_are_in_memory_in_the_colours_that_are_worn() -> None:
    colours = neutral("light") | {"brand": "#0B6650"}
    addresses = pictures(colours)
    assert addresses == pictures(dict(colours))
    assert all(address.startswith(":/") and QFile.exists(address) for address in addresses.values())
    box = QIcon(addresses["box_on"]).pixmap(48, 48).toImage()
    assert box.pixelColor(12, 12).name().upper() == "#0B6650"
    assert not set(addresses.values()) & set(pictures(neutral("light")).values())


def test_every_drawing_of_the_sheet_exists() -> None:
    sheet = stylesheet(load_theme("contrast", 200))
    addresses = [part.split('"')[0] for part in sheet.split('url("')[1:]]
    assert addresses
    assert all(QFile.exists(address) for address in addresses)


def test_an_icon_that_cannot_be_pressed_has_its_own_colour_and_room_before_the_words() -> None:
    drawn = icon("check", "#FF0000", 16, off="#00FF00", after=4)
    size = drawn.actualSize(drawn.availableSizes()[0])
    assert (size.width(), size.height()) == (20, 16)
    lively = drawn.pixmap(size).toImage()
    faded = drawn.pixmap(size, QIcon.Mode.Disabled).toImage()
    seen = [(x, y) for x in range(20) for y in range(16) if lively.pixelColor(x, y).alpha() > 250]
    assert max(x for x, _y in seen) < 16
    assert {lively.pixelColor(*at).name() for at in seen} == {"#ff0000"}
    assert {faded.pixelColor(*at).name() for at in seen} == {"#00ff00"}


def test_icons_are_read_once_before_anything_is_drawn(look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    look.wear("light", 100)

    def no_disk(name: str) -> Path:
        raise AssertionError(name)

    monkeypatch.setattr(resources, "folder", no_disk)
    for name in ("check", "map-pin", "send"):
        assert not pixmap(name, "#123456", 17).isNull()
    look.wear("dark", 150)
    look.wear("contrast", 100)
