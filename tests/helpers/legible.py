"""Texts that have less room than they need. Used over every window, and over the parts of the gallery.

Each check walks what is visible below a widget and returns its problems as sentences that name the part; none means it holds.
"""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractScrollArea,
    QCheckBox,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QStyle,
    QStyleOptionButton,
    QStyleOptionComboBox,
    QWidget,
)

from .accessible import Problems, called, cells, said, shown

_SLACK = 1
_CELL_MARGIN = 6
_ICON_GAP = 4


def clipped(root: QWidget) -> Problems:
    """Texts that are cut: by their widget, by one around it, or by an ellipsis without a tip and words for a screen reader."""
    return [f"{called(widget)}: {what}" for widget in shown(root) for what in _cuts(widget)]


def too_large(window: QWidget, room: QSize) -> Problems:
    """What a window needs more than ``room``: its content would hang over the screen's edge."""
    needed = window.minimumSizeHint().expandedTo(window.size())
    if needed.width() <= room.width() and needed.height() <= room.height():
        return []
    return [f"{called(window)}: needs {needed.width()}×{needed.height()}, has {room.width()}×{room.height()}"]


def _cuts(widget: QWidget) -> Iterator[str]:
    if isinstance(widget, QLabel):
        yield from _label(widget)
    elif isinstance(widget, QPushButton | QCheckBox | QRadioButton):
        yield from _button(widget)
    elif isinstance(widget, QComboBox):
        yield from _combo(widget)
    elif isinstance(widget, QLineEdit):
        yield from _placeholder(widget)
    elif isinstance(widget, QHeaderView):
        yield from _header(widget)
    elif isinstance(widget, QAbstractItemView):
        yield from _rows(widget)
    if _has_words(widget):
        yield from _outside(widget)


def _has_words(widget: QWidget) -> bool:
    return isinstance(widget, QLabel | QPushButton | QCheckBox | QRadioButton | QComboBox | QLineEdit)


# ── one check for each kind ──────────────────────────────────────────────────


def _label(label: QLabel) -> Iterator[str]:
    words = label.text()
    if not words or label.textFormat() is Qt.TextFormat.RichText:
        return
    if not label.wordWrap():
        yield from _short_of(label.sizeHint(), label)
        return
    needed = label.heightForWidth(label.width())
    if needed > label.height() + _SLACK:
        yield f"needs {needed} px of height, has {label.height()} ({words[:40]!r})"
    longest = max(words.split(), key=len, default="")
    if label.fontMetrics().horizontalAdvance(longest) > label.contentsRect().width() + _SLACK:
        yield f"the word {longest!r} is wider than it"


def _short_of(needed: QSize, widget: QWidget) -> Iterator[str]:
    if needed.width() > widget.width() + _SLACK or needed.height() > widget.height() + _SLACK:
        yield f"needs {needed.width()}×{needed.height()}, has {widget.width()}×{widget.height()}"


def _button(button: QPushButton | QCheckBox | QRadioButton) -> Iterator[str]:
    if not button.text():
        return
    option = QStyleOptionButton()
    button.initStyleOption(option)
    parts = {
        QCheckBox: QStyle.SubElement.SE_CheckBoxContents,
        QRadioButton: QStyle.SubElement.SE_RadioButtonContents,
    }
    part = next((each for kind, each in parts.items() if isinstance(button, kind)), QStyle.SubElement.SE_PushButtonContents)
    room = button.style().subElementRect(part, option, button)
    icon = button.iconSize().width() + _ICON_GAP if not button.icon().isNull() else 0
    needed = button.fontMetrics().size(Qt.TextFlag.TextShowMnemonic, button.text()) + QSize(icon, 0)
    if needed.width() > room.width() + _SLACK or needed.height() > room.height() + _SLACK:
        yield f"needs {needed.width()}×{needed.height()}, has {room.width()}×{room.height()}"


def _combo(combo: QComboBox) -> Iterator[str]:
    option = QStyleOptionComboBox()
    combo.initStyleOption(option)
    field = QStyle.SubControl.SC_ComboBoxEditField
    room = combo.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, field, combo)
    needed = combo.fontMetrics().horizontalAdvance(combo.currentText())
    if needed > room.width() + _SLACK and combo.currentText() not in combo.toolTip():
        yield f"needs {needed} px of width, has {room.width()} ({combo.currentText()[:40]!r})"
    if combo.fontMetrics().height() > room.height() + 2 * _SLACK:
        yield f"needs {combo.fontMetrics().height()} px of height, has {room.height()}"


def _placeholder(field: QLineEdit) -> Iterator[str]:
    margins, words = field.textMargins(), field.placeholderText()
    inside = field.contentsRect().width() - margins.left() - margins.right()
    if not field.text() and field.fontMetrics().horizontalAdvance(words) > inside:
        yield f"its hint is cut ({words[:40]!r})"
    if field.fontMetrics().height() > field.contentsRect().height() + _SLACK:
        yield f"needs {field.fontMetrics().height()} px of height, has {field.contentsRect().height()}"


def _header(header: QHeaderView) -> Iterator[str]:
    for place in range(header.count()):
        needed = header.sectionSizeHint(place)
        if not header.isSectionHidden(place) and needed > header.sectionSize(place) + _SLACK:
            words = header.model().headerData(place, header.orientation())
            yield f"the heading {words!r} needs {needed} px, has {header.sectionSize(place)}"


def _rows(view: QAbstractItemView) -> Iterator[str]:
    """An ellipsis is made good by a tip with all the words, and by what a screen reader says."""
    cut = (index for row in cells(view) for index in row if _overflows(view, index))
    for index in cut:
        if not (index.data(Qt.ItemDataRole.ToolTipRole) and said(index)):
            yield f"row {index.row() + 1}, column {index.column() + 1} may be cut and has no tip ({said(index)[:40]!r})"
            return


def _overflows(view: QAbstractItemView, index: QModelIndex) -> bool:
    area = view.visualRect(index)
    words = str(index.data(Qt.ItemDataRole.DisplayRole) or "")
    return not area.isEmpty() and view.fontMetrics().horizontalAdvance(words) + _CELL_MARGIN > area.width()


# ── cut by what is around ────────────────────────────────────────────────────


def _outside(widget: QWidget) -> Iterator[str]:
    """Every part lies inside what holds it; in a scroll area, inside what one can scroll to."""
    around, area = widget.parentWidget(), widget.geometry()
    while around is not None and not widget.isWindow():
        room = around.rect()
        scroller = around.parentWidget()
        scrolls = isinstance(scroller, QAbstractScrollArea) and scroller.viewport() is around
        if isinstance(scroller, QAbstractScrollArea) and scrolls:
            room = _scrolled(scroller, room)
        beyond = _beyond(area, room)
        if beyond:
            yield f"{beyond} px of it lie outside of {called(around)}"
            return
        if scrolls:  # what one can scroll to is as good as in the middle of it
            area = around.rect()
        if around.isWindow():
            return
        area.translate(around.mapToParent(QPoint(0, 0)))
        around = around.parentWidget()


def _scrolled(scroller: QAbstractScrollArea, room: QRect) -> QRect:
    across, along = scroller.horizontalScrollBar(), scroller.verticalScrollBar()
    return room.adjusted(-across.value(), -along.value(), across.maximum() - across.value(), along.maximum() - along.value())


def _beyond(area: QRect, room: QRect) -> int:
    inside = area & room
    return max(area.width() - inside.width(), area.height() - inside.height())
