"""A fiche being read: what to say first, then the rest, then what to do with it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from ..models.fiche import ShownFiche
from ..widgets.flow import FlowLayout
from ..widgets.frames import row
from ..widgets.icon_button import ActionButton
from ..widgets.labels import keycap, label, pill, set_pill
from ..widgets.reading import Reading
from .context import Context

_GAP = 10
_SHORT_PX = 230


class AnswerCard(QFrame):
    """Emits ``answered`` and ``request_asked`` with the fiche shown."""

    answered = Signal(object)
    request_asked = Signal(object)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setProperty("card", "true")
        self.fiche: ShownFiche | None = None
        self._context = context
        self._current = False
        self._title = label("", "title", wrap=True)
        self._freshness = pill("", "ok")
        self._meta = label("", "meta", wrap=True)
        self.say = label("", "say", wrap=True)
        self.say.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.browser = Reading(context.look, context.words.text("Texte de la fiche"))
        self._say_frame = self._make_say_frame()
        self._bind()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 14, 10, 12)
        layout.setSpacing(8)
        layout.addWidget(self._make_text(), 1)
        layout.addLayout(self._make_actions())
        self.clear()

    def _make_say_frame(self) -> QFrame:
        frame = QFrame()
        frame.setProperty("tone", "say")
        layout = QVBoxLayout(frame)
        layout.setContentsMargins(14, 10, 14, 10)
        layout.addWidget(label(self._context.words.text("À dire"), "label"))
        layout.addWidget(self.say)
        return frame

    def _make_text(self) -> QScrollArea:
        """All that is read scrolls as one: at any size of text nothing is cut."""
        inside = QWidget()
        self._column = column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(8)
        heading = row(self._title, self._freshness)
        heading.setStretch(0, 1)
        heading.setAlignment(self._freshness, Qt.AlignmentFlag.AlignTop)
        column.addLayout(heading)
        for part in (self._meta, self._say_frame, self.browser):
            column.addWidget(part)
        column.addStretch(1)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidget(inside)
        return self._area

    def _bind(self) -> None:
        commands = self._context.commands
        self._verbs = (
            commands.bind("answered", self.answer, self),
            commands.bind("request_from_article", self._on_request, self),
            commands.bind("copy_say", self._copy, self),
        )

    def _make_actions(self) -> FlowLayout:
        look, commands = self._context.look, self._context.commands
        answered, request, copy = self._verbs
        self.answer_button = ActionButton(look, answered, "check", kind="primary")
        self.request_button = ActionButton(look, request, "plus")
        self._copy_button = ActionButton(look, copy, "copy")
        cap = keycap(commands.shown_key("answered"))
        commands.remapped.connect(lambda: cap.setText(commands.shown_key("answered")))
        line = FlowLayout(_GAP)
        line.setContentsMargins(0, 0, 8, 0)
        for part in (self.answer_button, cap, self.request_button, self._copy_button):
            line.addWidget(part)
        return line

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little height, the sentence to say comes before what is told of the fiche."""
        super().resizeEvent(event)
        short = self.height() < self._context.theme.px(_SHORT_PX)
        said, told = self._column.indexOf(self._say_frame), self._column.indexOf(self._meta)
        if short and told < said:
            self._column.insertWidget(told, self._say_frame)
        elif not short and said < told:
            self._column.insertWidget(said, self._meta)

    def clear(self) -> None:
        """Show no fiche."""
        self.fiche = None
        self.hide()

    def hold(self) -> None:
        """Other words are typed: until their fiche is there, this one answers nobody."""
        self._set_current(current=False)

    def _set_current(self, *, current: bool) -> None:
        self._current = current
        for verb in self._verbs:
            verb.setEnabled(current)

    def show_fiche(self, fiche: ShownFiche) -> None:
        """Show a fiche from its beginning."""
        self.fiche = fiche
        self._title.setText(fiche.title)
        set_pill(self._freshness, fiche.freshness, fiche.tone)
        self._meta.setText(fiche.meta)
        self.say.setText(fiche.say)
        self._say_frame.setVisible(bool(fiche.say))
        self.browser.show_parts(fiche.body_parts)
        self.request_button.setVisible(bool(fiche.category))
        self._copy_button.setVisible(bool(fiche.say))
        self._set_current(current=True)
        self._area.verticalScrollBar().setValue(0)
        self.show()

    def answer(self) -> None:
        """Tell that this fiche answered the person."""
        if self.fiche is not None and self._current:
            self.answered.emit(self.fiche)

    def _on_request(self) -> None:
        if self.fiche is not None and self.fiche.category:
            self.request_asked.emit(self.fiche)

    def _copy(self) -> None:
        if self.fiche is not None and self.fiche.say:
            QGuiApplication.clipboard().setText(self.fiche.say)
            self._context.notices.say(self._context.words.text("La phrase à dire est copiée."))
