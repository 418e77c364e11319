"""Where parts are shown one after the other, each in its state, and photographed."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from .specimen import Bench, Family, Specimen, put

_MARGIN_PX = 10
_LATE_MS = 300
"""A part that waits before it says that it is looking has said so by then."""


class Stage(QWidget):
    """A window for one part at a time."""

    def __init__(self, bench: Bench) -> None:
        super().__init__()
        self.setObjectName("page")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._bench = bench
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(_MARGIN_PX, _MARGIN_PX, _MARGIN_PX, _MARGIN_PX)

    def show_all(self, family: Family) -> Iterator[tuple[Specimen, QWidget]]:
        """Each part of a family while it stands on the stage."""
        for specimen in family.specimens:
            part = specimen.make(self._bench)
            self._place(part, specimen)
            put(part, specimen.state)
            _live(_LATE_MS if part.property("late") else 0)
            _hold_still(part)
            yield specimen, part
            part.setParent(None)
            part.deleteLater()
            _live(0)

    def picture(self) -> QPixmap:
        """The part as it is seen, on the ground of a page."""
        return self.grab()

    def _place(self, part: QWidget, specimen: Specimen) -> None:
        px = self._bench.look.theme.px
        if specimen.width:
            part.setFixedWidth(px(specimen.width))
        if specimen.height:
            part.setFixedHeight(px(specimen.height))
        self._column.addWidget(part)
        part.show()
        self.show()
        self.activateWindow()
        self.setFocus()
        _live(0)
        width = self._column.totalMinimumSize().width() if specimen.width else self._column.totalSizeHint().width()
        tall = self._column.totalHeightForWidth(width) if self._column.hasHeightForWidth() else 0
        self.resize(width, max(tall, self._column.totalMinimumSize().height() if tall else self._column.totalSizeHint().height()))
        _live(0)


def _hold_still(part: QWidget) -> None:
    """A bar that runs to and fro stands where two pictures of it are the same."""
    for bar in part.findChildren(QProgressBar):
        if bar.maximum() == 0:
            bar.setRange(0, 100)
            bar.setValue(40)


def _live(milliseconds: int) -> None:
    """Let the window live for a moment."""
    moment = QEventLoop()
    QTimer.singleShot(milliseconds, moment.quit)
    moment.exec()
