"""Where it is: a known place, or the words for one that is still to be located."""

from __future__ import annotations

from PySide6.QtCore import Signal

from guichet_sync.domain.location import Location, Whereabouts

from ..desk import lookup, surroundings
from ..widgets.field import Field
from ..widgets.lookup_field import LookupField, Match
from .context import Context

_MATCHES = 8


class PlaceField(Field):
    """Emits ``changed`` at every change a person makes, ``chosen`` when a known place is taken."""

    changed = Signal()
    chosen = Signal()

    def __init__(self, context: Context) -> None:
        words = context.words
        self.lookup = LookupField(words.text("1425 érables, parc du Ruisseau…"))
        super().__init__(words.text("Adresse ou lieu"), self.lookup)
        self._context = context
        self._where = Whereabouts()
        self.lookup.typed.connect(self._on_typed)
        self.lookup.chosen.connect(self._on_chosen)

    def read(self) -> Whereabouts:
        """The place taken, as long as its words were not changed; else the words alone."""
        typed = self.lookup.text().strip()
        return self._where if self._where.label == typed else Whereabouts(label=typed)

    def show_place(self, where: Whereabouts) -> None:
        """Show a place."""
        self._where = where
        self.lookup.setText(where.label)

    def look_near(self, lat: float, lon: float) -> None:
        """The known place at a point picked on the map, if there is one within reach."""
        desk = self._context.desk
        self._context.thread.ask(lambda: surroundings.nearest(desk, (lat, lon)), self._on_near, lane="place")

    def _on_near(self, place: Location | None) -> None:
        if place is None:
            self.show_error(self._context.words.text("Aucune adresse connue à cet endroit : pointez plus près d’une rue."))
            return
        self.show_error("")
        self.lookup.setText(place.label)
        self._on_chosen(place)

    def _on_typed(self, typed: str) -> None:
        desk = self._context.desk
        self.changed.emit()
        self._context.thread.ask(lambda: lookup.addresses(desk, typed, _MATCHES), self._offer, lane="place")

    def _offer(self, found: tuple[Location, ...]) -> None:
        self.lookup.offer([_match(place) for place in found])

    def _on_chosen(self, place: Location) -> None:
        self._where = Whereabouts.of(place)
        self.changed.emit()
        self.chosen.emit()


def _match(place: Location) -> Match:
    return Match("  ·  ".join(filter(None, (place.label, place.postal_code))), place.label, place)
