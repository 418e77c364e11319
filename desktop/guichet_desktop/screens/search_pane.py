"""Results as one types, and the fiche chosen below them."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from guichet_sync.domain.errors import GuichetError

from ..actions import shown_key
from ..desk import lookup
from ..models.fiche import ShownFiche, shown
from ..models.results import ResultsModel, ShownHit, marked
from ..widgets.announcing import announce
from ..widgets.fitting import FittingRow
from ..widgets.fitting_list import FittingList
from ..widgets.frames import card, row
from ..widgets.labels import keycap, label
from .answer_card import AnswerCard
from .context import Context
from .delegates import HitDelegate

DEBOUNCE_MS = 60
_SHOWN = 20
_LIST_SHARE = 0.32
_GAP, _SHORT_PX = 8, 340


class SearchPane(QWidget):
    """Looks up on the desk thread; only the newest keystroke's results are shown."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._query = ""
        words = context.words
        self.results = ResultsModel(self)
        self._delegate = HitDelegate(context.look)
        self.view = FittingList(words.text("Fiches trouvées"))
        self.view.setModel(self.results)
        self.view.setItemDelegate(self._delegate)
        self.view.selectionModel().currentChanged.connect(self._on_current)
        self._heading = label(words.text("Fiches"), "section")
        self._count = label("", "meta")
        self._empty = label("", "muted", wrap=True)
        self.card = AnswerCard(context)
        self._later = QTimer(self, singleShot=True, interval=DEBOUNCE_MS)
        self._later.timeout.connect(self._look_up)
        self._lay_out()
        self._show_nothing()

    def _lay_out(self) -> None:
        frame, inside = card()
        self._head = QWidget()
        self._head.setLayout(row(self._heading, self._count, self._hints()))
        inside.addWidget(self._head)
        inside.addWidget(self._empty)
        inside.addWidget(self.view)
        self._frame = frame
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(frame)
        layout.addWidget(self.card, 1)
        layout.addStretch(0)

    def _hints(self) -> FittingRow:
        """How the hands choose and read, without leaving the search field."""
        words = self._context.words
        pairs = (("↑ ↓", words.text("choisir")), (shown_key("Return", words), words.text("lire")))
        groups = [QWidget() for _ in pairs]
        for group, (key, does) in zip(groups, pairs, strict=True):
            group.setLayout(row(keycap(key), label(does, "meta")))
        return FittingRow(groups, _GAP, at_end=True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The list leaves the larger part of the room to the fiche, and its heading where there is little."""
        super().resizeEvent(event)
        self._head.setVisible(self.height() >= self._context.theme.px(_SHORT_PX))
        self.view.setMaximumHeight(max(self.view.sizeHintForRow(0), round(self.height() * _LIST_SHARE)))

    def search(self, query: str) -> None:
        """Look for ``query``, unless another keystroke follows at once."""
        self._query = query
        self.card.hold()
        self._later.start()

    def read(self) -> None:
        """Go to the fiche that is shown, to read on."""
        if self.card.isVisible():
            self.card.browser.setFocus(Qt.FocusReason.OtherFocusReason)

    def look_again(self) -> None:
        """Fiches came in: look anew where none was found, and leave alone what is being read."""
        if self._query.strip() and not self.results.rowCount():
            self._later.start()

    def choose(self, place: int) -> bool:
        """Choose the result at ``place`` (from 0); whether there is one."""
        if self.results.hit(place) is None:
            return False
        self.view.setCurrentIndex(self.results.index(place))
        return True

    def step(self, by: int) -> None:
        """Choose a neighbour of the chosen result."""
        self.choose(max(0, min(self.results.rowCount() - 1, self.view.currentIndex().row() + by)))

    def _look_up(self) -> None:
        query, context = self._query, self._context
        if not query.strip():
            context.thread.forget("search")
            context.thread.forget("fiche")
            self._show_nothing()
            return
        names = (context.freshness_names(), context.service_names())
        language = context.words.language

        def find() -> tuple[ShownHit, ...]:
            return marked(lookup.search(context.desk, query, language, _SHOWN), language, *names)

        context.thread.ask(find, self._show, self._failed, lane="search")

    def _show_nothing(self) -> None:
        self.results.show(())
        self._count.clear()
        self._say(self._context.words.text("Tapez quelques mots : les fiches de la Ville apparaissent ici, même hors ligne."))
        self.card.clear()

    def _show(self, hits: tuple[ShownHit, ...]) -> None:
        words = self._context.words
        self.results.show(hits)
        self.view.updateGeometry()
        self._count.setText(words.plural("{n} trouvée", "{n} trouvées", len(hits)))
        announce(self.view, words.plural("{n} fiche trouvée", "{n} fiches trouvées", len(hits)))
        self._say(
            "" if hits else words.text("Aucune fiche ne répond à ces mots. Essayez-en d’autres, ou créez une requête (F4).")
        )
        if hits:
            self.choose(0)
        else:
            self.card.clear()

    def said(self) -> str:
        """What is said where no fiche is shown."""
        return self._empty.text()

    def _say(self, sentence: str) -> None:
        self._empty.setText(sentence)
        self._empty.setVisible(bool(sentence))
        self.view.setVisible(not sentence)

    def _failed(self, error: GuichetError) -> None:
        self.results.show(())
        self.card.clear()
        self._say(str(self._context.words.error(error)))

    def _on_current(self, index: QModelIndex, _before: QModelIndex) -> None:
        chosen: ShownHit | None = index.data(Qt.ItemDataRole.UserRole) if index.isValid() else None
        if chosen is None:
            return
        context = self._context
        article_id, service = chosen.hit.article_id, chosen.service

        def read() -> ShownFiche:
            return shown(lookup.article(context.desk, article_id), context.words, service, context.desk.today())

        context.thread.ask(read, self.card.show_fiche, self._failed, lane="fiche")
