"""The list of requests, as long as it may be, with its filters and what is said where it is empty."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from guichet_sync.domain.errors import GuichetError
from guichet_sync.domain.spaces import readable_spaces, requests_space

from ..desk import lookup
from ..models.request_lines import HEADINGS, Column, LineWording, ShownLine
from ..models.requests import RequestsModel
from ..widgets.frames import row
from ..widgets.labels import label
from ..widgets.listing import Listing
from .context import Context
from .request_filters import RequestFilters
from .request_table import RequestTable


class RequestList(QFrame):
    """Reads itself on the desk thread; emits ``read`` once it shows what was asked. ``table`` tells what is opened, looked at."""

    read = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setProperty("card", "true")
        self._context = context
        words = context.words
        self._wording = LineWording(context.desk, words)
        self.model = RequestsModel(self._read_lines, [words.text(HEADINGS[column]) for column in Column], self)
        self.model.failed.connect(self._on_failed)
        self.table = RequestTable(context.look, words, self.model)
        self.listing = Listing(context.look, self.table)
        self.filters = RequestFilters(context)
        self.filters.changed.connect(self._on_asked)
        self.count = label("", "muted")
        self._asked = True
        self._lay_out()

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 12, 14, 12)
        layout.setSpacing(10)
        title = label(self._context.words.text("Requêtes"), "title")
        layout.addLayout(row(title, self.count, None, self.filters.clear_button))
        layout.addWidget(self.filters)
        layout.addWidget(self.listing, 1)
        self.setTabOrder(self.filters.clear_button, self.filters.field)

    def refresh(self) -> None:
        """Read anew which requests there are; those on the screen stay until then."""
        context, wanted = self._context, self.filters.wanted
        self.listing.show_loading(context.words.text("Lecture des requêtes…"))
        context.thread.ask(
            lambda: lookup.request_ids(context.desk, wanted.filter(context)), self._show, self._on_failed, lane="requests"
        )

    def on_taxonomy(self) -> None:
        """Names may have changed."""
        self._wording = LineWording(self._context.desk, self._context.words)
        self.filters.fill_services()

    def begin(self) -> QWidget:
        """Where work begins here."""
        return self.filters.field

    def step(self, by: int) -> str:
        """Go to a neighbour of the chosen row; the id of the row that is chosen then."""
        at = self.table.currentIndex().row()
        self.table.choose(max(0, min(self.model.rowCount() - 1, at + by)), quietly=True)
        return self.table.chosen()

    def number_of_chosen(self) -> str:
        """The number of the chosen request, as far as it was read."""
        at = self.table.currentIndex().row()
        line = self.model.line(at) if at >= 0 else None
        return line.number if line else ""

    def choose(self, request_id: str) -> None:
        """Choose the row of a request, where the list has it."""
        self.table.choose(self.model.row_of(request_id), quietly=True)

    def _read_lines(
        self,
        ids: tuple[str, ...],
        then: Callable[[dict[str, ShownLine]], None],
        failed: Callable[[GuichetError], None],
    ) -> None:
        wording = self._wording
        self._context.thread.ask(lambda: wording.lines(ids), then, failed)

    def _on_asked(self) -> None:
        self._asked = True
        self.refresh()

    def _show(self, ids: tuple[str, ...]) -> None:
        words, narrowed = self._context.words, self.filters.wanted.narrows
        self.table.show_ids(ids)
        found = words.plural("{n} requête trouvée", "{n} requêtes trouvées", len(ids))
        said = found if narrowed else words.plural("{n} requête", "{n} requêtes", len(ids))
        self.count.setText(said)
        if ids:
            self.listing.show_rows(said if self._asked else "")
        else:
            self.listing.show_empty(self._why_empty(narrowed=narrowed))
        self._asked = False
        self.read.emit()

    def _why_empty(self, *, narrowed: bool) -> str:
        words, person = self._context.words, self._context.desk.person
        spaces = {requests_space(code) for code in self._context.services}
        if spaces and not spaces.intersection(readable_spaces(person.role, person.service, self._context.services)):
            return words.text("Votre rôle ne donne pas accès aux requêtes.")
        if narrowed:
            key = self._context.commands.shown_key("clear_filters")
            return words.text("Aucune requête ne répond à ces filtres. Pour tout montrer : {key}.", key=key)
        return words.text("Ce poste n’a encore aucune requête. Elles arrivent avec le prochain échange.")

    def _on_failed(self, error: GuichetError) -> None:
        words = self._context.words
        self.count.clear()
        self.listing.show_error(str(words.error(error)), self._on_asked, words.text("Réessayer"))
