"""The map pane in a real window around a real desk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from guichet_desktop.bridge import Asking, DeskThread
from guichet_desktop.desk import capture, lookup
from guichet_desktop.desk.desk import Desk
from guichet_desktop.screens.context import Context, Taxonomy
from guichet_desktop.screens.map_pane import MapPane
from guichet_desktop.theme.look import Look
from guichet_desktop.tour import Hands, until
from guichet_sync.domain.duplicate import Similar
from guichet_sync.domain.location import Whereabouts
from tests.helpers.contexts import context_in
from tests.helpers.desks import filled
from tests.helpers.stages import Setting, stage


class Mapped:
    """A form with a field above the map; ``picked`` are the points chosen on it."""

    def __init__(self, context: Context, look: Look, window: QWidget) -> None:
        self.window, self.look = window, look
        self.desk = context.desk
        self.pane = MapPane(context)
        self.page = QWidget()
        self.page.setObjectName("root")
        self.field = QLineEdit()
        self.field.setAccessibleName(context.words.text("Adresse ou lieu"))
        layout = QVBoxLayout(self.page)
        layout.addWidget(self.field)
        layout.addWidget(self.pane)
        layout.addStretch(1)
        self.hands = Hands(window)
        self.picked: list[tuple[float, float]] = []
        self.pane.point_picked.connect(lambda lat, lon: self.picked.append((lat, lon)))

    def similar(self, category: str, at: str) -> tuple[Similar, ...]:
        """What is similar to a request there."""
        return capture.preview(self.desk, filled(self.desk, category, at=at)).similar

    def shows(self, place: str, similar: tuple[Similar, ...] = (), radius_m: float = 50) -> None:
        """Show a known place, and wait for what is around it."""
        self.pane.show_place(Whereabouts.of(lookup.location(self.desk, place)), similar, radius_m)
        self.settles()

    def settles(self) -> None:
        """Wait until nothing is being looked for."""
        until(lambda: "Rues proches" in self.description() or "Nearby streets" in self.description(), "what is around")

    def description(self) -> str:
        """What the map says of itself."""
        return self.pane.canvas.accessibleDescription()


@contextmanager
def map_of(desk: Desk, setting: Setting) -> Iterator[Mapped]:
    """The pane for the length of a ``with`` block."""
    with stage(setting) as there:
        thread = DeskThread(there.window)
        asking = Asking(thread, there.window)
        context = context_in(there.window, desk, asking, setting.words, there.look, taxonomy=Taxonomy.read(desk))
        made = Mapped(context, there.look, there.window)
        there.show(made.page)
        made.field.setFocus()
        try:
            yield made
        finally:
            thread.close()
