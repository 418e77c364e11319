"""The way of the focus through a window: no trap, an order that follows reading, a ring that is seen. Keys are real ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QAbstractScrollArea, QApplication, QScrollArea, QTabBar, QWidget

from guichet_desktop.tour import live

from .accessible import Problems, called, focusables

_MARGIN = 4
_BAND = 8
_LEAST_CONTRAST = 3.0
_SLACK = 2


# ── traps and order ──────────────────────────────────────────────────────────


def traps(root: QWidget) -> Problems:
    """Controls that Tab or Shift+Tab never leaves or never comes to, from one end of the window to the other and round."""
    expected = focusables(root)
    if not expected:
        return []
    found = []
    for modifier, name in ((Qt.KeyboardModifier.NoModifier, "Tab"), (Qt.KeyboardModifier.ShiftModifier, "Shift+Tab")):
        walked = walk(root, modifier)
        met = {id(each) for each in walked}
        found += [f"{called(each)}: {name} never comes to it" for each in expected if id(each) not in met]
        if len(walked) > 1 and walked[-1] is walked[-2]:
            found.append(f"{called(walked[-1])}: {name} never leaves it")
        elif len(expected) > 1 and walked[-1] is not walked[0]:
            found.append(f"{called(walked[-1])}: {name} never comes round from it")
    return found


def walk(root: QWidget, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> list[QWidget]:
    """Where Tab goes, from the first control until it is met again, or until the focus stays where it is."""
    start = focusables(root)[0]
    start.setFocus(Qt.FocusReason.TabFocusReason)
    way = [start]
    for _ in range(2 * len(focusables(root)) + 2):
        QTest.keyClick(root.window().windowHandle(), Qt.Key.Key_Tab, modifier)
        here = QApplication.focusWidget()
        if here is None:
            break
        way.append(here)
        if here is start or here is way[-2]:
            break
    return way


def out_of_order(root: QWidget) -> Problems:
    """Steps of Tab that go back: up, or to the left in one row. From pane to pane it is the panes' own order that counts."""
    if len(focusables(root)) < 2:
        return []
    backward = [(here, there) for here, there in pairwise(walk(root)) if not _follows(here, there)]
    round_again = min(backward, key=lambda step: _reading_place(step[1]), default=None)
    return [f"Tab goes back from {called(here)} to {called(there)}" for here, there in backward if (here, there) != round_again]


def _reading_place(widget: QWidget) -> tuple[int, int]:
    at = widget.mapTo(widget.window(), QPoint(0, 0))
    return at.y(), at.x()


def _follows(here: QWidget, there: QWidget) -> bool:
    """Whether ``there`` is read after ``here``: compared are the two parts of their common ancestor that hold them. Buttons on a
    control, those of a map, are read after it; what stands over the lower half of a part, a toast, is so too.
    """
    if here.isAncestorOf(there):
        return True
    common = _common(here, there)
    one, other = _area(_branch(common, here), common), _area(_branch(common, there), common)
    if other.top() >= one.bottom() - _SLACK or (other.intersects(one) and other.top() > one.center().y()):
        return True
    return other.bottom() > one.top() + _SLACK and other.left() >= one.right() - _SLACK


def _common(here: QWidget, there: QWidget) -> QWidget:
    return next(each for each in _around(here) if each is there.parentWidget() or each.isAncestorOf(there))


def _branch(common: QWidget, widget: QWidget) -> QWidget:
    """The part of ``common`` that is ``widget`` or holds it."""
    return next((each for each in (widget, *_around(widget)) if each.parentWidget() is common), widget)


def _around(widget: QWidget) -> Iterator[QWidget]:
    """What holds a widget, from the nearest on."""
    above = widget.parentWidget()
    while above is not None:
        yield above
        above = above.parentWidget()


def _area(widget: QWidget, within: QWidget) -> QRect:
    return QRect(widget.mapTo(within, QPoint(0, 0)), widget.size())


# ── the ring ─────────────────────────────────────────────────────────────────


def without_ring(root: QWidget) -> Problems:
    """Controls that look the same with the focus: at an edge, or that of their row, 2 pixels must change, by a contrast of 3."""
    here = focusables(root)
    found = (each for each in here if not _shows_focus(each, next((other for other in here if other is not each), None)))
    return [f"{called(each)}: its focus is not seen" for each in found]


def _shows_focus(widget: QWidget, elsewhere: QWidget | None) -> bool:
    """Compares two pictures; without another control to go to, the focus goes nowhere."""
    _bring_to_sight(widget)
    if elsewhere is None:
        widget.clearFocus()
    else:
        elsewhere.setFocus(Qt.FocusReason.TabFocusReason)
    _bring_to_sight(widget)
    without, area = _picture(widget)
    widget.setFocus(Qt.FocusReason.TabFocusReason)
    with_focus, _area_again = _picture(widget)
    edges = [area, *_current_row(widget, area)]
    return any(_has_ring(without, with_focus, edge) for edge in edges)


def _bring_to_sight(widget: QWidget) -> None:
    for above in _around(widget):
        if isinstance(above, QScrollArea):
            above.ensureWidgetVisible(widget)


def _picture(widget: QWidget) -> tuple[QImage, QRect]:
    """The window around ``widget``, and where in the picture the widget is."""
    window = widget.window()
    live()
    at = QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())
    around = at.adjusted(-_MARGIN, -_MARGIN, _MARGIN, _MARGIN) & window.rect()
    image = window.grab(around).toImage().convertToFormat(QImage.Format.Format_RGB32)
    return image, at.translated(-around.topLeft())


def _current_row(widget: QWidget, area: QRect) -> Iterator[QRect]:
    if isinstance(widget, QAbstractItemView) and widget.currentIndex().isValid():
        row = widget.visualRect(widget.currentIndex())
        yield row.translated(widget.viewport().mapTo(widget, QPoint(0, 0)) + area.topLeft())
    elif isinstance(widget, QTabBar):
        yield widget.tabRect(widget.currentIndex()).translated(area.topLeft())
    elif isinstance(widget, QAbstractScrollArea):
        yield QRect(widget.viewport().mapTo(widget, QPoint(0, 0)) + area.topLeft(), widget.viewport().size())


def _has_ring(without: QImage, with_focus: QImage, edge: QRect) -> bool:
    """Whether one side of ``edge`` gets a line: 2 changed pixels across on most of its length, one of them by enough contrast."""
    across = QRect(edge.adjusted(-_MARGIN, -_MARGIN, _MARGIN, _MARGIN)) & without.rect()
    middle_x, middle_y = edge.center().x(), edge.center().y()
    columns = list(range(edge.left() + _BAND, edge.right() - _BAND, 3)) or [middle_x]
    rows = list(range(edge.top() + _BAND, edge.bottom() - _BAND, 3)) or [middle_y]
    sides = (
        [[(x, y) for y in range(across.top(), edge.top() + _BAND)] for x in columns],
        [[(x, y) for y in range(edge.bottom() - _BAND, across.bottom() + 1)] for x in columns],
        [[(x, y) for x in range(across.left(), edge.left() + _BAND)] for y in rows],
        [[(x, y) for x in range(edge.right() - _BAND, across.right() + 1)] for y in rows],
    )
    return any(_is_line(without, with_focus, lines) for lines in sides)


def _is_line(without: QImage, with_focus: QImage, lines: Sequence[Sequence[tuple[int, int]]]) -> bool:
    drawn = sum(_crosses(without, with_focus, [at for at in line if without.rect().contains(*at)]) for line in lines)
    return drawn > len(lines) // 2


def _crosses(without: QImage, with_focus: QImage, line: Sequence[tuple[int, int]]) -> bool:
    """Whether a thin cut through an edge meets the line: neighbours that both changed, one of them enough to be told apart."""
    changes = [contrast(without.pixel(*at), with_focus.pixel(*at)) for at in line]
    return any(min(pair) > 1.0 and max(pair) >= _LEAST_CONTRAST for pair in pairwise(changes))


def contrast(one: int, other: int) -> float:
    """The contrast of two pixels (0xAARRGGBB), from 1 to 21, as WCAG computes it."""
    if one == other:
        return 1.0
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(pixel: int) -> float:
    channels = ((pixel >> shift & 0xFF) / 255 for shift in (16, 8, 0))
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
