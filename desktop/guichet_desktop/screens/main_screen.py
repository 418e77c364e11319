"""The desk: search and answer in the middle, the request on the right, what waits on the left."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from guichet_sync.domain.errors import GuichetError

from ..actions import action
from ..desk import capture
from ..desk.capture import AnswerGiven, Captured
from ..models.fiche import ShownFiche
from ..widgets.toast import Toast
from .context import Context, Taxonomy
from .request_form import RequestForm
from .search_pane import SearchPane
from .status_bar import StatusBar
from .sync_report import SyncReport
from .top_bar import TopBar
from .waiting_pane import WaitingPane

_RESULT_KEYS = 8


class MainScreen(QWidget):
    """Composes the panes and carries out the actions of the table. Emits ``ready`` once the taxonomy is read."""

    ready = Signal()
    lock_asked = Signal()
    language_asked = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setObjectName("root")
        self._context = context
        self.asking = context.thread
        self.top = TopBar(context)
        self.answers = SearchPane(context)
        self.form = RequestForm(context)
        self.waiting = WaitingPane(context)
        self.status = StatusBar(context)
        self.toast = Toast(self)
        self.report = SyncReport(context, self.top.chip, self.status, self.toast)
        self.hear = self.report.hear
        self._answering = False
        self._lay_out()
        self._connect()
        self._install_keys()
        self.top.chip.say(context.words.text("Ouverture…"), "mute", "")

    def _lay_out(self) -> None:
        panes = QHBoxLayout()
        panes.setContentsMargins(14, 14, 14, 14)
        panes.setSpacing(14)
        self.waiting.setFixedWidth(self._context.theme.px(250))
        panes.addWidget(self.waiting)
        panes.addWidget(self.answers, 5)
        panes.addWidget(self.form, 4)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.top)
        layout.addLayout(panes, 1)
        layout.addWidget(self.status)
        self._panes: tuple[tuple[QWidget, QWidget], ...] = (
            (self.top, self.top.search),
            (self.answers, self.answers.view),
            (self.form, self.form.fields.category.lookup),
            (self.waiting.outbox, self.waiting.outbox),
            (self.waiting.drafts, self.waiting.drafts),
        )

    def _connect(self) -> None:
        self.top.search.textChanged.connect(self.answers.search)
        self.top.search.returnPressed.connect(self.answers.read)
        self.top.lock_asked.connect(self.lock_asked)
        self.top.language_asked.connect(self.language_asked)
        self.answers.card.answered.connect(self.give_answer)
        self.answers.card.request_asked.connect(lambda fiche: self.form.start(fiche.category))
        self.form.saved.connect(self._on_saved)
        self.form.emptied.connect(self._search)
        self.form.draft_kept.connect(self.waiting.refresh)
        self.waiting.draft_asked.connect(self.form.open_kept)
        self.status.pause_asked.connect(self._context.pause)
        self.status.resume_asked.connect(self._context.wake)
        self.report.taxonomy_changed.connect(self.refresh)
        self.report.fiches_changed.connect(self.answers.look_again)
        self.report.outbox_changed.connect(self.waiting.refresh)

    def _install_keys(self) -> None:
        verbs: dict[str, Callable[[], object]] = {
            "search": self._search,
            "new_request": self.form.start,
            "next_pane": lambda: self._go_to_pane(1),
            "previous_pane": lambda: self._go_to_pane(-1),
            "answered": self.answers.card.answer,
            "save": self.form.save,
            "back": self._search,
            "sync": self._context.wake,
            "language": self.language_asked.emit,
            "lock": self.lock_asked.emit,
        }
        for name, verb in verbs.items():
            for key in action(name).keys:
                self._shortcut(key, verb)
        for place in range(_RESULT_KEYS):
            self._shortcut(f"Alt+{place + 1}", partial(self.answers.choose, place))
        for arrow, by in ((Qt.Key.Key_Down, 1), (Qt.Key.Key_Up, -1)):
            move = QShortcut(QKeySequence(arrow), self.top.search, lambda by=by: self.answers.step(by))
            move.setContext(Qt.ShortcutContext.WidgetShortcut)

    def _shortcut(self, key: str, act: Callable[[], object]) -> None:
        """A key that acts once, however long it is held."""
        QShortcut(QKeySequence(key), self, act).setAutoRepeat(False)

    @property
    def taxonomy(self) -> Taxonomy:
        """The taxonomy this screen works with."""
        return self._context.taxonomy

    def refresh(self) -> None:
        """Read the taxonomy and what waits again."""
        desk = self._context.desk
        self._context.thread.ask(lambda: Taxonomy.read(desk), self._on_taxonomy, lane="taxonomy")

    def give_answer(self, fiche: ShownFiche) -> None:
        """One key: the fiche answered the person. It counts once."""
        if self._answering:
            return
        self._answering = True
        desk, channel = self._context.desk, self._context.channel
        self._context.thread.ask(
            lambda: capture.give_answer(desk, fiche.article_id, channel, fiche.language), self._on_answered, self._on_failed
        )

    def _on_taxonomy(self, found: Taxonomy) -> None:
        self._context.taxonomy = found
        self.form.on_taxonomy()
        self.waiting.refresh()
        self.ready.emit()

    def _on_answered(self, given: AnswerGiven) -> None:
        self._answering = False
        words, desk = self._context.words, self._context.desk

        def undo() -> None:
            self._context.thread.ask(lambda: capture.withdraw(desk, given.intent_id), self._on_withdrawn, self._on_failed)

        self.toast.say(words.text("Réponse donnée : comptée."), words.text("Annuler"), undo)
        self.waiting.refresh()
        self._search()

    def _on_withdrawn(self, withdrawn: bool) -> None:
        words = self._context.words
        self.toast.say(words.text("Retirée.") if withdrawn else words.text("Déjà envoyée : elle ne peut plus être retirée."))
        self.waiting.refresh()

    def _on_failed(self, error: GuichetError) -> None:
        self._answering = False
        self.toast.say(str(self._context.words.error(error)))

    def _on_saved(self, done: Captured) -> None:
        self.toast.say(self._context.words.text("{number} enregistrée ici, à envoyer.", number=done.provisional_number))
        self.waiting.refresh()

    def _search(self) -> None:
        self.top.search.selectAll()
        self.top.search.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _go_to_pane(self, by: int) -> None:
        """From wherever in a pane the focus is, to where the next one that is shown begins."""
        panes = [(room, first) for room, first in self._panes if first.isVisible()]
        at = self.focusWidget()
        here = next((place for place, (room, _first) in enumerate(panes) if at in (room, *room.findChildren(QWidget))), 0)
        panes[(here + by) % len(panes)][1].setFocus(Qt.FocusReason.ShortcutFocusReason)
