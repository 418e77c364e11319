"""Parts made of parts: steps, work that lasts, a drawer, the map."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ..widgets.drawer import Drawer
from ..widgets.facts import Facts
from ..widgets.icon_button import IconButton
from ..widgets.key_block import KeyBlock, KeyRow
from ..widgets.labels import label
from ..widgets.map_canvas import MapCanvas
from ..widgets.map_plan import MapArea, MapBlock, MapPlan, MapStreet, Pin
from ..widgets.overlay import Overlay
from ..widgets.progress import Progress
from ..widgets.stepper import Stepper
from .specimen import Bench, Family, Make, Specimen, State, in_states

_HERE = (46.05, -72.95)
_STEP = 0.0012


def _stepper(place: int) -> Make:
    def make(bench: Bench) -> QWidget:
        names = (bench.say("Serveur", "Server"), bench.say("Inscription", "Enrolment"), bench.say("Première copie", "First copy"))
        made = Stepper(bench.look, names, bench.words)
        made.show_step(place)
        return made

    return make


def _progress(become: Callable[[Progress, Bench], None]) -> Make:
    def make(bench: Bench) -> QWidget:
        made = Progress(bench.look, bench.say("Première copie", "First copy"), bench.say("Arrêter", "Stop"))
        become(made, bench)
        return made

    return make


def _half_way(progress: Progress, bench: Bench) -> None:
    progress.begin()
    progress.advance(3_200, 5_000, bench.say("3 200 fiches sur 5 000", "3,200 articles of 5,000"))


def _done(progress: Progress, bench: Bench) -> None:
    progress.begin()
    progress.finish(bench.say("5 000 fiches reçues.", "5,000 articles received."))


def _failed(progress: Progress, bench: Bench) -> None:
    progress.begin()
    progress.fail(bench.say("Le serveur central ne répond pas. Tout est gardé.", "The server does not answer. All is kept."))


def _drawer(bench: Bench) -> QWidget:
    host, content = QWidget(), QWidget()
    host.setObjectName("page")
    column = QVBoxLayout(content)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(label(bench.say("En communication", "On a call"), "section"))
    column.addWidget(label(bench.say("2 requêtes ouvertes", "2 open requests"), "muted"))
    column.addWidget(IconButton(bench.look, "check", bench.say("Terminer l’échange", "End the interaction")))
    column.addStretch(1)
    Drawer(host, content).open()
    return host


def _map(bench: Bench) -> QWidget:
    made = MapCanvas(bench.look, bench.say("Carte des environs", "Map of the surroundings"))
    made.show_plan(_plan(), bench.say("Plan de démonstration", "Demonstration map"))
    made.show_place(_HERE, 150.0)
    made.show_pins((Pin(46.0507, -72.9512, "Bac non vidé", 1), Pin(46.0495, -72.9488, "Sacs oubliés", 2)))
    return made


def _plan() -> MapPlan:
    lat, lon = _HERE
    across = tuple(
        MapStreet(name, tuple((lat + row * _STEP, lon + leg * _STEP) for leg in range(-4, 5)), major=row == 1)
        for row, name in ((-2, "rue Viel"), (-1, "rue des Érables"), (1, "boul. de la Concorde"), (2, "av. des Pins"))
    )
    along = tuple(
        MapStreet(name, tuple((lat + leg * _STEP, lon + row * 1.6 * _STEP) for leg in range(-3, 4)))
        for row, name in ((-1, "rue Lauzon"), (0, "rue du Moulin"), (1, "rue de l’Église"))
    )
    corners = ((0.15, -1.4), (0.15, -0.2), (0.85, -0.2), (0.85, -1.4))
    park = MapArea(tuple((lat + y * _STEP, lon + x * _STEP) for y, x in corners))
    blocks = tuple(MapBlock((lat - 0.6 * _STEP, lon + x * 0.4 * _STEP), str(1400 + 2 * x)) for x in range(-6, 7))
    return MapPlan(_HERE, (*across, *along), (park,), blocks)


def _panel(bench: Bench) -> QWidget:
    host, content = QWidget(), QWidget()
    host.setObjectName("page")
    column = QVBoxLayout(content)
    column.addWidget(label(bench.say("Raccourcis clavier", "Keyboard shortcuts"), "title", wrap=True))
    column.addWidget(label(bench.say("Tout se trouve aussi par son nom.", "All is found by its name too."), "muted", wrap=True))
    close = IconButton(bench.look, "x", bench.say("Fermer", "Close"))
    column.addWidget(close)
    panel = Overlay(host, bench.say("Raccourcis", "Shortcuts"), columns=34)
    panel.set_content(content, close)
    panel.open()
    return host


def _facts(bench: Bench) -> QWidget:
    made = Facts(bench.look, bench.say("Demandeur", "Requester"))
    made.show_pairs(
        (
            (bench.say("Nom", "Name"), "S. Gagnon"),
            (bench.say("Téléphone", "Phone"), "450 555-0142"),
            (bench.say("Adresse", "Address"), bench.say("1425, rue des Érables, app. 3", "1425 rue des Érables, apt. 3")),
        )
    )
    made.stand_tall(tall=True)
    return made


def _keys(bench: Bench) -> QWidget:
    rows = (
        KeyRow(("F2",), bench.say("Rechercher", "Search"), bench.say("Aller au champ de recherche", "Go to the search field")),
        KeyRow(("Ctrl+K",), bench.say("Commandes", "Commands"), bench.say("Chercher par son nom", "Find one by its name")),
        KeyRow((), bench.say("À propos", "About"), bench.say("Version et licences", "Version and licences")),
    )
    return KeyBlock(bench.look, bench.say("Partout", "Everywhere"), rows)


LARGER = Family(
    "larger",
    (
        *(Specimen(f"steps, {place + 1}", _stepper(place), width=480) for place in range(3)),
        Specimen("work under way", _progress(_half_way), width=360),
        Specimen("work done", _progress(_done), width=360),
        Specimen("work that failed", _progress(_failed), width=360),
        Specimen("drawer", _drawer, width=480, height=240),
        Specimen("panel", _panel, width=480, height=240),
        *in_states("facts", _facts, State.PLAIN, State.FOCUS, width=360),
        *in_states("keys", _keys, State.PLAIN, State.FOCUS, width=360),
        *in_states("map", _map, State.PLAIN, State.FOCUS, width=360),
    ),
)
