"""*À transmettre*: what waits, what was refused, and the drafts to go back to."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from guichet_sync.domain.intents import IntentKind, OutboxItem
from guichet_sync.domain.request import SyncState
from guichet_sync.wording.desk_words import SYNC_STATE

from ..desk import drafts, shift
from ..desk.drafts import Draft
from ..models.waiting import WaitingModel, WaitingRow
from ..widgets.fitting_list import FittingList
from ..widgets.labels import label
from .context import Context
from .delegates import WaitingDelegate

_TONES = {SyncState.REFUSED: "bad", SyncState.QUARANTINED: "bad"}


class _Section(QWidget):
    """A heading, its list, and what is said while that is empty."""

    def __init__(self, heading: str, empty: str, delegate: WaitingDelegate) -> None:
        super().__init__()
        self.view = FittingList(heading)
        self._model = WaitingModel(self.view)
        self.view.setModel(self._model)
        self.view.setItemDelegate(delegate)
        self._empty = label(empty, "muted", wrap=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for part in (label(heading, "section"), self._empty, self.view):
            layout.addWidget(part)

    def fill(self, rows: tuple[WaitingRow, ...]) -> None:
        """Show these rows; the one that was chosen stays chosen."""
        chosen = self._model.id_of(self.view.currentIndex().row())
        self._model.show(rows)
        self.view.setVisible(bool(rows))
        self._empty.setVisible(not rows)
        self.view.updateGeometry()
        self.view.setCurrentIndex(self._model.index(self._model.row_of(chosen)))


class WaitingPane(QFrame):
    """Reads itself again when told to; emits ``draft_asked`` with the id of a draft that is to be opened."""

    draft_asked = Signal(str)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setProperty("card", "true")
        self._context = context
        words, self._delegate = context.words, WaitingDelegate(context.theme)
        self._outbox_section = _Section(words.text("À transmettre"), words.text("Tout est transmis."), self._delegate)
        self._drafts_section = _Section(words.text("Mes brouillons"), words.text("Aucun brouillon."), self._delegate)
        self.outbox, self.drafts = self._outbox_section.view, self._drafts_section.view
        self.drafts.activated.connect(self._on_activated)
        self.drafts.clicked.connect(self._on_activated)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 14, 14, 14)
        layout.setSpacing(18)
        layout.addWidget(self._outbox_section)
        layout.addWidget(self._drafts_section)
        layout.addStretch(1)

    def refresh(self) -> None:
        """Read what waits, on the desk thread."""
        desk = self._context.desk
        self._context.thread.ask(
            lambda: (shift.outbox_items(desk), drafts.waiting(desk)), lambda found: self._show(*found), lane="waiting"
        )

    def _show(self, items: tuple[OutboxItem, ...], kept: tuple[Draft, ...]) -> None:
        self._outbox_section.fill(tuple(map(self._item, items)))
        self._drafts_section.fill(tuple(map(self._draft, kept)))

    def _item(self, item: OutboxItem) -> WaitingRow:
        words = self._context.words
        name = self._category(item.label) if item.kind == IntentKind.CREATE_REQUEST else words.text("Réponse donnée")
        state = words.text(SYNC_STATE[item.state])
        reason = words.reason(item.last_error).title if item.last_error else ""
        title = "  ·  ".join(filter(None, (item.number, name)))
        return WaitingRow(item.intent_id, title, "  ·  ".join(filter(None, (state, reason))), _TONES.get(item.state, "text2"))

    def _draft(self, draft: Draft) -> WaitingRow:
        words = self._context.words
        name = self._category(draft.category) or words.text("Sans catégorie")
        detail = draft.where.label or draft.description[:60]
        at = words.time(self._context.desk.local(draft.updated_at)) if draft.updated_at else ""
        return WaitingRow(draft.id, name, "  ·  ".join(filter(None, (detail, at))), "text2")

    def _category(self, code: str) -> str:
        found = next((each for each in self._context.categories if each.code == code), None)
        return self._context.words.both(found.name) if found else code

    def _on_activated(self, index: QModelIndex) -> None:
        row: WaitingRow | None = index.data(Qt.ItemDataRole.UserRole)
        if row is not None:
            self.draft_asked.emit(row.id)
