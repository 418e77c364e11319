"""A window with a field in it, for parts alone: they are added below, and dressed by a look of their own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from guichet_desktop.theme.look import Look
from guichet_desktop.tour import until
from tests.helpers.announcements import Announcements, announcements


@pytest.fixture
def look(qapp: QApplication) -> Iterator[Look]:
    made = Look(qapp, "light")
    yield made
    made.wear("light", 100)


@pytest.fixture
def heard() -> Iterator[Announcements]:
    with announcements() as heard:
        yield heard


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    window.resize(600, 400)
    QVBoxLayout(window).addWidget(QLineEdit())
    qtbot.addWidget(window)
    return window


def show_in(window: QWidget, part: QWidget | None = None) -> None:
    """Put the part below, and have the window before the person."""
    layout = window.layout()
    if part is not None and layout is not None:
        layout.addWidget(part)
    window.show()
    until(window.isActiveWindow, "the window before the person")
