"""The cover over the whole window while someone stands before the screen: nothing can be read, and nothing is closed."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QToolTip, QVBoxLayout, QWidget

from ..actions import shown_key
from ..widgets.announcing import announce
from ..widgets.labels import label
from ..widgets.overlay import Overlay
from .context import Context

_SELF = "privacy"
_MINUTE_S = 60


class PrivacyScreen(Overlay):
    """Covers the window that ``host`` is in, and hides all that is in it: from eyes, keys and screen readers alike.

    What always acts (locking) goes on acting. Covers no longer than ``host`` lasts.
    """

    def __init__(self, context: Context, host: QWidget) -> None:
        window = host.window()
        super().__init__(window, context.words.text("Écran masqué"))
        if host is not window:
            host.destroyed.connect(self.deleteLater)
        self._context = context
        self._hidden: list[QWidget] = []
        self._clock = label("", "clock")
        self._sentence = label("", "say", wrap=True)
        self._tick = QTimer(self, singleShot=True)
        self._tick.timeout.connect(self._tell_time)
        self.panel.setObjectName("cover")
        self.set_content(self._laid_out())

    def _laid_out(self) -> QWidget:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setSpacing(10)
        for each in (label("Guichet", "covertitle"), self._clock, self._sentence):
            each.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(each)
        return content

    def open(self) -> None:
        """Cover the window."""
        if self.is_open():
            return
        keys = self._context.commands.keys(_SELF)
        self.answer_to(("Escape", *keys), self.close_panel)
        self._sentence.setText(self._words_of(keys))
        self._tell_time()
        while popup := QApplication.activePopupWidget():
            popup.close()
        QToolTip.hideText()
        super().open()
        self._hide_all()
        announce(self, self._sentence.text())

    def close_panel(self) -> None:
        """Uncover it: all is as it was, the focus too."""
        hidden, self._hidden = self._hidden, []
        for each in hidden:
            each.show()
        self.raise_()
        super().close_panel()

    def ticks(self) -> bool:
        """Whether its clock runs."""
        return self._tick.isActive()

    def _words_of(self, keys: tuple[str, ...]) -> str:
        words = self._context.words
        shown = [shown_key(key, words) for key in dict.fromkeys((*keys, "Escape"))]
        if len(shown) == 1:
            return words.text("Écran masqué — {key} pour revenir", key=shown[0])
        return words.text("Écran masqué — {key} ou {other} pour revenir", key=shown[0], other=shown[-1])

    def _hide_all(self) -> None:
        """Hidden, rather than painted over: what is covered is told to no screen reader either."""
        inside = (each for each in self.window().children() if isinstance(each, QWidget) and each is not self)
        self._hidden = [each for each in inside if not each.isWindow() and not each.isHidden()]
        for each in self._hidden:
            each.hide()

    def _tell_time(self) -> None:
        now: datetime = self._context.desk.local_now()
        self._clock.setText(self._context.words.time(now))
        self._tick.start((_MINUTE_S - now.second) * 1000)

    def hideEvent(self, _event: QHideEvent) -> None:
        """No clock runs that nobody sees."""
        self._tick.stop()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click uncovers nothing: a hand may brush the mouse."""
        event.accept()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Nothing shines through."""
        QPainter(self).fillRect(self.rect(), self._context.look.theme.colour("rail"))
