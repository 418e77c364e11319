"""Rows, tables and their other states; what opens over a field; what happened along a line of time."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QAbstractItemView, QListView, QMenu, QTableView, QWidget

from guichet_sync.domain.article import Freshness, SearchHit

from ..models.results import ResultsModel, ShownHit
from ..models.waiting import WaitingModel, WaitingRow
from ..screens.delegates import HitDelegate, WaitingDelegate
from ..widgets.listing import Listing
from ..widgets.timeline import Moment, Timeline
from .specimen import Bench, Family, Make, Specimen, State, in_states

_ROWS = (
    ("26-000123", ("Collecte non effectuée", "Missed collection"), ("Prise en charge", "In progress")),
    ("26-000124", ("Nid-de-poule", "Pothole"), ("Terminée", "Closed")),
    ("C07-0142-V", ("Lampadaire éteint", "Street light out"), ("En attente d’envoi", "Waiting to be sent")),
)
_HITS = (
    (
        Freshness.VERIFIED,
        ("Vérifiée", "Verified"),
        ("Dans quel bac vont les feuilles mortes?", "Which bin do dead leaves go in?"),
    ),
    (
        Freshness.TO_REVIEW,
        ("À réviser", "To review"),
        ("Un arbre perd ses feuilles chez moi", "A tree drops its leaves on my lot"),
    ),
    (Freshness.UNVERIFIED, ("Non vérifiée", "Unverified"), ("Puisard bouché par des feuilles", "Drain blocked by leaves")),
)


def _table(bench: Bench) -> QTableView:
    model = QStandardItemModel(0, 3)
    model.setHorizontalHeaderLabels(
        [bench.say("Numéro", "Number"), bench.say("Catégorie", "Category"), bench.say("État", "Status")]
    )
    for number, category, status in _ROWS:
        model.appendRow([QStandardItem(each) for each in (number, bench.say(*category), bench.say(*status))])
    view = QTableView()
    model.setParent(view)
    view.setModel(model)
    view.setAccessibleName(bench.say("Requêtes", "Requests"))
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    view.setAlternatingRowColors(True)
    view.verticalHeader().hide()
    view.resizeColumnsToContents()
    view.resizeRowsToContents()
    view.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    view.horizontalHeader().setStretchLastSection(True)
    return view


def _selected(bench: Bench) -> QWidget:
    view = _table(bench)
    view.setCurrentIndex(view.model().index(1, 0))
    return view


def _listing(become: Callable[[Listing, Bench], None]) -> Make:
    def make(bench: Bench) -> QWidget:
        made = Listing(bench.look, _table(bench))
        become(made, bench)
        return made

    return make


def _empty(listing: Listing, bench: Bench) -> None:
    listing.show_empty(bench.say("Aucune requête ne correspond à ces filtres.", "No request matches these filters."))


def _loading(listing: Listing, bench: Bench) -> None:
    listing.view.model().removeRows(0, len(_ROWS))
    listing.setProperty("late", "true")
    listing.show_loading(bench.say("Lecture des requêtes…", "Reading requests…"))


def _broken(listing: Listing, bench: Bench) -> None:
    sentence = bench.say("Les fichiers de ce poste n’ont pas pu être lus.", "The files of this desk could not be read.")
    listing.show_error(sentence, lambda: None, bench.say("Recommencer", "Try again"))


def _rows(listing: Listing, _bench: Bench) -> None:
    listing.show_rows()


def _hits(bench: Bench) -> QWidget:
    model = ResultsModel()
    model.show(tuple(_hit(bench, place) for place in range(len(_HITS))))
    view = _list(bench, model, bench.say("Résultats", "Results"))
    view.setItemDelegate(_owned(view, HitDelegate(bench.look)))
    view.setCurrentIndex(model.index(0))
    return view


def _hit(bench: Bench, place: int) -> ShownHit:
    freshness, said, title = _HITS[place]
    words = bench.say(*title)
    mark = bench.say("feuilles", "leaves")
    start = words.index(mark)
    snippet = bench.say("Même jour que le bac brun; sacs sortis avant 7 h.", "Same day as the brown bin; bags out before 7.")
    hit = SearchHit(f"MR-{place}", words, "MR", freshness, snippet, 1.0)
    return ShownHit(hit, bench.say(*said), bench.say("Matières résiduelles", "Waste"), ((start, start + len(mark)),), ())


def _waiting(bench: Bench) -> QWidget:
    model = WaitingModel()
    model.show(
        (
            WaitingRow("1", bench.say("Bac brisé, 1200 av. des Pins", "Broken bin, 1200 av. des Pins"), "14 h 21", "text2"),
            WaitingRow("2", "C07-0142-V", bench.say("Refusée : catégorie retirée", "Refused: category retired"), "bad"),
        )
    )
    view = _list(bench, model, bench.say("À transmettre", "To send"))
    view.setItemDelegate(_owned(view, WaitingDelegate(bench.look)))
    view.setCurrentIndex(model.index(0))
    return view


def _list(_bench: Bench, model: ResultsModel | WaitingModel, name: str) -> QListView:
    view = QListView()
    model.setParent(view)
    view.setModel(model)
    view.setAccessibleName(name)
    view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return view


def _owned(view: QListView, delegate: HitDelegate | WaitingDelegate) -> HitDelegate | WaitingDelegate:
    delegate.setParent(view)
    return delegate


def _long_list(bench: Bench) -> QWidget:
    view = QListView()
    model = QStandardItemModel(view)
    for place in range(30):
        model.appendRow(
            QStandardItem(
                bench.say(
                    f"{place + 1}, rue des Érables, où le bac n’est pas vidé", f"{place + 1} rue des Érables, bin left full"
                )
            )
        )
    view.setModel(model)
    view.setAccessibleName(bench.say("Adresses", "Addresses"))
    view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
    return view


def _popup(bench: Bench) -> QWidget:
    view = _long_list(bench)
    assert isinstance(view, QListView)  # noqa: S101 - made above
    view.setObjectName("popup")
    view.setCurrentIndex(view.model().index(1, 0))
    return view


def _menu(bench: Bench) -> QWidget:
    made = QMenu()
    made.setWindowFlags(Qt.WindowType.Widget)
    made.addAction(bench.say("Ouvrir la requête", "Open the request"))
    chosen = made.addAction(bench.say("Copier le numéro", "Copy the number"))
    made.addAction(bench.say("Rattacher", "Join")).setEnabled(False)
    made.addSeparator()
    ticked = made.addAction(bench.say("Montrer la carte", "Show the map"))
    ticked.setCheckable(True)
    ticked.setChecked(True)
    made.setActiveAction(chosen)
    made.setMinimumSize(made.sizeHint())
    return made


def _timeline(bench: Bench) -> QWidget:
    made = Timeline(bench.look, bench.say("Historique", "History"))
    made.show_moments(
        (
            Moment("24 nov. 2026", bench.say("Terminée", "Closed"), bench.say("Réglée", "Settled"), "ok", "check"),
            Moment("23 nov. 2026", bench.say("Prise en charge", "In progress"), tone="info", icon="user-check"),
            Moment("22 nov. 2026", bench.say("Transmise pour traitement", "Sent for processing"), "Travaux publics", icon="send"),
            Moment("22 nov. 2026", bench.say("Refusée", "Refused"), bench.say("Hors compétence", "Not municipal"), "bad", "x"),
        )
    )
    return made


LISTS = Family(
    "lists",
    (
        *in_states("results", _hits, State.PLAIN, State.FOCUS, width=520, height=185),
        *in_states("what waits", _waiting, State.PLAIN, State.FOCUS, width=260, height=120),
        *in_states("long list", _long_list, State.PLAIN, State.FOCUS, width=220, height=160),
        Specimen("what a field offers", _popup, width=260, height=160),
        Specimen("menu", _menu),
        *in_states("timeline", _timeline, State.PLAIN, State.FOCUS, width=320, height=270),
    ),
)
TABLES = Family(
    "tables",
    (
        *in_states("table", _table, State.PLAIN, State.FOCUS, State.DISABLED, width=420, height=160),
        *in_states("table, a row chosen", _selected, State.PLAIN, State.FOCUS, width=420, height=160),
        Specimen("rows", _listing(_rows), width=420, height=200),
        Specimen("empty", _listing(_empty), width=420, height=200),
        Specimen("loading", _listing(_loading), width=420, height=200),
        Specimen("error", _listing(_broken), width=420, height=200),
    ),
)
