"""A list or a table with its other states: nothing to show, looking, could not look."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QAbstractItemView, QApplication, QProgressBar, QStackedLayout, QVBoxLayout, QWidget

from ..theme.look import Look
from .announcing import announce
from .icon_button import IconButton
from .labels import label
from .picture import Picture

_DELAY_MS = 250
"""What is found sooner is shown without a word: a sign that comes and goes in a blink is noise."""
_ICON_PX = 28


class ListingState(StrEnum):
    """What a listing shows."""

    ROWS = "rows"
    EMPTY = "empty"
    LOADING = "loading"
    ERROR = "error"


class Listing(QWidget):
    """Holds ``view``. The state is told at once, read aloud, and keeps the focus where it was.

    While looking, rows that are there already stay on the screen under a thin bar.
    """

    def __init__(self, look: Look, view: QAbstractItemView) -> None:
        super().__init__()
        self.view = view
        self.state = ListingState.ROWS
        self._panel = _StatePanel(look)
        self._said = ""
        self._bar = QProgressBar(maximum=0, textVisible=False)
        self._bar.setProperty("kind", "thin")
        self._bar.hide()
        self._late = QTimer(self, singleShot=True, interval=_DELAY_MS)
        self._late.timeout.connect(self._on_late)
        self._lay_out()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._bar)
        self._stack = QStackedLayout()
        column.addLayout(self._stack, 1)
        self._stack.addWidget(self.view)  # a stack without a widget around it would show its first one as a window
        self._stack.addWidget(self._panel)
        self.setFocusProxy(self.view)

    def show_rows(self, said: str = "") -> None:
        """Show the view; ``said`` is read aloud ("12 requêtes") and not shown."""
        self._become(ListingState.ROWS, "")
        self._show(self.view)
        announce(self.view, said)

    def show_empty(self, sentence: str, icon: str = "inbox") -> None:
        """Say that there is nothing, and what to do about it."""
        self._become(ListingState.EMPTY, sentence)
        self._show(self._panel, lambda: self._panel.say(sentence, icon))
        announce(self, sentence)

    def show_loading(self, sentence: str) -> None:
        """Say that it is being looked up, once that has lasted long enough to be seen."""
        self._become(ListingState.LOADING, sentence)
        self._bar.setAccessibleName(sentence)
        self._late.start()

    def show_error(self, sentence: str, again: Callable[[], object], again_words: str) -> None:
        """Say what went wrong; the button ``again_words`` does ``again``."""
        self._become(ListingState.ERROR, sentence)
        self._show(self._panel, lambda: self._panel.say(sentence, "circle-alert", again, again_words))
        announce(self, sentence, at_once=True)

    def said(self) -> str:
        """The sentence of this state, nothing where rows are shown."""
        return self._said

    def _become(self, state: ListingState, sentence: str) -> None:
        self._late.stop()
        self._bar.hide()
        self.state, self._said = state, sentence

    def _on_late(self) -> None:
        if not self.view.model().rowCount():
            self._show(self._panel, lambda: self._panel.say(self._said, ""))
        elif self._stack.currentWidget() is not self.view:
            self._show(self.view)
        self._bar.show()
        announce(self, self._said)

    def _show(self, part: QWidget, change: Callable[[], None] = lambda: None) -> None:
        """Change what is shown; a focus that was in here stays in here, even where the button that had it goes."""
        was_here = self._has_focus()
        change()
        self._stack.setCurrentWidget(part)
        self.setFocusProxy(part)
        if was_here and not self._has_focus():
            part.setFocus(Qt.FocusReason.OtherFocusReason)

    def _has_focus(self) -> bool:
        focus: QWidget | None = QApplication.focusWidget()
        return focus is not None and self.isAncestorOf(focus)


class _StatePanel(QWidget):
    """An icon, a sentence and perhaps a button, in the middle. The sentence takes the focus: Tab finds what stands there."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._again: Callable[[], object] | None = None
        self._icon = Picture(look, pixels=_ICON_PX)
        self._sentence = label("", "state", wrap=True)
        self._sentence.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.button = IconButton(look, "refresh-cw")
        self.button.clicked.connect(self._on_again)
        self.setFocusProxy(self._sentence)
        self._lay_out()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(10)
        column.addStretch(1)
        column.addWidget(self._icon, alignment=Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self._sentence)
        column.addWidget(self.button, alignment=Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(2)

    def say(self, sentence: str, icon: str, again: Callable[[], object] | None = None, again_words: str = "") -> None:
        """Show a sentence, with a button where there is something to do."""
        self._again = again
        self._icon.show_icon(icon, "text3" if again is None else "bad")
        self._sentence.setText(sentence)
        self.button.setText(again_words)
        self.button.setAccessibleName(again_words)
        self.button.setVisible(again is not None)

    def _on_again(self) -> None:
        if self._again is not None:
            self._again()
