"""The foot of the window: keys worth knowing, a first copy's progress, and the age of the copy when it is stale."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QWidget

from ..actions import ACTIONS, Scope
from ..widgets.fitting import FittingRow
from ..widgets.frames import row
from ..widgets.icon_button import ActionButton
from ..widgets.labels import keycap, label
from .context import Context

_LEAST_CHARACTERS = 18
_HINTED = tuple(each for each in ACTIONS if each.hint)


class StatusBar(QFrame):
    """Key hints from the table of actions; and the two that make a first copy wait and go on."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setObjectName("statusbar")
        self._context = context
        self._caps = {each.id: keycap("") for each in _HINTED}
        self._note, self._progress = _Sentence(), _Sentence()
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(context.words.text("Avancement de la première copie"))
        look, commands = context.look, context.commands
        self._pause = ActionButton(look, commands.action("pause"), kind="chip")
        self.resume_button = ActionButton(look, commands.action("sync"), kind="chip", words=context.words.text("Reprendre"))
        self._lay_out()
        context.commands.remapped.connect(self._show_keys)
        self._show_keys()
        self.say_progress("", 0, 0)
        self.offer_resume(offered=False)

    def _lay_out(self) -> None:
        words = self._context.words
        hints = [_hint(self._caps[each.id], words.text(each.text)) for each in _HINTED]
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 5, 16, 5)
        layout.setSpacing(8)
        self._hints = FittingRow(hints, 14)
        layout.addWidget(self._hints, 1)
        for part in (self._progress, self._bar, self._pause, self._note, self.resume_button):
            layout.addWidget(part)

    def _show_keys(self) -> None:
        for name, cap in self._caps.items():
            cap.setText(self._context.commands.shown_key(name))

    def show_scope(self, scope: Scope) -> None:
        """Hint at what can be done everywhere, and on the page of that scope."""
        self._hints.want([each.scope in (Scope.EVERYWHERE, scope) for each in _HINTED])

    def is_needed(self) -> bool:
        """Whether it says more than keys."""
        return bool(self.said() or self.progress()) or not self.resume_button.isHidden()

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


class _Sentence(QLabel):
    """In one line where there is room for it, in several where there is not."""

    def __init__(self) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", "meta")
        self.setWordWrap(True)

    def sizeHint(self) -> QSize:
        """One line."""
        metrics, around = self.fontMetrics(), self.contentsMargins()
        width = metrics.horizontalAdvance(self.text()) + around.left() + around.right() + 2
        return QSize(width if self.text() else 0, metrics.height() + around.top() + around.bottom())

    def minimumSizeHint(self) -> QSize:
        """A few words a line."""
        least = _LEAST_CHARACTERS * self.fontMetrics().averageCharWidth()
        return QSize(min(least, self.sizeHint().width()), super().minimumSizeHint().height())


def _hint(cap: QWidget, words: str) -> QWidget:
    group = QWidget()
    group.setLayout(row(cap, label(words, "meta"), spacing=6))
    return group
