"""Each check of windows finds what it is there for: shown a good part it is silent, shown a bad one it names it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from PySide6.QtCore import QSize, QStringListModel, Qt
from PySide6.QtGui import QFontDatabase, QKeySequence, QPixmap, QShortcut, QStandardItemModel
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QPlainTextEdit,
    QPushButton,
    QTableView,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from guichet_desktop.tour import live, until
from guichet_desktop.widgets.announcing import announce
from guichet_desktop.widgets.field import Field
from guichet_sync.domain.words import Language
from tests.helpers.accessible import clashing_keys, out_of_reach, small_targets, unnamed
from tests.helpers.announcements import announcements
from tests.helpers.focusing import out_of_order, traps, without_ring
from tests.helpers.legible import clipped, too_large
from tests.helpers.spoken import foreign


@pytest.fixture(autouse=True)
def plain(qapp: QApplication) -> None:
    """An application that wears nothing."""
    qapp.setStyleSheet("")
    qapp.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont))


@contextmanager
def window_of(*parts: QWidget, across: bool = False, sheet: str = "") -> Iterator[QWidget]:
    """An active window with these parts, below each other or ``across``."""
    window = QWidget()
    window.setStyleSheet(sheet)
    layout = QHBoxLayout(window) if across else QVBoxLayout(window)
    for part in parts:
        layout.addWidget(part)
    window.show()
    until(window.isActiveWindow, "the window")
    try:
        yield window
    finally:
        window.close()
        window.deleteLater()
        live()


def _named(widget: QWidget, name: str = "Adresse") -> QWidget:
    widget.setAccessibleName(name)
    return widget


def _hinted() -> QWidget:
    field = QLineEdit()
    field.setPlaceholderText("1425 érables")
    return _named(field, "1425 érables")


def _focusable() -> QWidget:
    widget = _named(QWidget())
    widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return widget


def _list(*rows: str) -> QListView:
    view = QListView()
    view.setAccessibleName("Fiches")
    view.setModel(QStringListModel(rows, view))
    return view


def _table(heading: str = "") -> QTableView:
    view = QTableView()
    view.setAccessibleName("Requêtes")
    model = QStandardItemModel(1, 1, view)
    model.setHeaderData(0, Qt.Orientation.Horizontal, heading)
    model.setData(model.index(0, 0), "Nid-de-poule")
    view.setModel(model)
    return view


def _read_aloud() -> QWidget:
    picture = QLabel()
    picture.setPixmap(QPixmap(16, 16))
    return _named(picture, "loupe")


@pytest.mark.parametrize(
    ("bad", "problem"),
    [
        (QLineEdit, "no name"),
        (_hinted, "named by its placeholder"),
        (_focusable, "tells nothing"),
        (lambda: _named(QTreeView()), "a tree"),
        (lambda: _list("Arrosage", ""), "row 2 says nothing"),
        (_table, "column 1 has no heading"),
        (_read_aloud, "read aloud"),
    ],
)
def test_what_a_screen_reader_would_not_tell_is_found(bad: Callable[[], QWidget], problem: str) -> None:
    with window_of(bad()) as window:
        (found,) = unnamed(window)
        assert problem in found


def test_named_parts_are_well() -> None:
    decoration = QLabel()
    decoration.setPixmap(QPixmap(16, 16))
    table = _table("Catégorie")
    with window_of(Field("Adresse", QLineEdit()), _list("Arrosage"), table, decoration, QPushButton("Ouvrir")) as window:
        assert unnamed(window) == []


def test_texts_of_the_other_language_are_found_with_their_fields_filled() -> None:
    field = _named(QLineEdit(), "Address or place")
    with window_of(field, QLabel("Dernière mise à jour\N{NO-BREAK SPACE}: 13 h 58"), _table("Rechercher")) as window:
        assert [each.rpartition(": '")[2] for each in foreign(window, Language.FR)] == ["Address or place'"]
        french = " ".join(foreign(window, Language.EN))
        assert "13 h 58" in french
        assert "Rechercher" in french
        assert "Address" not in french


def test_targets_under_24_pixels_are_found() -> None:
    button, rows, clearable = QPushButton("x"), _list("Arrosage"), _named(QLineEdit("a"))
    button.setFixedSize(40, 20)
    rows.setStyleSheet("QListView::item { height: 18px; }")
    assert isinstance(clearable, QLineEdit)
    clearable.setClearButtonEnabled(True)
    clearable.setFixedHeight(20)
    pointed = QLabel("Plus")
    pointed.setCursor(Qt.CursorShape.PointingHandCursor)
    pointed.setFixedHeight(20)
    with window_of(button, rows, clearable, pointed) as window:
        found = small_targets(window)
        assert [each.split()[0] for each in found] == ["QPushButton", "QListView", "QLineEdit", "QToolButton", "QLabel"]
        assert "40×20" in found[0]


def test_targets_of_24_pixels_are_well() -> None:
    button = QPushButton("x")
    button.setFixedSize(24, 24)
    with window_of(button, QLabel("Plus")) as window:
        assert small_targets(window) == []


def test_keys_that_two_things_hear_are_found_and_those_of_two_panes_are_not() -> None:
    one, other = _named(QLineEdit()), _named(QLineEdit())
    with window_of(one, other, QPushButton("&Ouvrir"), QPushButton("&Oublier")) as window:
        QShortcut(QKeySequence("F2"), window)
        QShortcut(QKeySequence("F2"), one, context=Qt.ShortcutContext.WidgetShortcut)
        for pane in (one, other):
            QShortcut(QKeySequence("F3"), pane, context=Qt.ShortcutContext.WidgetShortcut)
        QShortcut(QKeySequence("Ctrl+Alt+E"), window)
        assert sorted(each.split(":")[0] for each in clashing_keys(window)) == ["Alt+O", "Ctrl+Alt+E (QWidget '')", "F2"]


def test_a_button_that_the_palette_does_not_offer_is_found() -> None:
    buttons = [QPushButton(name or "?") for name in ("", "lock", "sync", "dance")]
    for button in buttons[1:]:
        button.setProperty("action", button.text())
    with window_of(*buttons) as window:
        assert [each.rpartition(": ")[2] for each in out_of_reach(window, ["sync"])] == [
            "no action",
            "lock is bound to nothing",
            "dance is not in the table of actions",
        ]
        assert len(out_of_reach(window, ["sync"], lambda button: button is buttons[0])) == 2


def test_a_field_that_keeps_tab_is_found() -> None:
    trap = _named(QPlainTextEdit())
    with window_of(_named(QLineEdit()), trap, QPushButton("Ouvrir")) as window:
        found = traps(window)
        assert any("Tab never leaves it" in each and each.startswith("QPlainTextEdit") for each in found)
        assert isinstance(trap, QPlainTextEdit)
        trap.setTabChangesFocus(True)
        assert traps(window) == []


def test_a_control_that_tab_never_comes_to_is_found() -> None:
    class Skipping(QLineEdit):
        """Sends Tab back to the first."""

        def focusNextPrevChild(self, _onward: bool) -> bool:
            first.setFocus()
            return True

    first, last = QPushButton("Ouvrir"), QPushButton("Fermer")
    with window_of(first, _named(Skipping()), last) as window:
        assert [each for each in traps(window) if each.startswith("QPushButton 'Fermer'")]


def test_an_order_that_goes_back_is_found() -> None:
    one, two, three = (QPushButton(name) for name in ("Un", "Deux", "Trois"))
    with window_of(one, two, three) as window:
        assert out_of_order(window) == []
        QWidget.setTabOrder(one, three)
        QWidget.setTabOrder(three, two)
        assert out_of_order(window) == ["Tab goes back from QPushButton 'Trois' to QPushButton 'Deux'"]


def test_panes_side_by_side_are_read_one_after_the_other() -> None:
    panes = []
    for _ in range(2):
        pane = QWidget()
        layout = QVBoxLayout(pane)
        for name in ("Un", "Deux"):
            layout.addWidget(QPushButton(name))
        panes.append(pane)
    with window_of(*panes, across=True) as window:
        assert out_of_order(window) == []


@pytest.mark.parametrize(
    ("style", "seen"),
    [
        ("QPushButton:focus { border: 2px solid #0b5cad; }", True),
        ("QPushButton:focus { border: 1px solid #0b5cad; }", False),
        ("QPushButton:focus { border: 2px solid #d8d8d8; }", False),
        ("", False),
    ],
)
def test_a_focus_that_is_not_seen_is_found(style: str, seen: bool) -> None:
    sheet = "QPushButton { background: white; color: black; border: 2px solid white; outline: 0; }" + style
    with window_of(QPushButton("Ouvrir"), QPushButton("Fermer"), sheet=sheet) as window:
        assert without_ring(window) == (
            [] if seen else [f"QPushButton {n!r}: its focus is not seen" for n in ("Ouvrir", "Fermer")]
        )


def test_texts_without_room_are_found() -> None:
    label, wrapped, button = QLabel("Un libellé assez long"), QLabel("Un libellé assez long"), QPushButton("Un bouton assez long")
    combo, field = QComboBox(), QLineEdit()
    combo.addItem("Un choix assez long pour cette boîte")
    field.setPlaceholderText("Un indice assez long pour ce champ")
    wrapped.setWordWrap(True)
    for part in (label, button, combo, field):
        part.setFixedWidth(60)
    wrapped.setFixedSize(60, 16)
    table = _table("Un titre assez long")
    table.setColumnWidth(0, 40)
    with window_of(label, wrapped, button, combo, field, table) as window:
        kinds = [each.split()[0] for each in clipped(window)]
        assert set(kinds) == {"QLabel", "QPushButton", "QComboBox", "QLineEdit", "QTableView", "QHeaderView"}
        assert kinds.count("QLabel") == 2


def test_a_part_that_hangs_over_the_edge_of_another_is_found() -> None:
    pane = QWidget()
    pane.setFixedSize(100, 40)
    label = QLabel("Un libellé", pane)
    label.setGeometry(60, 0, 120, 30)
    with window_of(pane) as window:
        (found,) = clipped(window)
        assert "80 px of it lie outside" in found


def test_texts_with_room_and_cut_ones_with_a_tip_are_well() -> None:
    table = _table("Catégorie")
    table.model().setData(table.model().index(0, 0), "Nid-de-poule", Qt.ItemDataRole.ToolTipRole)
    table.model().setHeaderData(0, Qt.Orientation.Horizontal, "N°")
    table.setColumnWidth(0, 50)
    with window_of(QLabel("Un libellé"), QPushButton("Ouvrir"), table) as window:
        assert clipped(window) == []
        assert too_large(window, QSize(1280, 720)) == []
        assert too_large(window, QSize(40, 40)) != []


def test_announcements_are_recorded_as_qt_hears_them() -> None:
    with window_of(QLabel("Un libellé")) as window, announcements() as heard:
        announce(window, "Enregistrée ici, à envoyer.")
        announce(window, "Il manque la catégorie.", at_once=True)
        announce(window, "")
    announce(QWidget(), "Trop tard.")
    assert heard.said == ["Enregistrée ici, à envoyer.", "Il manque la catégorie."]
    assert heard.urgent == ["Il manque la catégorie."]
