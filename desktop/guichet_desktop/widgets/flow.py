"""Parts in a line, that go on in the next one where there is no room."""

from __future__ import annotations

from PySide6.QtCore import QMargins, QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget, QWidgetItem


class FlowLayout(QLayout):
    """As wide as it may be, as tall as its lines; a part that can grow takes what its line leaves."""

    def __init__(self, spacing: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setContentsMargins(QMargins())
        self.setSpacing(spacing)
        self._items: list[QLayoutItem] = []

    def addWidget(self, part: QWidget) -> None:  # noqa: N802 - Qt calls it so
        """One more part. Its place is made here: one that Qt makes is lost to Python sooner or later, while Qt still has it."""
        self.addChildWidget(part)
        self.addItem(QWidgetItem(part))
        self.invalidate()

    def addItem(self, item: QLayoutItem) -> None:
        """One more part."""
        self._items.append(item)

    def count(self) -> int:
        """How many parts."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """A part, or None."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Let go of a part."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """It takes no room beyond its lines."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """Its height depends on where lines break."""
        return True

    def heightForWidth(self, width: int) -> int:
        """How tall its lines are at that width."""
        return self._place(QRect(0, 0, width, 0), only_measured=True)

    def setGeometry(self, area: QRect) -> None:
        """Place the parts."""
        super().setGeometry(area)
        self._place(area)

    def sizeHint(self) -> QSize:
        """All parts in one line."""
        shown = self._shown()
        width = sum(item.sizeHint().width() for item in shown) + self.spacing() * max(0, len(shown) - 1)
        return QSize(width, max((item.sizeHint().height() for item in shown), default=0))

    def minimumSize(self) -> QSize:
        """The widest part."""
        sizes = [item.minimumSize() for item in self._shown()]
        return QSize(max((size.width() for size in sizes), default=0), max((size.height() for size in sizes), default=0))

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _place(self, area: QRect, *, only_measured: bool = False) -> int:
        """Place line after line; the height of all."""
        top = area.top()
        for line in self._lines(area.width()):
            height = max(item.sizeHint().height() for item in line)
            if not only_measured:
                self._place_line(line, QRect(area.left(), top, area.width(), height))
            top += height + self.spacing()
        return max(0, top - area.top() - self.spacing())

    def _lines(self, width: int) -> list[list[QLayoutItem]]:
        lines: list[list[QLayoutItem]] = []
        left = 0
        for item in self._shown():
            wanted = item.sizeHint().width()
            if not lines or wanted > left:
                lines.append([])
                left = width
            lines[-1].append(item)
            left -= wanted + self.spacing()
        return lines

    def _place_line(self, line: list[QLayoutItem], area: QRect) -> None:
        used = sum(item.sizeHint().width() for item in line) + self.spacing() * (len(line) - 1)
        growing = [item for item in line if item.expandingDirections() & Qt.Orientation.Horizontal]
        more = max(0, area.width() - used) // len(growing) if growing else 0
        left = area.left()
        for item in line:
            width = min(item.sizeHint().width() + (more if item in growing else 0), area.width())
            height = item.sizeHint().height()
            item.setGeometry(QRect(QPoint(left, area.top() + (area.height() - height) // 2), QSize(width, height)))
            left += width + self.spacing()
