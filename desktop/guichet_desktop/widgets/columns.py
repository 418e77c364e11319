"""Blocks that flow into as many columns as there is room for, each column read to its foot before the next."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRect, QSize
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget


class _Column(QWidget):
    """Hands on that something in it needs another height."""

    def __init__(self, columns: Columns) -> None:
        super().__init__(columns)
        self._all = columns

    def event(self, event: QEvent) -> bool:
        """Qt tells the nearest parent alone."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._all.rearrange()
        return super().event(event)


class Columns(QWidget):
    """``narrowest`` is the least width of a column, in characters; gaps are in pixels."""

    def __init__(self, narrowest: int, gap: int = 28) -> None:
        super().__init__()
        self._narrowest, self._gap = narrowest, gap
        self._blocks: list[QWidget] = []
        self._columns: list[_Column] = []
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def add(self, block: QWidget) -> None:
        """One more block, after the others."""
        block.setParent(self)
        self._blocks.append(block)

    def hasHeightForWidth(self) -> bool:
        """The fewer columns, the higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """As high as its highest column."""
        return max((area.bottom() + 1 for area in self._flow(width)), default=0)

    def sizeHint(self) -> QSize:
        """In one column."""
        width = self._narrowest * self.fontMetrics().averageCharWidth()
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """What its widest block needs."""
        return QSize(max((each.minimumSizeHint().width() for each in self._blocks), default=0), 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fill the columns there is room for. While it is shown no block may change its column: Qt is going through them."""
        if self.isVisible():
            self._place(event.size().width())

    def showEvent(self, event: QShowEvent) -> None:
        """It may have another size than when it was seen last."""
        super().showEvent(event)
        self._place(self.width())

    def rearrange(self) -> None:
        """A block needs another height."""
        self.updateGeometry()
        self._place(self.width())

    def _place(self, width: int) -> None:
        flow = self._flow(width)
        inner = self.focusWidget()
        had_focus = self.isAncestorOf(inner) and inner.hasFocus()
        lefts = sorted({area.left() for area in flow})
        for left, column in zip(lefts, self._columns_for(len(lefts)), strict=True):
            inside = [(block, area) for block, area in zip(self._blocks, flow, strict=True) if area.left() == left]
            column.setGeometry(left, 0, inside[0][1].width(), inside[-1][1].bottom() + 1)
            for block, area in inside:
                _put(block, column)
                block.setGeometry(0, area.top(), area.width(), area.height())
        if had_focus:  # a block that changes columns loses it; in a sheet that is closed none has it
            inner.setFocus()

    def _columns_for(self, count: int) -> list[_Column]:
        while len(self._columns) < count:
            self._columns.append(_Column(self))
        for place, column in enumerate(self._columns):
            column.setVisible(place < count)
        return self._columns[:count]

    def _flow(self, width: int) -> list[QRect]:
        """Where each block stands."""
        if not self._blocks:
            return []
        least = self._narrowest * self.fontMetrics().averageCharWidth()
        count = max(1, min(len(self._blocks), (width + self._gap) // (least + self._gap)))
        column = (width - (count - 1) * self._gap) // count
        heights = [each.heightForWidth(column) if each.hasHeightForWidth() else each.sizeHint().height() for each in self._blocks]
        areas, place, top = list[QRect](), 0, 0
        for height, begins in zip(heights, _column_starts(heights, count, self._gap), strict=True):
            place, top = (place + 1, 0) if begins else (place, top)
            areas.append(QRect(place * (column + self._gap), top, column, height))
            top += height + self._gap
        return areas


def _put(block: QWidget, column: QWidget) -> None:
    if block.parentWidget() is not column:
        block.setParent(column)
        block.show()


def _column_starts(heights: Sequence[int], count: int, gap: int) -> list[bool]:
    """Before which blocks a new column begins, so that the highest of ``count`` columns is as low as it can be."""
    low, high = max(heights), sum(heights) + gap * len(heights)
    while low < high:
        limit = (low + high) // 2
        if sum(_starts_within(heights, limit, gap)) < count:
            high = limit
        else:
            low = limit + 1
    return _starts_within(heights, low, gap)


def _starts_within(heights: Sequence[int], limit: int, gap: int) -> list[bool]:
    """The breaks of columns no higher than ``limit``."""
    starts, filled = list[bool](), 0
    for height in heights:
        breaks = filled > 0 and filled + gap + height > limit
        filled = height if breaks or not filled else filled + gap + height
        starts.append(breaks)
    return starts
