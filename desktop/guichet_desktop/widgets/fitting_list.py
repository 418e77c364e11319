"""A short list as tall as its rows, which scrolls where there is no room for them."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QListView, QSizePolicy

_LEAST_ROWS = 1


class FittingList(QListView):
    """A list of rows of one height."""

    def __init__(self, accessible_name: str) -> None:
        super().__init__()
        self.setUniformItemSizes(True)
        self.setAccessibleName(accessible_name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)

    def sizeHint(self) -> QSize:
        """As tall as all rows."""
        return QSize(super().sizeHint().width(), self._height(self.model().rowCount()))

    def minimumSizeHint(self) -> QSize:
        """One row can always be seen."""
        return QSize(super().minimumSizeHint().width(), self._height(_LEAST_ROWS))

    def _height(self, rows: int) -> int:
        return rows * max(0, self.sizeHintForRow(0)) + 2 * self.frameWidth()
