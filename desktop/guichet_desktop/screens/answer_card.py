"""A fiche being read: what to say first, then the rest, then what to do with it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout

from ..actions import action, shown_key
from ..models.fiche import ShownFiche
from ..theme.icons import icon
from ..widgets.frames import row
from ..widgets.labels import keycap, label, pill, set_pill
from ..widgets.safe_browser import SafeBrowser
from .context import Context


class AnswerCard(QFrame):
    """Emits ``answered`` and ``request_asked`` with the fiche shown."""

    answered = Signal(object)
    request_asked = Signal(object)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setProperty("card", "true")
        self.fiche: ShownFiche | None = None
        self._current = False
        words = context.words
        self._title = label("", "title", wrap=True)
        self._freshness = pill("", "ok")
        self._meta = label("", "meta", wrap=True)
        self.say = label("", "say", wrap=True)
        self.say.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.browser = SafeBrowser(words.text("Texte de la fiche"), context.theme.px(15))
        self._say_frame = self._make_say_frame(context)
        self._actions = self._make_actions(context)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 14, 18, 12)
        layout.setSpacing(8)
        heading = row(self._title, self._freshness)
        heading.setStretch(0, 1)
        heading.setAlignment(self._freshness, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(heading)
        layout.addWidget(self._meta)
        layout.addWidget(self._say_frame)
        layout.addWidget(self.browser, 1)
        layout.addWidget(self._actions)
        self.clear()

    def _make_say_frame(self, context: Context) -> QFrame:
        frame = QFrame()
        frame.setProperty("tone", "say")
        layout = QVBoxLayout(frame)
        layout.setContentsMargins(14, 10, 14, 10)
        layout.addWidget(label(context.words.text("À dire"), "label"))
        layout.addWidget(self.say)
        return frame

    def _make_actions(self, context: Context) -> QFrame:
        words, theme = context.words, context.theme
        self.answer_button = QPushButton(icon("check", theme.colours["onBrand"]), words.text("Réponse donnée"))
        self.answer_button.setProperty("kind", "primary")
        self.answer_button.clicked.connect(self.answer)
        self.request_button = QPushButton(icon("plus", theme.colours["text"]), words.text("Créer la requête"))
        self.request_button.clicked.connect(self._on_request)
        frame = QFrame()
        layout = row(self.answer_button, keycap(shown_key(action("answered").key, words)), self.request_button, None, spacing=10)
        frame.setLayout(layout)
        return frame

    def clear(self) -> None:
        """Show no fiche."""
        self.fiche = None
        self.hide()

    def hold(self) -> None:
        """Other words are typed: until their fiche is there, this one answers nobody."""
        self._set_current(current=False)

    def _set_current(self, *, current: bool) -> None:
        self._current = current
        self.answer_button.setEnabled(current)
        self.request_button.setEnabled(current)

    def show_fiche(self, fiche: ShownFiche) -> None:
        """Show a fiche from its beginning."""
        self.fiche = fiche
        self._title.setText(fiche.title)
        set_pill(self._freshness, fiche.freshness, fiche.tone)
        self._meta.setText(fiche.meta)
        self.say.setText(fiche.say)
        self._say_frame.setVisible(bool(fiche.say))
        self.browser.setHtml(fiche.body_html)
        self.request_button.setVisible(bool(fiche.category))
        self._set_current(current=True)
        self.show()

    def answer(self) -> None:
        """Tell that this fiche answered the person."""
        if self.fiche is not None and self._current:
            self.answered.emit(self.fiche)

    def _on_request(self) -> None:
        if self.fiche is not None:
            self.request_asked.emit(self.fiche)
