"""*À transmettre*: what waits, what was refused, and the drafts to go back to."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QFrame, QListView, QSizePolicy, QVBoxLayout

from guichet_sync.domain.intents import IntentKind, OutboxItem
from guichet_sync.domain.request import SyncState
from guichet_sync.wording.desk_words import SYNC_STATE

from ..desk import drafts, shift
from ..desk.drafts import Draft
from ..models.waiting import WaitingModel, WaitingRow
from ..widgets.labels import label
from .context import Context
from .delegates import WaitingDelegate

_TONES = {SyncState.REFUSED: "bad", SyncState.QUARANTINED: "bad"}


class WaitingPane(QFrame):
    """Reads itself again when told to; emits ``draft_asked`` when a draft is opened."""

    draft_asked = Signal(object)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setProperty("card", "true")
        self._context = context
        self._drafts: dict[str, Draft] = {}
        words = context.words
        self._delegate = WaitingDelegate(context.theme)
        self.outbox, self._outbox_empty = (
            self._list(words.text("À transmettre")),
            label(words.text("Tout est transmis."), "muted", wrap=True),
        )
        self.drafts, self._drafts_empty = (
            self._list(words.text("Mes brouillons")),
            label(words.text("Aucun brouillon."), "muted", wrap=True),
        )
        self.drafts.activated.connect(self._on_activated)
        self.drafts.clicked.connect(self._on_activated)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 14, 14, 14)
        layout.addWidget(label(words.text("À transmettre"), "section"))
        layout.addWidget(self._outbox_empty)
        layout.addWidget(self.outbox, 3)
        layout.addSpacing(10)
        layout.addWidget(label(words.text("Mes brouillons"), "section"))
        layout.addWidget(self._drafts_empty)
        layout.addWidget(self.drafts, 2)
        layout.addStretch(1)

    def _list(self, name: str) -> QListView:
        view = QListView()
        view.setModel(WaitingModel(view))
        view.setItemDelegate(self._delegate)
        view.setUniformItemSizes(True)
        view.setAccessibleName(name)
        view.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        return view

    def refresh(self) -> None:
        """Read what waits, on the desk thread."""
        desk = self._context.desk
        self._context.thread.ask(
            lambda: (shift.outbox_items(desk), drafts.waiting(desk)), lambda found: self._show(*found), lane="waiting"
        )

    def _show(self, items: tuple[OutboxItem, ...], kept: tuple[Draft, ...]) -> None:
        self._drafts = {draft.id: draft for draft in kept}
        self._fill(self.outbox, tuple(map(self._item, items)), self._outbox_empty)
        self._fill(self.drafts, tuple(map(self._draft, kept)), self._drafts_empty)

    def _fill(self, view: QListView, rows: tuple[WaitingRow, ...], empty: QFrame) -> None:
        model = view.model()
        if isinstance(model, WaitingModel):
            model.show(rows)
        view.setVisible(bool(rows))
        empty.setVisible(not rows)

    def _item(self, item: OutboxItem) -> WaitingRow:
        words = self._context.words
        name = self._category(item.label) if item.kind == IntentKind.CREATE_REQUEST else words.text("Réponse donnée")
        state = words.text(SYNC_STATE[item.state])
        reason = words.reason(item.last_error).title if item.last_error else ""
        title = "  ·  ".join(filter(None, (item.number, name)))
        return WaitingRow(title, " ".join(filter(None, (state, reason))), _TONES.get(item.state, "text2"))

    def _draft(self, draft: Draft) -> WaitingRow:
        words = self._context.words
        name = self._category(draft.category) or words.text("Sans catégorie")
        detail = draft.where.label or draft.description[:60]
        return WaitingRow(name, detail, "text2", draft.id)

    def _category(self, code: str) -> str:
        found = next((each for each in self._context.categories if each.code == code), None)
        return self._context.words.both(found.name) if found else code

    def _on_activated(self, index: QModelIndex) -> None:
        row: WaitingRow | None = index.data(Qt.ItemDataRole.UserRole)
        if row is not None and row.draft_id in self._drafts:
            self.draft_asked.emit(self._drafts[row.draft_id])
