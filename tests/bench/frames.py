"""How long the window is deaf while one types, reads, scrolls and switches: on a full post, idle and during a sync."""

from __future__ import annotations

import gzip
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from PySide6.QtCore import QModelIndex, QStringListModel
from PySide6.QtWidgets import QAbstractItemView, QApplication, QHeaderView, QLineEdit, QListView, QPlainTextEdit, QWidget

from guichet_desktop.desk import enrolment
from guichet_desktop.loopback import DEMO_PASSWORD, DEMO_USER
from guichet_desktop.profiles import PASSPHRASE_VARIABLE, open_profile

from . import pulse
from .big_city import FICHES, BigCity
from .driving import Driven, Hands, application, copied, driven
from .pulse import Beats
from .report import Row, Spread, publish

_TARGET_MS = 16
_KEY_S, _LOOK_S, _READ_S, _SWITCH_S = 0.06, 0.15, 0.4, 0.8
_LEAST_GESTURES, _MOST_ROUNDS = 150, 3
_LARGEST = 60_000
_QUESTIONS = (
    "passeport perdu", "carte grise", "acte de naissance", "permis de construire", "taxe habitation", "deneigement", "l'arrosage",
    "bacs bruns", "pension alimentaire", "garde d'enfant",
)  # fmt: skip
_WORDS = "Trou profond au milieu de la voie, devant l'arret d'autobus; une voiture y a laisse une roue hier soir."

Gesture = tuple[str, Callable[[], object], float]
"""What it is, the gesture, and how long one looks at what it does, in seconds."""
Scenario = Callable[[Driven], Iterator[Gesture]]


@dataclass(frozen=True, slots=True)
class Measured:
    """A scenario: its gestures idle, during a sync, and the same keys in an empty window of Qt."""

    name: str
    idle: Beats
    syncing: Beats
    alone: Beats | None

    def rows(self) -> list[Row]:
        """Rows of the report."""
        against = {"Qt alone": round(Spread.of(self.alone.longest).p99, 2)} if self.alone else {}
        rows = []
        for when, beats in (("idle", self.idle), ("syncing", self.syncing)):
            if beats.longest:
                spread, title = Spread.of(beats.longest), f"{self.name}, {when} ({len(beats.longest)})"
                rows += [
                    Row(f"{title}, p50", spread.p50, "ms"),
                    Row(f"{title}, p99", spread.p99, "ms", _TARGET_MS, against),
                    Row(f"{title}, worst: {beats.worst()}", spread.worst, "ms"),
                ]
        return rows


def run(scale: float) -> None:
    """Measure and publish."""
    with tempfile.TemporaryDirectory(prefix="guichet-bench-") as folder:
        publish("frames", measured(Path(folder), scale, tuple(SCENARIOS)))


def measured(folder: Path, scale: float, names: tuple[str, ...]) -> list[Row]:
    """Build the city, mirror it without its requests, then drive the window through the scenarios of these names."""
    os.environ[PASSPHRASE_VARIABLE] = "bench"
    application(folder)
    city = BigCity.build(folder, scale)
    with city.central.running():
        profile = _enrolled(folder / "post", city.central.url)
        city.load_requests()
        found = measure(profile, city.central.url, {name: SCENARIOS[name] for name in names})
    return [row for each in found for row in each.rows()]


def measure(profile: Path, server: str, scenarios: dict[str, Scenario]) -> list[Measured]:
    """Syncing first, idle on the full post after that, on a server that has requests which ``profile`` has not."""
    syncing = {name: _while_syncing(profile, server, scenario) for name, scenario in scenarios.items()}
    with copied(profile, "full") as copy, driven(copy, server) as there:
        pulse.until(lambda: there.is_synced, 600)
        idle = {name: _felt(scenario(there)) for name, scenario in scenarios.items()}
    alone = {name: _felt(make()) for name, make in _ALONE.items() if name in scenarios}
    return [Measured(name, idle[name], syncing[name], alone.get(name)) for name in scenarios]


def _felt(gestures: Iterator[Gesture], go_on: Callable[[], bool] = lambda: True) -> Beats:
    beats = Beats()
    for name, gesture, then in gestures:
        if not go_on():
            break
        beats.feel(name, gesture, then)
    return beats


def _while_syncing(profile: Path, server: str, scenario: Scenario) -> Beats:
    """Again and again, on a copy that has no requests yet: gestures are counted until the last request is there."""
    beats = Beats()
    for place in range(_MOST_ROUNDS):
        with copied(profile, f"syncing-{place}") as copy, driven(copy, server) as there:
            for _ in cycle((None,)):
                felt = _felt(scenario(there), lambda there=there: not there.is_synced)  # type: ignore[misc]
                beats.longest += felt.longest
                beats.names += felt.names
                if there.is_synced:
                    break
        if len(beats.longest) >= _LEAST_GESTURES:
            break
    return beats


def _enrolled(folder: Path, server: str) -> Path:
    profile = open_profile(folder)
    enrolment.enrol(profile, server, DEMO_USER, DEMO_PASSWORD).close()
    with driven(folder, server) as there:
        pulse.until(lambda: there.is_synced, 600)
    return folder


# ── what one does ────────────────────────────────────────────────────────────


def _typing(there: Driven) -> Iterator[Gesture]:
    hands = there.hands
    for question in _QUESTIONS:
        yield "F2", lambda: hands.press("F2"), _LOOK_S
        for place, letter in enumerate(question):
            last = place == len(question) - 1
            yield f"{question[: place + 1]}…", lambda letter=letter: hands.type(letter), _READ_S if last else _KEY_S  # type: ignore[misc]


def _arrowing(there: Driven) -> Iterator[Gesture]:
    hands = there.hands
    for question in _QUESTIONS[:6]:
        _ask(there, question)
        for key in ["Down"] * 15 + ["Up"] * 5:
            yield f"{key} in {question}", lambda key=key: hands.press(key), _LOOK_S  # type: ignore[misc]


def _reading(there: Driven) -> Iterator[Gesture]:
    hands = there.hands
    for title, length in fiches(24):
        _ask(there, title)
        yield f"fiche of {length:,} characters", lambda: hands.press("Alt+1"), _READ_S
        yield "another fiche", lambda: hands.press("Alt+2"), _READ_S
        yield f"again, {length:,} characters", lambda: hands.press("Alt+1"), _READ_S


def _filling(there: Driven) -> Iterator[Gesture]:
    hands = there.hands
    for _ in range(2):
        yield "F4", lambda: hands.press("F4"), _LOOK_S
        for words in ("nid-de", "120 rue pri"):
            yield from ((f"{letter} of {words}", lambda letter=letter: hands.type(letter), _KEY_S) for letter in words)
            yield f"list of {words}", lambda: None, _READ_S
            yield f"Return after {words}", lambda: hands.press("Return"), _LOOK_S
        for _ in range(3):
            yield "Tab", lambda: hands.press("Tab"), _LOOK_S
        yield from ((f"{letter} of the description", lambda letter=letter: hands.type(letter), _KEY_S) for letter in _WORDS)


def _themes(there: Driven) -> Iterator[Gesture]:
    _ask(there, _QUESTIONS[0])
    for _ in range(4):
        for theme in ("dark", "contrast", "light"):
            yield f"{theme} theme", lambda theme=theme: there.guichet.look.wear(theme, 100), _READ_S  # type: ignore[misc]
    for percent in (130, 200, 100):
        yield f"text at {percent} %", lambda percent=percent: there.guichet.look.wear("light", percent), _READ_S  # type: ignore[misc]


def _languages(there: Driven) -> Iterator[Gesture]:
    _ask(there, _QUESTIONS[0])
    for _ in range(8):
        yield "the other language", lambda: there.hands.press("Ctrl+Shift+L"), _SWITCH_S


def _pages(there: Driven) -> Iterator[Gesture]:
    hands = there.hands
    for _ in range(4):
        for key in ("Ctrl+2", "Ctrl+3", "Ctrl+4", "Ctrl+1", "F1", "Escape", "Ctrl+K", "Escape", "F9", "Escape"):
            yield key, lambda key=key: hands.press(key), _READ_S  # type: ignore[misc]


def _scrolling(there: Driven) -> Iterator[Gesture]:
    hands = there.hands
    hands.press("Ctrl+2")
    pulse.live(_SWITCH_S)
    table = _longest_list(there.guichet.window)
    if table is None:
        return
    table.setFocus()
    yield from (("PageDown", lambda: hands.press("PgDown"), _KEY_S) for _ in range(100))
    yield from (("wheel", lambda: hands.wheel(table.viewport(), -3), _KEY_S / 2) for _ in range(150))
    yield "End", lambda: hands.press("End"), _READ_S
    yield "Home", lambda: hands.press("Home"), _READ_S
    hands.press("Ctrl+1")


def _longest_list(window: QWidget) -> QAbstractItemView | None:
    """The view with most rows of those that are on the screen."""
    shown = [each for each in window.findChildren(QAbstractItemView) if each.isVisible() and not isinstance(each, QHeaderView)]
    return max(shown, key=lambda each: each.model().rowCount(QModelIndex()), default=None)


def _ask(there: Driven, words: str) -> None:
    """Search for something; not measured."""
    there.hands.press("F2")
    for letter in words:
        there.hands.type(letter)
    pulse.live(_READ_S)


SCENARIOS: dict[str, Scenario] = {
    "typing a query": _typing,
    "arrowing through results": _arrowing,
    "opening fiches": _reading,
    "filling a request": _filling,
    "switching theme or size": _themes,
    "switching language": _languages,
    "opening pages and panels": _pages,
    "scrolling 60,000 requests": _scrolling,
}


def fiches(count: int) -> list[tuple[str, int]]:
    """Titles of real fiches from the smallest to the largest that are shown whole, each with its number of characters."""
    if not FICHES.exists():
        return [(question, 0) for question in _QUESTIONS]
    with gzip.open(FICHES, "rt", encoding="utf-8") as file:
        sizes = sorted((len(each["body"]), each["title"]) for each in map(json.loads, file))
    fitting = [(title, length) for length, title in sizes if length < _LARGEST]
    step = (len(fitting) - 1) / (count - 1)
    return [fitting[round(step * place)] for place in range(count)]


# ── Qt alone ─────────────────────────────────────────────────────────────────


def _alone(part: QWidget, keys: list[str], then: float) -> Iterator[Gesture]:
    """The same keys, in a window with nothing but this part."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    app.setStyleSheet("")
    part.resize(800, 600)
    part.show()
    pulse.live(_READ_S)
    hands = Hands(part)
    for key in keys:
        one = hands.type if len(key) == 1 else hands.press
        yield key, lambda one=one, key=key: one(key), then  # type: ignore[misc]
    part.close()


def _rows_alone() -> QAbstractItemView:
    view = QListView()
    view.setUniformItemSizes(True)
    view.setModel(QStringListModel([f"Requête {place}" for place in range(60_000)], view))
    return view


_ALONE: dict[str, Callable[[], Iterator[Gesture]]] = {
    "typing a query": lambda: _alone(QLineEdit(), list("".join(_QUESTIONS)), _KEY_S),
    "filling a request": lambda: _alone(QPlainTextEdit(), list(_WORDS), _KEY_S),
    "scrolling 60,000 requests": lambda: _alone(_rows_alone(), ["PgDown"] * 100, _KEY_S),
}
