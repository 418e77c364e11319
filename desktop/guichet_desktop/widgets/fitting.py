"""Parts that make do with the room there is."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLayout, QScrollArea, QSizePolicy, QWidget

_LEAST_PX = 24


class FittingRow(QWidget):
    """Groups in a line, from its beginning or ``at_end`` of it; where there is no room the last ones are hidden first."""

    def __init__(self, groups: Sequence[QWidget], spacing: int, *, at_end: bool = False) -> None:
        super().__init__()
        self._groups = tuple(groups)
        self._spacing = spacing
        self._wanted = [True] * len(self._groups)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        layout = QHBoxLayout(self)
        layout.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(spacing)
        for group in self._groups:
            layout.addWidget(group)
        layout.insertStretch(0 if at_end else -1, 1)

    def minimumSizeHint(self) -> QSize:
        """It may vanish."""
        return QSize(0, super().minimumSizeHint().height())

    def want(self, wanted: Sequence[bool]) -> None:
        """Which of the groups mean something now."""
        self._wanted = list(wanted)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show what fits."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        used = 0
        for group, wanted in zip(self._groups, self._wanted, strict=True):
            used += group.sizeHint().width() + self._spacing if wanted else 0
            group.setVisible(wanted and used - self._spacing <= self.width())


class FittingScroll(QScrollArea):
    """As tall as what it holds where there is room, and scrolling where there is not. It takes no focus."""

    def __init__(self, content: QWidget, *, at_most: bool = False) -> None:
        super().__init__()
        self._content = content
        self._told_width = -1
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidgetResizable(True)
        self.setWidget(content)
        content.installEventFilter(self)
        vertical = QSizePolicy.Policy.Maximum if at_most else QSizePolicy.Policy.Expanding
        self.setSizePolicy(QSizePolicy.Policy.Preferred, vertical)

    def sizeHint(self) -> QSize:
        """What it holds, at the width it has. A scroll bar that comes and goes must not change it, or they chase each other."""
        content = self._content
        width = self.width()
        height = content.heightForWidth(width) if content.hasHeightForWidth() else content.sizeHint().height()
        return QSize(content.sizeHint().width(), max(0, height))

    def minimumSizeHint(self) -> QSize:
        """A line can always be seen, and nothing at all where there is nothing."""
        return QSize(super().minimumSizeHint().width(), min(_LEAST_PX, self.sizeHint().height()))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """What it holds asks for another size."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width may need another height."""
        super().resizeEvent(event)
        if self.width() != self._told_width:
            self._told_width = self.width()
            self.updateGeometry()
