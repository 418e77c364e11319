"""The map of a request's place: closed until it is asked for, never the only way. What its pins show stands below it in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from guichet_sync.domain.duplicate import Similar
from guichet_sync.domain.errors import GuichetError
from guichet_sync.domain.location import Whereabouts, distance_m
from guichet_sync.domain.plane import Point

from ..desk import surroundings
from ..widgets.announcing import announce
from ..widgets.icon_button import ActionButton
from ..widgets.labels import label, pill
from ..widgets.map_canvas import MapCanvas
from ..widgets.map_hand import NEARER
from ..widgets.map_plan import MapPlan, Pin
from .context import Context
from .map_drawn import Drawn, drawn

_LANE = "map"
_SHOWN = 8
_LEAST_M, _MOST_M = 500.0, 1_200.0
_STILL_NEAR = 0.15
_Reach = tuple[Point, float]


class MapPane(QWidget):
    """Hidden while it is closed, and asks the desk nothing then.

    Emits ``toggled`` with whether it is open, and ``point_picked(lat, lon)`` in degrees for a point chosen on the map.
    """

    toggled = Signal(bool)
    point_picked = Signal(float, float)

    def __init__(self, context: Context) -> None:
        super().__init__()
        words = context.words
        self._context = context
        self._where, self._radius_m = Whereabouts(), 0.0
        self._similar: tuple[Similar, ...] = ()
        self._asked: _Reach | None = None
        self._drawn: Drawn | None = None
        self.canvas = MapCanvas(context.look, words.text("Carte du lieu"))
        self.state = label("", "muted", wrap=True)
        self._rows = _Rows(context)
        self._lay_out()
        self._bind()
        self.canvas.picked.connect(self.point_picked)
        self.canvas.moved.connect(self._on_moved)
        self.hide()

    @property
    def is_open(self) -> bool:
        """Whether it was asked for."""
        return not self.isHidden()

    def toggle(self) -> None:
        """Open it, or close it."""
        is_open = not self.is_open
        words = self._context.words
        announce(self.parentWidget() or self, words.text("Carte ouverte.") if is_open else words.text("Carte fermée."))
        self.setVisible(is_open)
        if is_open:
            self._refresh(afresh=True)
        else:
            self._context.thread.forget(_LANE)
            self._asked = None
        self.toggled.emit(is_open)

    def show_place(self, where: Whereabouts, similar: Sequence[Similar] = (), radius_m: float = 0.0) -> None:
        """Show a place, a circle of ``radius_m`` metres around it, and similar requests: the first of them is number 1."""
        afresh = (where.point, radius_m) != (self._where.point, self._radius_m)
        self._where, self._radius_m, self._similar = where, radius_m, tuple(similar)
        if self.is_open:
            self._refresh(afresh=afresh)

    def showEvent(self, event: QShowEvent) -> None:
        """What is around may not have been asked for yet: the canvas had no size."""
        super().showEvent(event)
        if self._where.point is not None:
            self._ask_where_needed()

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        for part in (self.canvas, self.state, self._rows):
            layout.addWidget(part)

    def _bind(self) -> None:
        """The buttons of the map are actions like all others."""
        commands, look = self._context.commands, self._context.look
        acts: dict[str, Callable[[], object]] = {
            "map_nearer": partial(self.canvas.zoom, NEARER),
            "map_farther": partial(self.canvas.zoom, 1 / NEARER),
            "map_place": self.canvas.go_home,
        }
        icons = {"map_nearer": "plus", "map_farther": "minus", "map_place": "locate"}
        made = [(name, commands.bind(name, act, self.canvas)) for name, act in acts.items()]
        self.canvas.take_tools([ActionButton(look, action, icons[name], kind="map", words="") for name, action in made])

    def _refresh(self, *, afresh: bool) -> None:
        point = self._where.point
        self.canvas.setVisible(point is not None)
        self._rows.show_similar(self._similar[:_SHOWN])
        if point is None:
            self._context.thread.forget(_LANE)
            self._asked = None
            self._say(self._without_point())
            return
        self.canvas.show_pins(_pins(self._similar[:_SHOWN], self._rows.what))
        if afresh:
            self.canvas.show_place(point, self._radius_m)
        self._ask_where_needed()
        self._describe()

    def _without_point(self) -> str:
        words = self._context.words
        if self._where.label:
            return words.text("Ce lieu n’est pas situé sur la carte. La requête peut être enregistrée quand même.")
        return words.text("Choisissez un lieu pour voir ce qui l’entoure.")

    def _on_moved(self) -> None:
        if self._where.point is not None:
            self._ask_where_needed()

    def _ask_where_needed(self) -> None:
        """Ask what is around what is in sight, unless it was."""
        if not self.is_open or self._where.point is None or self._is_asked():
            return
        desk, centre = self._context.desk, self.canvas.centre
        radius_m = min(_MOST_M, max(_LEAST_M, 1.8 * self.canvas.view.reach_m))
        self._asked = (centre, radius_m)
        known = self._drawn.around if self._drawn else None
        if known is None or distance_m(known.point, centre) > known.radius_m:
            self._say(self._context.words.text("Recherche de ce qui entoure ce lieu…"))
        asking = self._context.thread
        asking.ask(lambda: drawn(surroundings.around(desk, centre, radius_m)), self._show, self._on_failed, lane=_LANE)

    def _is_asked(self) -> bool:
        if self._asked is None:
            return False
        centre, radius_m = self._asked
        return distance_m(centre, self.canvas.centre) <= max(_STILL_NEAR * radius_m, radius_m - self.canvas.view.reach_m)

    def _show(self, found: Drawn) -> None:
        self._drawn = found
        words = self._context.words
        self.canvas.show_plan(found.plan, words.text("Plan schématique"))
        self._say(words.text("Aucune adresse connue autour de ce lieu sur ce poste.") if found.around.is_empty else "")
        self._describe()

    def _on_failed(self, error: GuichetError) -> None:
        self._asked = None
        self.canvas.show_plan(MapPlan(self.canvas.centre))
        self._say(str(self._context.words.error(error)))

    def _say(self, sentence: str) -> None:
        if sentence != self.state.text():
            self.state.setText(sentence)
            announce(self.state, sentence)
        self.state.setVisible(bool(sentence))

    def _describe(self) -> None:
        """The picture in words: the place, how many pins, the streets around, what keys do."""
        words = self._context.words
        parts = [words.text("Plan schématique autour de {place}.", place=self._where.label)]
        if self._similar:
            count = min(len(self._similar), _SHOWN)
            parts.append(words.plural("{n} requête semblable, numérotée.", "{n} requêtes semblables, numérotées.", count))
        if self._drawn and self._drawn.nearest:
            parts.append(words.text("Rues proches : {streets}.", streets=", ".join(self._drawn.nearest)))
        parts.append(
            words.text(
                "Flèches pour se déplacer, + et − pour rapprocher ou éloigner, 0 pour revenir au lieu, Entrée pour choisir."
            )
        )
        self.canvas.setAccessibleDescription(" ".join(parts))


class _Rows(QWidget):
    """The similar requests in words, numbered like their pins; hidden while there are none."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(1, 1)
        self._shown: tuple[str, ...] = ()
        self._parts: list[QWidget] = []
        self.hide()

    def show_similar(self, similar: Sequence[Similar]) -> None:
        """Show these, in their order."""
        lines = tuple(map(self.what, similar))
        self.setVisible(bool(lines))
        if lines == self._shown:
            return
        self._shown = lines
        for gone in self._parts:
            gone.deleteLater()
        self._parts = []
        for place, line in enumerate(lines):
            number, text = pill(str(place + 1), "warn"), label(line, "meta", wrap=True)
            number.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Maximum)
            number.setAlignment(Qt.AlignmentFlag.AlignCenter)
            self._grid.addWidget(number, place, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(text, place, 1)
            self._parts += [number, text]

    def what(self, each: Similar) -> str:
        """What a similar request is and how far."""
        words, request = self._context.words, each.request
        names = {category.code: words.both(category.name) for category in self._context.categories}
        return words.text(
            "{category}  ·  {number}  ·  à {metres} m",
            category=names.get(request.category, request.category),
            number=request.number or request.provisional_number,
            metres=round(each.distance_m),
        )


def _pins(similar: Sequence[Similar], what: Callable[[Similar], str]) -> list[Pin]:
    """One for each that has a point; the others keep their number, in the list alone."""
    placed = ((number, each, each.request.where.point) for number, each in enumerate(similar, 1))
    return [Pin(*point, what(each), number) for number, each, point in placed if point]
