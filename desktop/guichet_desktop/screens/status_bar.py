"""The foot of the window: keys worth knowing, a first copy's progress, and the age of the copy when it is stale."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QPushButton

from ..actions import ACTIONS, shown_key
from ..widgets.labels import keycap, label
from .context import Context


class StatusBar(QFrame):
    """Key hints from the table of actions; emits ``pause_asked`` and ``resume_asked`` when a first copy is to wait, to go on."""

    pause_asked = Signal()
    resume_asked = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setObjectName("statusbar")
        self._note = label("", "meta")
        self._progress = label("", "meta")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(context.theme.px(120))
        self._bar.setAccessibleName(context.words.text("Avancement de la première copie"))
        self._pause = QPushButton(context.words.text("Suspendre"))
        self._pause.setProperty("kind", "chip")
        self._pause.clicked.connect(self.pause_asked)
        self.resume_button = QPushButton(context.words.text("Reprendre"))
        self.resume_button.setProperty("kind", "chip")
        self.resume_button.clicked.connect(self.resume_asked)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 6, 16, 6)
        layout.setSpacing(8)
        for action in ACTIONS:
            if action.hint:
                layout.addWidget(keycap(shown_key(action.key, context.words)))
                layout.addWidget(label(context.words.text(action.text), "meta"))
                layout.addSpacing(6)
        layout.addStretch(1)
        for part in (self._progress, self._bar, self._pause, self._note, self.resume_button):
            layout.addWidget(part)
        self.say_progress("", 0, 0)
        self.offer_resume(offered=False)

    def say(self, sentence: str) -> None:
        """Say why nothing is exchanged or how old the copy is, or nothing."""
        self._note.setText(sentence)

    def offer_resume(self, *, offered: bool) -> None:
        """Offer to go on with what was paused, or not."""
        self.resume_button.setVisible(offered)

    def said(self) -> str:
        """What is said now."""
        return self._note.text()

    def progress(self) -> str:
        """How far the first copy is, in words."""
        return self._progress.text()

    def say_progress(self, sentence: str, done: int, total: int) -> None:
        """Show how far the first copy is, or nothing."""
        self._progress.setText(sentence)
        self._bar.setRange(0, max(1, total))
        self._bar.setValue(done)
        for part in (self._progress, self._bar, self._pause):
            part.setVisible(bool(sentence))
