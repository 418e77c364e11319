"""A table of 60,000 requests: their lines are read on the desk thread, where one looks."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from guichet_desktop.bridge import Asking, DeskThread
from guichet_desktop.models.request_lines import Cell, Column, ShownLine
from guichet_desktop.models.requests import KEPT, NOT_READ, PAGE, RequestsModel
from guichet_desktop.screens.request_table import RequestTable
from guichet_desktop.theme.look import Look
from guichet_desktop.tour import live, until
from guichet_sync.domain.errors import GuichetError, StoreBusy
from guichet_sync.domain.words import Language
from guichet_sync.wording import Words

pytestmark = pytest.mark.usefixtures("qapp")
ALL = tuple(f"id-{place:05d}" for place in range(60_000))
_HEADINGS = tuple(column.name.title() for column in Column)


class Library:
    """Reads lines on a desk thread; ``pages`` are those asked for, ``edition`` is written in each line."""

    def __init__(self, thread: DeskThread) -> None:
        self.asking = Asking(thread, thread)
        self.pages: list[int] = []
        self.edition = 1
        self.broken = False
        self.open = threading.Event()
        self.open.set()

    def __call__(
        self,
        ids: tuple[str, ...],
        then: Callable[[dict[str, ShownLine]], None],
        failed: Callable[[GuichetError], None],
    ) -> None:
        self.pages.append(ALL.index(ids[0]) // PAGE)
        self.asking.ask(lambda: self._lines(ids), then, failed)

    def _lines(self, ids: tuple[str, ...]) -> dict[str, ShownLine]:
        assert threading.current_thread() is not threading.main_thread()
        self.open.wait()
        if self.broken:
            raise StoreBusy(file="people.db")
        return {each: ShownLine(each, each, tuple(Cell(f"{each}/{self.edition}/{column}") for column in Column)) for each in ids}


@pytest.fixture
def library() -> Iterator[Library]:
    thread = DeskThread()
    made = Library(thread)
    yield made
    made.open.set()
    thread.close()


@pytest.fixture
def model(library: Library) -> RequestsModel:
    made = RequestsModel(library, _HEADINGS, library.asking)
    made.show(ALL)
    return made


@pytest.fixture
def table(model: RequestsModel) -> Iterator[RequestTable]:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    look = Look(app, "light")
    made = RequestTable(look, Words(Language.FR), model)
    made.resize(1300, 700)
    made.show()
    until(made.isActiveWindow, "the table")
    yield made
    made.close()
    made.deleteLater()
    look.deleteLater()
    live()


def _said(model: RequestsModel, row: int, column: int = 0) -> str:
    return str(model.index(row, column).data())


def _is_read(table: RequestTable, model: RequestsModel) -> bool:
    rows = range(table.rowAt(0), table.rowAt(table.viewport().height() - 1))
    return all(_said(model, row) != NOT_READ for row in rows)


def test_it_knows_how_many_there_are_and_says_so_of_a_line_it_has_not_read(model: RequestsModel, library: Library) -> None:
    assert (model.rowCount(), model.columnCount()) == (60_000, len(Column))
    assert [model.headerData(column, Qt.Orientation.Horizontal) for column in Column] == list(_HEADINGS)
    assert _said(model, 31_000) == NOT_READ
    until(lambda: not model.is_reading(), "its page")
    assert _said(model, 31_000, 3) == "id-31000/1/3"
    assert library.pages == [31_000 // PAGE]


def test_only_what_is_in_sight_is_read(table: RequestTable, model: RequestsModel, library: Library) -> None:
    until(lambda: _is_read(table, model), "the first lines")
    assert set(library.pages) == {0}
    table.scrollToBottom()
    until(lambda: _is_read(table, model), "the last lines")
    assert _said(model, 59_999) == "id-59999/1/0"
    assert len(library.pages) <= 4


def test_one_scrolls_on_while_nothing_comes_and_reads_where_one_ends(
    table: RequestTable, model: RequestsModel, library: Library
) -> None:
    until(lambda: _is_read(table, model), "the first lines")
    library.open.clear()
    for _ in range(200):
        QTest.keyClick(table, Qt.Key.Key_PageDown)
        live()
    at = table.currentIndex().row()
    assert at > 2_000
    assert _said(model, at) == NOT_READ
    asked = len(library.pages)
    library.open.set()
    until(lambda: _is_read(table, model), "the lines in sight")
    assert _said(model, at) == f"id-{at:05d}/1/0"
    until(lambda: not model.is_reading(), "whatever else was asked for")
    assert len(library.pages) - asked <= 5, "pages that one scrolled past are not read"


def test_every_line_is_the_right_one_and_few_are_held(model: RequestsModel) -> None:
    for row in range(0, 60_000, PAGE * 9 + 5):
        _said(model, row)
        until(lambda: not model.is_reading(), "a page")
        assert _said(model, row, Column.SERVICE) == f"id-{row:05d}/1/6"
    for row in range(0, KEPT * 2, PAGE):
        _said(model, row)
        until(lambda: not model.is_reading(), "a page")
    assert _said(model, 0) == NOT_READ, "what was looked at long ago is let go of"


def test_lines_stay_on_the_screen_while_they_are_read_anew(table: RequestTable, model: RequestsModel, library: Library) -> None:
    until(lambda: _is_read(table, model), "the first lines")
    library.edition = 2
    library.open.clear()
    table.show_ids(ALL)
    live()
    assert _said(model, 3) == "id-00003/1/0"
    library.open.set()
    until(lambda: _said(model, 3) == "id-00003/2/0", "the newer line")


def test_the_chosen_one_stays_chosen_and_where_it_stands(table: RequestTable, model: RequestsModel) -> None:
    table.choose(30_000)
    table.verticalScrollBar().setValue(table.verticalScrollBar().value() + 5)
    until(lambda: _is_read(table, model), "the lines in sight")
    before = table.visualRect(table.currentIndex())
    table.show_ids(("id-new", "id-newer", *ALL))
    assert (table.chosen(), table.currentIndex().row()) == ("id-30000", 30_002)
    assert table.visualRect(table.currentIndex()) == before
    table.show_ids(tuple(each for each in ALL if each != "id-30000"))
    assert table.chosen() == ""
    assert abs(table.rowAt(0) - 30_000) < 40, "the place in the list is kept"


def test_what_cannot_be_read_is_told_once_and_asked_for_again_when_one_asks(
    table: RequestTable, model: RequestsModel, library: Library
) -> None:
    heard: list[GuichetError] = []
    model.failed.connect(heard.append)
    library.broken = True
    table.scrollToBottom()
    until(lambda: heard, "the failure")
    live()
    assert [each.code for each in heard] == ["store_busy"]
    library.broken = False
    table.show_ids(ALL)
    until(lambda: _is_read(table, model), "the last lines")


def test_an_empty_table_has_no_line(model: RequestsModel) -> None:
    model.show(())
    assert (model.rowCount(), model.id_of(0), model.row_of("id-00001")) == (0, "", -1)
    assert model.data(QModelIndex()) is None
    assert model.data(model.index(5, 0)) is None


@pytest.mark.parametrize(("width", "shown"), [(1300, len(Column)), (640, 4)])
def test_columns_leave_where_there_is_no_room_and_the_others_fill_it(table: RequestTable, width: int, shown: int) -> None:
    table.resize(width, 700)
    live()
    columns = [column for column in Column if not table.isColumnHidden(column)]
    assert len(columns) == shown
    assert {Column.NUMBER, Column.CATEGORY, Column.STATUS, Column.PROMISED} <= set(columns)
    assert abs(sum(table.columnWidth(column) for column in columns) - table.viewport().width()) < 10


def test_enter_and_a_double_click_open_and_coming_to_a_row_is_told(table: RequestTable, model: RequestsModel) -> None:
    opened, looked_at = list[str](), list[str]()
    table.opened.connect(opened.append)
    table.looked_at.connect(looked_at.append)
    table.setFocus()
    QTest.keyClick(table, Qt.Key.Key_Down)
    QTest.keyClick(table, Qt.Key.Key_Return)
    assert opened == ["id-00001"]
    QTest.keyClick(table, Qt.Key.Key_End)
    assert table.chosen() == "id-59999"
    QTest.keyClick(table, Qt.Key.Key_Home)
    assert looked_at == ["id-00001", "id-59999", "id-00000"]
    place = table.visualRect(model.index(2, 1)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    QTest.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert opened == ["id-00001", "id-00002"]
