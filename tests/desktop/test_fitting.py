"""Parts that make do with the room there is: the last hints go first, what is taller than its room scrolls."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from guichet_desktop.tour import live, until
from guichet_desktop.widgets.fitting import FittingRow, FittingScroll

pytestmark = pytest.mark.usefixtures("qapp")
SPACING = 10


class Stood:
    """A row of groups of 100 pixels in a window as wide as a story says."""

    def __init__(self, groups: int) -> None:
        self.groups = [QLabel(f"{place}") for place in range(groups)]
        for group in self.groups:
            group.setFixedWidth(100)
        self.row = FittingRow(self.groups, SPACING)
        self.row.show()

    def shown(self, width: int) -> list[int]:
        self.row.resize(width, 30)
        live()
        return [place for place, group in enumerate(self.groups) if group.isVisible()]


@pytest.fixture
def stood() -> Iterator[Stood]:
    made = Stood(4)
    yield made
    made.row.close()
    made.row.deleteLater()
    live()


@pytest.mark.parametrize(("width", "shown"), [(430, 4), (429, 3), (320, 3), (319, 2), (100, 1), (99, 0)])
def test_the_last_groups_go_first(stood: Stood, width: int, shown: int) -> None:
    assert stood.shown(width) == list(range(shown))
    assert stood.shown(1000) == [0, 1, 2, 3]


def test_what_means_nothing_here_leaves_its_room_to_the_others(stood: Stood) -> None:
    stood.row.want([True, False, True, True])
    assert stood.shown(320) == [0, 2, 3]
    assert stood.shown(319) == [0, 2]
    stood.row.want([True] * 4)
    assert stood.shown(319) == [0, 1]


def test_a_row_never_keeps_a_window_wide(stood: Stood) -> None:
    assert stood.row.minimumSizeHint().width() == 0


@pytest.fixture
def column() -> Iterator[QWidget]:
    """A window with room for a scroll and what is below it."""
    window = QWidget()
    QVBoxLayout(window).setContentsMargins(0, 0, 0, 0)
    window.resize(300, 400)
    yield window
    window.close()
    window.deleteLater()
    live()


def _panel(lines: int) -> tuple[QWidget, QLabel]:
    """A panel of so many lines of text, and the text."""
    panel, text = QWidget(), QLabel("\n".join(["une ligne"] * lines))
    text.setWordWrap(True)
    inside = QVBoxLayout(panel)
    inside.setContentsMargins(0, 0, 0, 0)
    inside.addWidget(text)
    return panel, text


def test_a_scroll_is_as_tall_as_what_it_holds_and_scrolls_where_that_is_too_tall(column: QWidget) -> None:
    panel, text = _panel(3)
    scroll = FittingScroll(panel, at_most=True)
    layout = column.layout()
    assert layout is not None
    layout.addWidget(scroll)
    layout.addWidget(QWidget())
    column.show()
    until(lambda: scroll.height() == text.heightForWidth(scroll.width()), "as tall as three lines")
    assert not scroll.verticalScrollBar().isVisible()
    text.setText("\n".join(["une ligne"] * 80))
    until(scroll.verticalScrollBar().isVisible, "a bar")
    assert scroll.height() <= column.height()
    text.setText("une ligne")
    until(lambda: not scroll.verticalScrollBar().isVisible(), "no bar any more")
    until(lambda: scroll.height() == text.heightForWidth(scroll.width()), "as tall as one line")
    assert scroll.focusPolicy() is Qt.FocusPolicy.NoFocus


def test_a_scroll_of_nothing_takes_no_room_and_of_something_at_least_a_line(column: QWidget) -> None:
    panel, text = _panel(9)
    scroll = FittingScroll(panel)
    layout = column.layout()
    assert layout is not None
    layout.addWidget(scroll)
    column.show()
    until(lambda: scroll.minimumSizeHint().height() == 24, "a line")
    text.hide()
    until(lambda: scroll.minimumSizeHint().height() == 0, "nothing")
