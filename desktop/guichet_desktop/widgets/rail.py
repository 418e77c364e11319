"""The rail: the pages of the window, one button each, with how many things wait there."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QToolButton, QVBoxLayout

from ..theme.icons import icon
from ..theme.look import Look
from .labels import restyle

_ICON_PX, _BADGE_PX, _MOST_SHOWN = 20, 16, 99


class RailButton(QToolButton):
    """Icon above words; checked while its page is shown. Tab comes to each.

    A badge counts what waits, in words for a screen reader.
    """

    def __init__(self, look: Look, action: QAction, icon_name: str) -> None:
        super().__init__()
        self._look, self._icon_name, self._name = look, icon_name, action.text()
        self._count = 0
        self.setProperty("action", action.data())
        self.setText(action.text())
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.clicked.connect(action.trigger)
        self.setToolTip(action.toolTip())
        action.changed.connect(lambda: self.setToolTip(action.toolTip()))
        self.toggled.connect(self._draw)
        look.changed.connect(self._draw)
        self.show_count(0)
        self.show_words(shown=True)

    def nextCheckState(self) -> None:  # noqa: N802 - Qt calls it so
        """Which page is shown is told by the rail, not by what is pressed."""

    def show_count(self, count: int) -> None:
        """So many things wait there."""
        self._count = count
        self.setAccessibleName(f"{self._name}, {count}" if count else self._name)
        self._draw()

    def show_words(self, *, shown: bool) -> None:
        """Words below the icon, or the icon alone."""
        style = Qt.ToolButtonStyle.ToolButtonTextUnderIcon if shown else Qt.ToolButtonStyle.ToolButtonIconOnly
        self.setToolButtonStyle(style)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The button, then its badge over the corner of its icon."""
        super().paintEvent(event)
        if self._count:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_badge(painter)
            painter.end()

    def _paint_badge(self, painter: QPainter) -> None:
        theme = self._look.theme
        words = str(self._count) if self._count <= _MOST_SHOWN else f"{_MOST_SHOWN}+"
        font = self.font()
        font.setPixelSize(theme.px(11))
        font.setBold(True)
        painter.setFont(font)
        height = theme.px(_BADGE_PX)
        width = max(height, painter.fontMetrics().horizontalAdvance(words) + theme.px(8))
        left = min(self.width() // 2 + theme.px(5), self.width() - width - 2)
        painter.setBrush(theme.colour("warnBg"))
        painter.setPen(theme.colour("warn") if theme.name == "contrast" else QColor(Qt.GlobalColor.transparent))
        painter.drawRoundedRect(left, theme.px(3), width, height, height / 2, height / 2)
        painter.setPen(theme.colour("warn"))
        painter.drawText(left, theme.px(3), width, height, Qt.AlignmentFlag.AlignCenter, words)

    def _draw(self) -> None:
        theme = self._look.theme
        role = "railActive" if self.isChecked() else "railText"
        size = theme.px(_ICON_PX)
        self.setIcon(icon(self._icon_name, theme.colours[role], size))
        self.setIconSize(QSize(size, size))
        self.update()


class Rail(QFrame):
    """Buttons from the top, and those of ``foot`` at the bottom."""

    def __init__(self, buttons: Sequence[RailButton], foot: Sequence[RailButton]) -> None:
        super().__init__()
        self.setObjectName("rail")
        self._buttons = {str(each.property("action")): each for each in (*buttons, *foot)}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 12, 6, 10)
        layout.setSpacing(4)
        for button in buttons:
            layout.addWidget(button)
        layout.addStretch(1)
        for button in foot:
            layout.addWidget(button)

    def show_current(self, page: str) -> None:
        """That page is shown; one that has no button leaves none checked."""
        for name, button in self._buttons.items():
            button.setChecked(name == page)

    def show_count(self, page: str, count: int) -> None:
        """So many things wait on that page."""
        self._buttons[page].show_count(count)

    def show_words(self, *, shown: bool) -> None:
        """Words below the icons, or icons alone, in a narrower rail."""
        narrow = "false" if shown else "true"
        if self.property("narrow") == narrow:
            return
        self.setProperty("narrow", narrow)
        restyle(self)
        for button in self._buttons.values():
            button.show_words(shown=shown)
            restyle(button)
