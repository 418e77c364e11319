"""The installed PySide6 must not lose references to ``None``: a build that does ends a workstation after hours of painting."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest
from PySide6.QtCore import QModelIndex, QObject, QPoint, QRect, QSettings, QSortFilterProxyModel, QTimer, QUrl, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QPainter,
    QPaintEvent,
    QPixmap,
    QStandardItem,
    QStandardItemModel,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import QLabel, QLineEdit, QListWidget, QPushButton, QTableWidget, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

_ROUNDS = 200
_NONE_IS_IMMORTAL = sys.version_info >= (3, 12)
Call = Callable[[], object]


class _Told(QObject):
    told = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.heard = 0
        self.told.connect(self._on_told)

    def _on_told(self, value: int) -> None:
        self.heard = value


class _Painted(QWidget):
    """A widget that Qt paints through Python."""

    def __init__(self) -> None:
        super().__init__()
        self.paints = 0

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor("#ffffff"))
        painter.drawText(QPoint(4, 16), f"requête {self.paints}")
        painter.end()
        self.paints += 1


def _widget_calls(window: QWidget, line: QLineEdit, table: QTableWidget, listing: QListWidget) -> list[Call]:
    """Calls of widgets that answer None: setters, look-ups that find nothing, absent parts."""
    return [
        lambda: line.setText("nid-de-poule"),
        line.clear,
        line.completer,
        line.validator,
        lambda: line.setPlaceholderText("Rechercher"),
        lambda: window.setWindowTitle("Guichet"),
        window.update,
        window.parentWidget,
        window.graphicsEffect,
        lambda: window.setEnabled(True),
        lambda: window.setToolTip(""),
        lambda: window.setProperty("state", "idle"),
        lambda: window.childAt(QPoint(-5, -5)),
        lambda: window.findChild(QPushButton, "absent"),
        lambda: table.item(3, 3),
        lambda: table.setColumnWidth(0, 80),
        lambda: table.cellWidget(0, 0),
        listing.currentItem,
        lambda: listing.item(7),
        listing.clearSelection,
    ]


def _core_calls(told: _Told, model: QStandardItemModel, document: QTextDocument) -> list[Call]:
    """Calls of objects without a face that answer None."""
    proxy, timer, cursor, pixmap = QSortFilterProxyModel(), QTimer(), QTextCursor(document), QPixmap(8, 8)
    return [
        lambda: told.told.emit(1),
        told.parent,
        lambda: told.setObjectName("told"),
        lambda: told.property("absent"),
        lambda: model.setItem(0, 0, QStandardItem("fiche")),
        lambda: model.item(9, 9),
        lambda: model.data(QModelIndex()),
        lambda: proxy.setFilterFixedString("bac"),
        proxy.sourceModel,
        lambda: timer.setInterval(10),
        timer.stop,
        lambda: document.setPlainText("À dire"),
        lambda: document.setDefaultFont(QFont()),
        lambda: cursor.insertText("x"),
        lambda: pixmap.fill(QColor("red")),
        lambda: QUrl().setPath("/a"),
        lambda: QRect().moveTo(1, 1),
        lambda: QSettings("guichet.invalid", "canary").setFallbacksEnabled(False),
    ]


def _drift(call: Call) -> int:
    """How many references to None a call leaves or loses over many rounds."""
    call()
    before = sys.getrefcount(None)
    for _ in range(_ROUNDS):
        call()
    return sys.getrefcount(None) - before


@pytest.mark.skipif(_NONE_IS_IMMORTAL, reason="None has no count of references from Python 3.12 on")
def test_calls_that_answer_none_neither_leave_nor_lose_a_reference(qtbot: QtBot) -> None:
    window, table = QWidget(), QTableWidget(2, 2)
    line, listing = QLineEdit(window), QListWidget(window)
    qtbot.addWidget(window)
    qtbot.addWidget(table)
    calls = _widget_calls(window, line, table, listing) + _core_calls(_Told(), QStandardItemModel(), QTextDocument())
    drifts = {index: _drift(call) for index, call in enumerate(calls)}
    assert {index: drift for index, drift in drifts.items() if abs(drift) >= _ROUNDS // 2} == {}


def test_a_window_painted_a_hundred_times_keeps_none(qtbot: QtBot) -> None:
    window = QWidget()
    layout, painted = QVBoxLayout(window), _Painted()
    layout.addWidget(QLabel("Fiches"))
    layout.addWidget(painted)
    qtbot.addWidget(window)
    window.resize(320, 240)
    window.show()
    window.grab()
    before, already = sys.getrefcount(None), painted.paints
    for _ in range(100):
        window.grab()
    assert painted.paints - already >= 100
    assert _NONE_IS_IMMORTAL or abs(sys.getrefcount(None) - before) < 50


@pytest.mark.usefixtures("qapp")
def test_a_signal_brings_its_value_each_time() -> None:
    told = _Told()
    for value in range(1, 50):
        told.told.emit(value)
        assert told.heard == value
