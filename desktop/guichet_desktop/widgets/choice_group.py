"""Boxes of which any number can be ticked, under one name."""

from __future__ import annotations

from collections.abc import Container, Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QGroupBox, QVBoxLayout


class ChoiceGroup(QGroupBox):
    """``choices`` are keys with their names. A screen reader tells the group's name with its first box, and an error with each.

    Emits ``changed`` at every change a person makes.
    """

    changed = Signal()

    def __init__(self, choices: Iterable[tuple[str, str]]) -> None:
        super().__init__()
        self.setProperty("kind", "choices")
        self._boxes = {key: QCheckBox(name) for key, name in choices}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        for box in self._boxes.values():
            box.clicked.connect(self.changed)
            column.addWidget(box)
        first = next(iter(self._boxes.values()), None)
        if first is not None:
            # Qt puts a group in the order of Tab, all its boxes with it, only where it has both.
            self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            self.setFocusProxy(first)

    def chosen(self) -> tuple[str, ...]:
        """The keys of the boxes ticked, in the order of the boxes."""
        return tuple(key for key, box in self._boxes.items() if box.isChecked())

    def choose(self, keys: Container[str]) -> None:
        """Tick these and no other."""
        for key, box in self._boxes.items():
            box.setChecked(key in keys)

    def tell(self, sentence: str) -> None:
        """What is wrong with the answer, told by each of its boxes."""
        self.setAccessibleDescription(sentence)
        for box in self._boxes.values():
            box.setAccessibleDescription(sentence)
