"""A long fiche is read: it comes piece by piece, scrolls with what is around it, and loads nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QApplication, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from guichet_desktop.models.fiche import parted
from guichet_desktop.theme.look import Look
from guichet_desktop.tour import Hands, live, until
from guichet_desktop.widgets.reading import Reading

PARAGRAPHS = [f"<p>Paragraphe {place}. {'Un mot et un autre. ' * 12}</p>" for place in range(90)]
LONG = "".join(PARAGRAPHS)


class Read:
    """A text in an area that scrolls, and a field after it."""

    def __init__(self, look: Look) -> None:
        self.window, self.area, inside = QWidget(), QScrollArea(), QWidget()
        self.reading, self.after = Reading(look, "Texte de la fiche"), QLineEdit()
        column = QVBoxLayout(inside)
        column.addWidget(self.reading)
        self.area.setWidgetResizable(True)
        self.area.setWidget(inside)
        around = QVBoxLayout(self.window)
        around.addWidget(self.area)
        around.addWidget(self.after)
        self.window.resize(500, 400)
        self.window.show()
        until(self.window.isActiveWindow, "the window")
        self.hands = Hands(self.window)

    def reads(self, html: str) -> int:
        """Show it; how many pieces it comes in."""
        parts = list(parted(html))
        self.reading.show_parts(parts)
        return len(parts)

    @property
    def scrolled(self) -> int:
        return self.area.verticalScrollBar().value()


@pytest.fixture
def read(qapp: QApplication) -> Iterator[Read]:
    look = Look(qapp, "light")
    made = Read(look)
    yield made
    made.window.close()
    made.window.deleteLater()
    look.deleteLater()
    live()


def test_a_long_text_comes_piece_by_piece_and_is_whole_in_the_end(read: Read) -> None:
    assert read.reads(LONG) > 3
    assert not read.reading.is_whole()
    assert read.reading.toPlainText().startswith("Paragraphe 0.")
    assert "Paragraphe 89." not in read.reading.toPlainText()
    until(read.reading.is_whole, "all of it")
    lines = [line for line in read.reading.toPlainText().splitlines() if line]
    assert [line.split(".")[0] for line in lines] == [f"Paragraphe {place}" for place in range(90)]


def test_another_text_chosen_meanwhile_takes_the_place_of_all_of_it(read: Read) -> None:
    read.reads(LONG)
    read.reads("<p>Court.</p>")
    assert read.reading.is_whole()
    for _ in range(3):
        live()
    assert read.reading.toPlainText().strip() == "Court."
    read.reads("")
    assert read.reading.toPlainText() == ""


def test_it_is_as_tall_as_its_text_at_the_width_it_has(read: Read) -> None:
    read.reads(LONG)
    until(read.reading.is_whole, "all of it")
    until(lambda: read.reading.height() >= read.reading.document().size().height(), "as tall as its text")
    tall = read.reading.height()
    read.window.resize(1000, 400)
    until(lambda: read.reading.height() < tall, "wider, hence lower")
    until(lambda: read.reading.height() >= read.reading.document().size().height(), "as tall as its text")


def test_its_keys_scroll_what_it_stands_in_and_tab_goes_on(read: Read) -> None:
    read.reads(LONG)
    until(read.reading.is_whole, "all of it")
    until(lambda: read.area.verticalScrollBar().maximum() > 1000, "something to scroll")
    read.reading.setFocus()
    seen = [read.scrolled]
    for key in ("Down", "PgDown", "End"):
        read.hands.press(key)
        seen.append(read.scrolled)
    assert seen == sorted(set(seen))
    assert seen[-1] == read.area.verticalScrollBar().maximum()
    read.hands.press("PgUp", "Up")
    assert read.scrolled < seen[-1]
    read.hands.press("Home")
    assert read.scrolled == 0
    read.hands.press("Tab")
    assert read.after.hasFocus()


def test_alone_it_hears_its_keys_itself(qapp: QApplication) -> None:
    look = Look(qapp, "light")
    alone = Reading(look, "Texte de la fiche")
    alone.show_parts(["<p>Un texte.</p>"])
    alone.show()
    until(alone.isActiveWindow, "the text")
    Hands(alone).press("Down", "Ctrl+A")
    assert alone.textCursor().selectedText() == "Un texte."
    alone.close()
    alone.deleteLater()
    look.deleteLater()
    live()


@pytest.mark.parametrize("address", ["file:///etc/passwd", "http://127.0.0.1:9/x.png"])
def test_it_loads_nothing_even_from_a_later_piece(read: Read, address: str) -> None:
    read.reading.show_parts(["<p>Avant.</p>", f'<p>Après.</p><img src="{address}">'])
    until(read.reading.is_whole, "both pieces")
    live()
    assert not read.reading.document().resource(QTextDocument.ResourceType.ImageResource.value, QUrl(address))
    assert "root:" not in read.reading.toPlainText()
