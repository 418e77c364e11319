"""The left of the desk: the interaction and its basket, what waits to be sent, the drafts to go back to."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from guichet_sync.domain.intents import IntentKind, OutboxItem
from guichet_sync.domain.interaction import Outcome
from guichet_sync.domain.request import SyncState
from guichet_sync.wording.desk_words import OUTCOME, SYNC_STATE, deed_name

from ..desk import drafts, shift
from ..desk.drafts import Draft
from ..desk.interactions import Entry
from ..models.waiting import WaitingModel, WaitingRow
from ..widgets.fitting_list import FittingList
from ..widgets.labels import label
from .context import Context
from .delegates import WaitingDelegate
from .interaction_card import InteractionCard
from .modes import Mode

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
        layout.setSpacing(6)
        for part in (label(heading, "section"), self._empty, self.view):
            layout.addWidget(part)
        self.fill(())

    def fill(self, rows: tuple[WaitingRow, ...]) -> None:
        """Show these rows; the one that was chosen stays chosen."""
        chosen = self._model.id_of(self.view.currentIndex().row())
        self._model.show(rows)
        self.view.setVisible(bool(rows))
        self._empty.setVisible(not rows)
        self.view.updateGeometry()
        self.view.setCurrentIndex(self._model.index(self._model.row_of(chosen)))


class SidePane(QFrame):
    """Reads itself again when told to.

    Emits ``draft_asked`` and ``waiting_asked`` with the id of what is to be opened, ``counted`` with how much waits.
    """

    draft_asked = Signal(str)
    waiting_asked = Signal(str)
    counted = Signal(int)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setObjectName("side")
        self._context = context
        words, self._delegate = context.words, WaitingDelegate(context.look)
        self.call = InteractionCard(context)
        self._basket = _Section(words.text("Panier de l’échange"), words.text("Rien encore."), self._delegate)
        self._outbox_section = _Section(words.text("À transmettre"), words.text("Tout est transmis."), self._delegate)
        self._drafts_section = _Section(words.text("Mes brouillons"), words.text("Aucun brouillon."), self._delegate)
        self.basket, self.outbox, self.drafts = (each.view for each in (self._basket, self._outbox_section, self._drafts_section))
        self.outbox.activated.connect(lambda index: self._on_activated(self.waiting_asked.emit, index))
        for signal in (self.drafts.activated, self.drafts.clicked):
            signal.connect(lambda index: self._on_activated(self.draft_asked.emit, index))
        if context.mode is Mode.SERVICE:
            self._basket.hide()
        context.interaction.changed.connect(self._show_basket)
        self._lay_out()
        self._show_basket()

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(14)
        layout.addWidget(self.call)
        lists = QFrame()
        lists.setProperty("card", "true")
        inside = QVBoxLayout(lists)
        inside.setContentsMargins(14, 12, 14, 12)
        inside.setSpacing(16)
        for section in (self._basket, self._outbox_section, self._drafts_section):
            inside.addWidget(section)
        inside.addStretch(1)
        layout.addWidget(lists, 1)

    def refresh(self) -> None:
        """Read what waits, on the desk thread."""
        desk = self._context.desk
        self._context.thread.ask(
            lambda: (shift.outbox_items(desk), drafts.waiting(desk)), lambda found: self._show(*found), lane="waiting"
        )

    def _show(self, items: tuple[OutboxItem, ...], kept: tuple[Draft, ...]) -> None:
        self._outbox_section.fill(tuple(map(self._item, items)))
        self._drafts_section.fill(tuple(map(self._draft, kept)))
        self.counted.emit(len(items))

    def _show_basket(self) -> None:
        now = self._context.interaction.now
        self._basket.fill(tuple(map(self._entry, now.entries if now else ())))

    def _entry(self, entry: Entry) -> WaitingRow:
        words = self._context.words
        name = self._category(entry.label) if entry.outcome is Outcome.REQUEST_CREATED else entry.label
        at = words.time(self._context.desk.local(entry.at))
        detail = "  ·  ".join((words.text(OUTCOME[entry.outcome]), at))
        return WaitingRow(entry.intent_id, "  ·  ".join(filter(None, (entry.number, name))), detail, "ok")

    def _item(self, item: OutboxItem) -> WaitingRow:
        words = self._context.words
        name = self._category(item.label) if item.kind == IntentKind.CREATE_REQUEST else words.text(deed_name(item.kind))
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

    def _on_activated(self, tell: Callable[[str], None], index: QModelIndex) -> None:
        row: WaitingRow | None = index.data(Qt.ItemDataRole.UserRole)
        if row is not None:
            tell(row.id)
