from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from guichet_desktop.desk import lookup, surroundings
from guichet_desktop.desk.desk import Desk
from guichet_desktop.screens.map_drawn import short
from guichet_desktop.theme.look import Look
from guichet_desktop.theme.tokens import THEMES
from guichet_desktop.tour import Hands, until
from guichet_desktop.widgets.map_canvas import MapCanvas
from guichet_desktop.widgets.map_labels import Font, Label, Room, text_of
from guichet_desktop.widgets.map_plan import MapArea, MapPlan, MapStreet, Pin
from guichet_desktop.widgets.map_view import View
from guichet_sync.domain.location import Whereabouts, distance_m
from guichet_sync.domain.plane import Plane
from guichet_sync.domain.words import Language
from tests.helpers.announcements import announcements
from tests.helpers.desks import clock, desk, profile, synced_post
from tests.helpers.maps import Mapped, map_of
from tests.helpers.stages import Setting, problems_of, problems_of_focus, stage

__all__ = ["clock", "desk", "profile", "synced_post"]
pytestmark = pytest.mark.usefixtures("qapp")

HOUSE, HALL = "A00831", "L0001"
HERE = (46.05, -72.95)
FRENCH = Setting(Language.FR, 100, (700, 700))
PLANE = Plane(HERE)


def _line(*spots: tuple[float, float]) -> tuple[tuple[float, float], ...]:
    return tuple(map(PLANE.point, spots))


def crossroads() -> MapPlan:
    """A street to the east 60 m north of here, a main one to the north 80 m east of here, a park and a pond."""
    return MapPlan(
        HERE,
        streets=(
            MapStreet("rue des Érables", _line((-900, 60), (900, 60))),
            MapStreet("boul. des Pins", _line((80, -900), (80, 900)), major=True),
        ),
        areas=(
            MapArea(_line((-150, -110), (-110, -110), (-110, -70), (-150, -70)), "park"),
            MapArea(_line((-60, -110), (-20, -110), (-20, -70), (-60, -70)), "water"),
        ),
    )


@pytest.fixture
def canvas() -> Iterator[MapCanvas]:
    """A map of the crossroads, with a place and the focus."""
    with stage(FRENCH) as there:
        made = MapCanvas(there.look, "Carte")
        made.setProperty("look", there.look)
        page = QWidget()
        made.setParent(page)
        made.setGeometry(20, 20, 400, 300)
        there.show(page)
        made.show_plan(crossroads(), "Plan schématique")
        made.show_place(HERE, 100)
        made.setFocus()
        yield made


def colour_at(image: QImage, canvas: MapCanvas, spot: tuple[float, float]) -> str:
    x, y = canvas.pixel_of(PLANE.point(spot))
    return image.pixelColor(round(x), round(y)).name().upper()


@pytest.mark.parametrize("theme", THEMES)
def test_each_theme_paints_the_map_in_its_own_colours(theme: str) -> None:
    with stage(Setting(Language.FR, 100, (700, 700), theme)) as there:
        canvas = MapCanvas(there.look, "Carte")
        there.show(canvas)
        canvas.show_plan(crossroads())
        canvas.show_place(HERE, 30)
        image, colours = canvas.grab().toImage(), there.look.theme.colours
        assert colour_at(image, canvas, (-130, -20)) == colours["land"]
        assert colour_at(image, canvas, (-130, -90)) == colours["park"]
        assert colour_at(image, canvas, (-40, -90)) == colours["water"]
        along = {"road": [(x, 60) for x in range(-150, 60, 5)], "major": [(80, y) for y in range(-90, 50, 5)]}
        for role, spots in along.items():
            assert colours[role] in {colour_at(image, canvas, spot) for spot in spots}


def test_the_three_themes_make_three_pictures_and_a_change_is_seen_at_once(canvas: MapCanvas) -> None:
    look = canvas.property("look")
    assert isinstance(look, Look)
    pictures = []
    for theme in THEMES:
        look.wear(theme, 100)
        pictures.append(canvas.grab().toImage())
        assert colour_at(pictures[-1], canvas, (-130, -20)) == look.theme.colours["land"]
    assert all(one != other for one, other in pairwise([*pictures, pictures[0]]))
    look.wear("light", 200)
    assert canvas.grab().toImage() != pictures[0]


def test_pins_and_the_place_stand_where_they_are_and_never_hide_each_other(canvas: MapCanvas) -> None:
    before = canvas.grab().toImage()
    canvas.show_pins([Pin(*HERE, "un", 1), Pin(*HERE, "deux", 2), Pin(*PLANE.point((-60, 20)), "trois", 3)])
    after = canvas.grab().toImage()
    look = canvas.property("look")
    assert isinstance(look, Look)
    warn, brand = look.theme.colours["warn"], look.theme.colours["brand"]
    x, y = canvas.pixel_of(PLANE.point((-60, 20)))
    assert after.pixelColor(round(x), round(y) - 8).name().upper() == warn
    assert before.pixelColor(round(x), round(y) - 8).name().upper() != warn
    heads = {name: _rows_of(after, name) for name in (warn, brand)}
    assert min(len(places) for places in heads.values()) > 100


def _rows_of(image: QImage, colour: str) -> list[tuple[int, int]]:
    places = ((x, y) for x in range(image.width()) for y in range(image.height()))
    return [place for place in places if image.pixelColor(*place).name().upper() == colour]


def test_keys_pan_zoom_and_go_back_to_the_place(canvas: MapCanvas) -> None:
    hands = Hands(canvas.window())
    scale = canvas.view.scale
    for key, (east, north) in {"Right": (1, 0), "Left": (-1, 0), "Up": (0, 1), "Down": (0, -1)}.items():
        hands.press(key)
        x, y = PLANE.spot(canvas.centre)
        assert (x, y) == pytest.approx((east * 60 * scale, north * 60 * scale), abs=0.01)
        hands.press("0")
        assert canvas.centre == pytest.approx(HERE)
    hands.press("+", "=")
    assert canvas.view.scale == pytest.approx(scale / 2.25)
    hands.press("-")
    assert canvas.view.scale == pytest.approx(scale / 1.5)
    hands.press("Right", "Home")
    assert canvas.centre == pytest.approx(HERE)
    assert canvas.view.scale == pytest.approx(scale)


def test_there_is_a_nearest_and_a_farthest(canvas: MapCanvas) -> None:
    hands = Hands(canvas.window())
    hands.press(*["+"] * 30)
    nearest = canvas.view.scale
    hands.press("+")
    assert canvas.view.scale == nearest > 0.05
    hands.press(*["-"] * 40)
    assert 1 < canvas.view.scale < 10


def test_enter_chooses_the_middle_and_a_double_click_the_point_under_it(canvas: MapCanvas) -> None:
    picked: list[tuple[float, float]] = []
    canvas.picked.connect(lambda lat, lon: picked.append((lat, lon)))
    Hands(canvas.window()).press("Return")
    assert picked == [pytest.approx(HERE)]
    target = PLANE.point((70, -40))
    x, y = canvas.pixel_of(target)
    QTest.mouseDClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(round(x), round(y)))
    assert distance_m(picked[1], target) <= 1


def test_dragging_moves_what_is_under_the_hand(canvas: MapCanvas) -> None:
    grip = QPoint(100, 100)
    held = PLANE.point((-100, 40))
    x, y = canvas.pixel_of(held)
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=grip)
    QTest.mouseMove(canvas, grip + QPoint(40, 25))
    QTest.mouseMove(canvas, grip + QPoint(80, 50))
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=grip + QPoint(80, 50))
    assert canvas.pixel_of(held) == pytest.approx((x + 80, y + 50))


def test_the_wheel_is_the_maps_only_once_it_has_the_focus(canvas: MapCanvas) -> None:
    scale, at = canvas.view.scale, QPointF(300, 90)
    under = canvas.pixel_of(PLANE.point((120, 70)))
    _turn(canvas, QPointF(*under))
    assert canvas.view.scale == pytest.approx(scale / 1.25)
    assert canvas.pixel_of(PLANE.point((120, 70))) == pytest.approx(under)
    canvas.clearFocus()
    _turn(canvas, at)
    assert canvas.view.scale == pytest.approx(scale / 1.25)


def _turn(canvas: MapCanvas, at: QPointF) -> None:
    none, buttons = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.NoButton
    phase = Qt.ScrollPhase.NoScrollPhase
    event = QWheelEvent(at, QPointF(canvas.mapToGlobal(at)), QPoint(), QPoint(0, 120), buttons, none, phase, False)  # noqa: FBT003
    QApplication.sendEvent(canvas, event)


def test_the_focus_is_seen(canvas: MapCanvas) -> None:
    look = canvas.property("look")
    assert isinstance(look, Look)
    with_focus = canvas.grab().toImage()
    assert with_focus.pixelColor(200, 1).name().upper() == look.theme.colours["focus"]
    canvas.clearFocus()
    assert canvas.grab().toImage() != with_focus


@given(
    st.floats(-70, 70),
    st.floats(-179, 179),
    st.floats(-5_000, 5_000),
    st.floats(-5_000, 5_000),
    st.floats(0.1, 6),
    st.tuples(st.integers(0, 2_000), st.integers(0, 2_000)),
)
def test_a_point_picked_where_a_point_is_seen_is_that_point(
    lat: float, lon: float, x: float, y: float, scale: float, size: tuple[int, int]
) -> None:
    plane, view = Plane((lat, lon)), View((x, y), scale, *size)
    point = plane.point((x + 120, y - 80))
    again = plane.point(view.spot(view.pixel(plane.spot(point))))
    assert distance_m(point, again) < 1
    about = (size[0] / 3, size[1] / 4)
    assert view.zoomed(1.7, about).spot(about) == pytest.approx(view.spot(about), abs=1e-6)


@given(st.lists(st.tuples(st.floats(0, 400), st.floats(0, 300), st.floats(-90, 90)), max_size=25))
def test_no_two_names_touch_and_none_is_cut(wanted: list[tuple[float, float, float]]) -> None:
    text = text_of("rue des Érables", Font("Inter", 11, 500))
    room = Room((0, 0, 400, 300), 2)
    taken = [label for x, y, angle in wanted if room.takes(label := Label(text, (x, y), angle))]
    for label in taken:
        assert all(0 <= x <= 400 and 0 <= y <= 300 for x, y in _along(label)) or not any(
            0 < x < 400 and 0 < y < 300 for x, y in _along(label)
        )
    for place, label in enumerate(taken):
        others = [spot for other in taken[:place] for spot in _along(other)]
        assert all(math.dist(spot, other) > text.height * 0.5 for spot in _along(label) for other in others)


def _along(label: Label) -> list[tuple[float, float]]:
    half, angle = label.text.width / 2, math.radians(label.angle)
    shares = (part / 10 for part in range(-10, 11))
    return [(label.at[0] + share * half * math.cos(angle), label.at[1] + share * half * math.sin(angle)) for share in shares]


@pytest.fixture
def mapped(desk: Desk) -> Iterator[Mapped]:
    """The pane below a field."""
    with map_of(desk, FRENCH) as made:
        yield made


def test_the_map_is_closed_until_it_is_asked_for(mapped: Mapped) -> None:
    pane, opened = mapped.pane, list[bool]()
    pane.toggled.connect(opened.append)
    pane.show_place(Whereabouts(label="Hôtel de ville", lat=HERE[0], lon=HERE[1]))
    assert not pane.is_open
    with announcements() as heard:
        pane.toggle()
        mapped.settles()
        pane.toggle()
    assert heard.said[0] == "Carte ouverte."
    assert heard.said[-1] == "Carte fermée."
    assert opened == [True, False]
    assert pane.isHidden()


def test_the_pins_are_said_in_words_with_their_numbers(mapped: Mapped) -> None:
    similar = mapped.similar("NDP", HOUSE)
    mapped.pane.toggle()
    mapped.shows(HOUSE, similar)
    assert len(similar) == 4
    lines = [line for line in _texts(mapped.pane) if "à 0\u00a0m" in line]
    assert len(lines) == 4
    assert all(each.request.number in line for each, line in zip(similar, lines, strict=True))
    pins = mapped.pane.canvas.pins
    assert [(pin.number, pin.label) for pin in pins] == list(enumerate(lines, 1))
    assert [pin.at for pin in pins] == [each.request.where.point for each in similar]
    assert "4 requêtes semblables, numérotées." in mapped.description()
    mapped.pane.show_place(Whereabouts.of(lookup.location(mapped.desk, HALL)))
    assert not [line for line in _texts(mapped.pane) if "à 0\u00a0m" in line]


def test_the_map_says_which_place_and_streets_it_shows_and_that_it_is_a_plan(mapped: Mapped) -> None:
    mapped.pane.toggle()
    mapped.shows(HALL)
    said = mapped.description()
    assert said.startswith("Plan schématique autour de Hôtel de ville. Rues proches\u00a0: ")
    assert "rue de l’Hôtel-de-Ville" in said


def test_a_place_without_a_point_is_said_and_no_map_is_shown(mapped: Mapped) -> None:
    mapped.pane.toggle()
    assert mapped.pane.state.text() == "Choisissez un lieu pour voir ce qui l’entoure."
    mapped.pane.show_place(Whereabouts(label="derrière l’aréna"))
    assert "n’est pas situé" in mapped.pane.state.text()
    assert not mapped.pane.canvas.isVisible()


def test_where_nothing_is_known_it_says_so_and_the_place_is_there(mapped: Mapped) -> None:
    mapped.pane.toggle()
    mapped.pane.show_place(Whereabouts(label="le bois", lat=46.5, lon=-72.0))
    assert mapped.pane.state.text() == "Recherche de ce qui entoure ce lieu…"
    until(lambda: "Aucune adresse" in mapped.pane.state.text(), "nothing around")
    assert mapped.pane.canvas.isVisible()


def test_a_point_of_the_map_becomes_an_address(mapped: Mapped) -> None:
    mapped.pane.toggle()
    mapped.shows(HOUSE)
    mapped.field.setFocus()
    mapped.hands.press("Tab", "Return")
    found = surroundings.nearest(mapped.desk, mapped.picked[0])
    assert found is not None
    assert found.id == HOUSE


def test_far_from_the_place_more_is_asked_for(mapped: Mapped) -> None:
    mapped.pane.toggle()
    mapped.shows(HALL)
    before = mapped.description()
    mapped.pane.canvas.setFocus()
    mapped.hands.press(*["Right"] * 12)
    until(lambda: mapped.description() != before, "other streets")


def test_the_buttons_of_the_map_are_actions(mapped: Mapped) -> None:
    mapped.pane.toggle()
    mapped.shows(HALL)
    scale = mapped.pane.canvas.view.scale
    mapped.field.setFocus()
    mapped.hands.press("Tab", "Tab", "Space")
    assert mapped.pane.canvas.view.scale == pytest.approx(scale / 1.5)
    mapped.hands.press("Tab", "Space", "Space")
    assert mapped.pane.canvas.view.scale == pytest.approx(scale * 1.5)
    mapped.hands.press("Tab", "Space")
    assert mapped.pane.canvas.view.scale == pytest.approx(scale)


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize(("scale", "theme"), [(100, "light"), (200, "contrast")])
def test_nobody_is_kept_from_it(desk: Desk, language: Language, scale: int, theme: str) -> None:
    setting = Setting(language, scale, (700, 1000), theme)
    with map_of(desk, setting) as there:
        there.pane.toggle()
        there.shows(HOUSE, there.similar("NDP", HOUSE))
        assert problems_of(there.window, setting) == []
        assert problems_of_focus(there.window) == []


def test_names_of_streets_are_short_as_on_the_citys_signs() -> None:
    assert short("boulevard des Pins") == "boul. des Pins"
    assert short("avenue du Parc") == "av. du Parc"
    assert short("rue Principale") == "rue Principale"
    assert short("Lac") == "Lac"


def _texts(root: QWidget) -> list[str]:
    return [each.text() for each in root.findChildren(QLabel) if each.isVisible()]
