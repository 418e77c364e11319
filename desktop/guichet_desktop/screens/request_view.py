"""One request to read: what it is, where it stands, what happened to it."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from guichet_sync.domain.errors import GuichetError

from ..theme.look import Look
from ..widgets.announcing import announce
from ..widgets.facts import Facts
from ..widgets.flow import FlowLayout
from ..widgets.frames import Banner
from ..widgets.icon_button import ActionButton
from ..widgets.labels import label, pill, set_pill
from ..widgets.timeline import Timeline
from .context import Context
from .proposals_block import ProposalsBlock
from .request_sheet import Pairs, Sheet, sheet

_SPACING = 8
_MARGIN_PX = 4
_ALL_ROOM = 1_000
"""Against 1 for the empty room below, which counts where there is nothing to read."""


class _WholeTimeline(Timeline):
    """A time line as tall as all its moments: it scrolls with what stands above it."""

    def __init__(self, look: Look, accessible_name: str) -> None:
        super().__init__(look, accessible_name)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.model().modelReset.connect(self.updateGeometry)
        look.changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        """All moments at the width there is."""
        height = sum(self.sizeHintForRow(row) for row in range(self.model().rowCount()))
        return QSize(super().sizeHint().width(), height + 2 * self.frameWidth() + 2)

    def minimumSizeHint(self) -> QSize:
        """None is left out."""
        return QSize(super().minimumSizeHint().width(), self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width breaks lines elsewhere."""
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.updateGeometry()


class RequestView(QFrame):
    """Shows one request at a time, read on the desk thread. Emits ``shown`` with its :class:`Sheet`, ``missing`` where none is.

    ``back_to_list``, ``copy_number``, ``next_request``, ``previous_request`` and those of its proposals are the page's actions:
    it binds them before.
    """

    shown = Signal(object)
    missing = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setProperty("card", "true")
        self._context = context
        self._name = ""
        self.sheet: Sheet | None = None
        words = context.words
        self.number = label("", "number", wrap=True)
        self._other_number = label("", "meta", wrap=True)
        self.heading = label("", "section", wrap=True)
        self._status, self._urgent, self._held = pill("", "mute"), pill("", "bad"), pill("", "mute")
        self._promise = label("", wrap=True)
        self.refusal = Banner("bad")
        self.proposals = ProposalsBlock(context)
        self.facts = self._made_facts(words.text("Requête"))
        self.answers = self._made_facts(words.text("Réponses aux questions"))
        self.requester = self._made_facts(words.text("Demandeur"))
        self._requester_said = label("", "muted", wrap=True)
        self.timeline = _WholeTimeline(context.look, words.text("Historique de la requête"))
        self.error = Banner("warn")
        self._content = QWidget()
        self.reading = self._made_scroll()
        self.timeline.selectionModel().currentChanged.connect(
            lambda at, _before: self._keep_in_sight(self.timeline, self.timeline.visualRect(at))
        )
        self._lay_out()

    def _made_facts(self, name: str) -> Facts:
        """As tall as its text: the caret in it is kept in sight."""
        facts = Facts(self._context.look, name)
        facts.document().setDocumentMargin(_MARGIN_PX)
        facts.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        facts.stand_tall(tall=True)
        facts.cursorPositionChanged.connect(lambda: self._keep_in_sight(facts, facts.cursorRect()))
        return facts

    def _made_scroll(self) -> QScrollArea:
        scroll = QScrollArea(widgetResizable=True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(self._content)
        return scroll

    def _lay_out(self) -> None:
        column = QVBoxLayout(self._content)
        column.setContentsMargins(2, 2, 10, 2)
        column.setSpacing(10)
        heading = (self.number, self._other_number, self.heading, self._pills(), self._promise)
        for part in (*heading, self.refusal, self.proposals, self.facts):
            column.addWidget(part)
        for part in self._sections():
            column.addWidget(part)
        column.addStretch(1)
        outside = QVBoxLayout(self)
        outside.setContentsMargins(14, 12, 6, 12)
        outside.setSpacing(10)
        outside.addWidget(self._buttons())
        outside.addWidget(self.error)
        outside.addWidget(self.reading, _ALL_ROOM)
        outside.addStretch(1)

    def _pills(self) -> QWidget:
        line = QWidget()
        flow = FlowLayout(_SPACING, line)
        for each in (self._status, self._urgent, self._held):
            flow.addWidget(each)
        return line

    def _sections(self) -> list[QWidget]:
        words = self._context.words
        self._questions_title = label(words.text("Réponses aux questions"), "section", wrap=True)
        return [
            self._questions_title,
            self.answers,
            label(words.text("Demandeur"), "section", wrap=True),
            self.requester,
            self._requester_said,
            label(words.text("Historique"), "section", wrap=True),
            self.timeline,
        ]

    def _buttons(self) -> QWidget:
        line = QWidget()
        flow = FlowLayout(_SPACING, line)
        commands, look = self._context.commands, self._context.look
        self.back = ActionButton(look, commands.action("back_to_list"), "arrow-left", kind="ghost")
        self.copy = ActionButton(look, commands.action("copy_number"), "copy")
        previous = ActionButton(look, commands.action("previous_request"), "chevron-up", kind="ghost", words="")
        following = ActionButton(look, commands.action("next_request"), "chevron-down", kind="ghost", words="")
        for button in (self.back, self.copy, previous, following):
            flow.addWidget(button)
        return line

    def open(self, name: str) -> None:
        """Read and show the request of a number or an id; what is shown stays until then."""
        self._name = name
        self.read_again()

    def read_again(self) -> None:
        """It may have changed."""
        context, name = self._context, self._name
        if name:
            context.thread.ask(lambda: sheet(context.desk, context.words, name), self._show, self._failed, lane="request")

    def forget(self) -> None:
        """Show none."""
        self._context.thread.forget("request")
        self._name, self.sheet = "", None

    def take_focus(self) -> None:
        """Where one reads, or what is said instead."""
        (self.back if self.error.isVisibleTo(self) else self.facts).setFocus(Qt.FocusReason.OtherFocusReason)

    def _show(self, found: Sheet) -> None:
        if found == self.sheet:
            return
        another = self.sheet is None or self.sheet.id != found.id
        self.sheet, self._name = found, found.id
        self.error.say("")
        self._show_heading(found)
        self._show_rest(found)
        self.reading.show()
        if another:
            self.reading.verticalScrollBar().setValue(0)
        announce(self, f"{found.number}. {found.category}. {found.status}.")
        self.shown.emit(found)

    def _show_heading(self, found: Sheet) -> None:
        words = self._context.words
        self.number.setText(found.number)
        self._other_number.setText(found.number_said)
        self._other_number.setVisible(bool(found.number_said))
        self.heading.setText(found.category)
        set_pill(self._status, found.status, found.tone)
        set_pill(self._urgent, found.urgent, "bad")
        self._urgent.setVisible(bool(found.urgent))
        set_pill(self._held, found.held, found.held_tone)
        self._held.setVisible(bool(found.held))
        self._promise.setText(found.promise)
        self.facts.setAccessibleName(words.text("Requête {number}", number=found.number))
        self.facts.setAccessibleDescription(". ".join(filter(None, (found.category, found.status, found.promise, found.held))))

    def _show_rest(self, found: Sheet) -> None:
        self.refusal.say(found.refusal)
        self._show_proposals(found)
        self._show_pairs(self.facts, found.facts)
        self._show_pairs(self.answers, found.answers)
        self._questions_title.setVisible(bool(found.answers))
        self._show_pairs(self.requester, found.requester)
        self._requester_said.setText(found.requester_said)
        self._requester_said.setVisible(bool(found.requester_said))
        self.timeline.show_moments(found.moments)

    def _show_proposals(self, found: Sheet) -> None:
        """Where the last one is decided, the hands go on reading below it."""
        held = self.proposals.holds_focus()
        self.proposals.show_proposals(found.proposals)
        if held and self.proposals.proposal is None:
            self.facts.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_pairs(self, facts: Facts, pairs: Pairs) -> None:
        facts.show_pairs(pairs)
        facts.setVisible(bool(pairs))

    def _failed(self, error: GuichetError) -> None:
        sentence = str(self._context.words.error(error))
        self.sheet = None
        self.reading.hide()
        self.error.say(sentence)
        announce(self, sentence, at_once=True)
        self.missing.emit()

    def _keep_in_sight(self, part: QAbstractScrollArea, place: QRect) -> None:
        """What the keyboard comes to in a part, at ``place`` of it."""
        top = part.viewport().mapTo(self._content, place.topLeft()).y()
        self.reading.ensureVisible(0, top + place.height() // 2, 0, place.height())
