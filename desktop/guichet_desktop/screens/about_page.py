"""*À propos*: which version this is, how this post stands, under which licences it comes."""

from __future__ import annotations

from PySide6.QtCore import Qt, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from guichet_sync.client.events import Event, State
from guichet_sync.domain.errors import GuichetError

from ..desk import shift, software
from ..desk.shift import Status
from ..desk.software import Software
from ..widgets.announcing import announce
from ..widgets.facts import Facts
from ..widgets.frames import Banner, card, row
from ..widgets.icon_button import ActionButton
from ..widgets.labels import label
from .context import Context
from .page import Page, Pane
from .post_status import Pairs, pairs_of, text_of

_WIDTH_PX, _MARGIN_PX, _AROUND_PX = 860, 18, 4
_SHIPPED = (("Inter", "SIL Open Font License 1.1"), ("Lucide", "ISC, MIT"))


class AboutPage(Page):
    """Read on the desk thread when it is entered, and again when the exchange tells that something changed."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._context, self._words = context, context.words
        self._software: Software | None = None
        self._pairs: Pairs = ()
        copy = context.commands.bind("copy_status", self.copy, self)
        copy.setEnabled(False)
        self.version = label("", "muted", wrap=True)
        self.problem = Banner("bad")
        self.status = self._facts(self._words.text("État de ce poste"))
        self.licences = self._facts(self._words.text("Licences"))
        self.copy_button = ActionButton(context.look, copy, "copy", words=self._words.text("Copier"))
        self._lay_out()

    def _facts(self, name: str) -> Facts:
        facts = Facts(self._context.look, name)
        facts.stand_tall(tall=True)
        facts.document().setDocumentMargin(_AROUND_PX)
        return facts

    def _lay_out(self) -> None:
        inside, self._column = QWidget(), QVBoxLayout()
        self._cards: list[QVBoxLayout] = []
        for part in (self._about(), self._status(), self._licences()):
            self._column.addWidget(part)
        self._column.addStretch(1)
        self._holder = QWidget()
        self._holder.setLayout(self._column)
        middle = QHBoxLayout(inside)
        middle.setContentsMargins(0, 0, 0, 0)
        middle.addWidget(self._holder, 1000)
        middle.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(scroll)
        self._context.look.changed.connect(self._measure)
        self._measure()

    def _card(self, *parts: QWidget) -> QFrame:
        frame, column = card()
        self._cards.append(column)
        for part in parts:
            column.addWidget(part)
        return frame

    def _about(self) -> QFrame:
        what = self._words.text("Le poste de travail du comptoir multiservice et du 311 d’une ville.")
        return self._card(label("Guichet", "title"), label(what, wrap=True), self.version)

    def _status(self) -> QFrame:
        frame = self._card()
        self._cards[-1].addLayout(row(label(self._words.text("État de ce poste"), "section"), None, self.copy_button))
        for part in (self.problem, self.status):
            self._cards[-1].addWidget(part)
        return frame

    def _licences(self) -> QFrame:
        says = self._words.text("Guichet est distribué sous la licence Apache 2.0. Il vient avec ce qui suit, sans modification.")
        return self._card(label(self._words.text("Licences"), "section"), label(says, "muted", wrap=True), self.licences)

    def _measure(self) -> None:
        px = self._context.look.theme.px
        self._holder.setMaximumWidth(px(_WIDTH_PX))
        self._column.setContentsMargins(px(_MARGIN_PX), px(_MARGIN_PX), px(_MARGIN_PX), px(_MARGIN_PX))
        self._column.setSpacing(px(14))
        for column in self._cards:
            column.setContentsMargins(px(18), px(14), px(18), px(16))
            column.setSpacing(px(8))

    def enter(self) -> None:
        """Read anew; the focus begins where the state is read."""
        self.refresh()
        self.status.setFocus(Qt.FocusReason.OtherFocusReason)

    def panes(self) -> tuple[Pane, ...]:
        """The state and the licences."""
        return ((self.status, self.status), (self.licences, self.licences))

    def hear(self, event: Event) -> None:
        """Something was exchanged: the figures are others."""
        if isinstance(event, State) and self.isVisible():
            self.refresh()

    def refresh(self) -> None:
        """Look up what runs here and how the post stands."""
        desk, known = self._context.desk, self._software

        def read() -> tuple[Software, Status]:
            return known or software.installed(), shift.status(desk)

        self._context.thread.ask(read, lambda found: self._show(*found), self._on_failed, lane="about")

    def copy(self) -> None:
        """Copy what support asks for; it names no person."""
        if self._software is not None:
            QGuiApplication.clipboard().setText(text_of(self._words, self._software, qVersion(), self._pairs))
            self._context.notices.say(self._words.text("État copié, sans donnée personnelle."))

    def _show(self, runs: Software, status: Status) -> None:
        words = self._words
        self._software, self._pairs = runs, pairs_of(words, self._context.desk, status)
        self.problem.say("")
        told = words.text("Version {version}", version=runs.version) if runs.version else ""
        self.version.setText(" · ".join(filter(None, (told, f"Python {runs.python}", f"Qt {qVersion()}", runs.system))))
        self.status.show_pairs(self._pairs)
        libraries = sorted(runs.components, key=lambda each: each.name.casefold())
        named = ((f"{each.name} {each.version}", each.licence) for each in libraries)
        fonts, icons = (words.text("Police {name}", name=_SHIPPED[0][0]), words.text("Icônes {name}", name=_SHIPPED[1][0]))
        self.licences.show_pairs(((fonts, _SHIPPED[0][1]), (icons, _SHIPPED[1][1]), *named))
        self._context.commands.action("copy_status").setEnabled(True)

    def _on_failed(self, error: GuichetError) -> None:
        sentence = str(self._words.error(error))
        self.problem.say(sentence)
        announce(self, sentence, at_once=True)
