"""The table of keys: as tall as its rows, words that wrap, and a field in the place of the key that is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QHeaderView,
    QSizePolicy,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from guichet_sync.wording import Words

from ..models.key_rows import KEY_GAP, KeyColumn, KeyRow, KeyRowsModel
from ..theme.icons import icon
from ..theme.look import Look
from ..widgets.key_capture import KeyCapture

_Index = QModelIndex | QPersistentModelIndex
_NAME_SHARE = 0.42
"""What the name takes of the width that where and keys leave; the remark has the rest."""
_ROW_PX, _SIDE_PX, _END_PX, _SIGN_PX = 32, 12, 7, 16


class KeysTable(QTableView):
    """Emits ``key_given`` with an action's id and the key pressed for it, ``moved`` when another row is the current one."""

    key_given = Signal(str, str)
    moved = Signal()

    def __init__(self, look: Look, words: Words) -> None:
        super().__init__()
        self.setAccessibleName(words.text("Touches des commandes"))
        self._look = look
        headings = (words.text("Commande"), words.text("Où"), words.text("Touches"), words.text("Remarque"))
        self.rows = KeyRowsModel(headings, self)
        self.setModel(self.rows)
        self._delegate = _KeyDelegate(look, words, self)
        self._delegate.given.connect(self._on_given)
        self.setItemDelegate(self._delegate)
        self._set_up()
        look.changed.connect(self._fit)
        self.selectionModel().currentRowChanged.connect(lambda *_: self.moved.emit())

    def _set_up(self) -> None:
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setStretchLastSection(True)
        self.doubleClicked.connect(lambda _index: self.ask_key())

    def fill(self, rows: Sequence[KeyRow]) -> None:
        """Show these rows; the current one stays."""
        self.rows.show(rows)
        if not self.currentIndex().isValid() and rows:
            self.setCurrentIndex(self.rows.index(0, 0))
        self._fit()

    def row(self) -> KeyRow | None:
        """The current row."""
        return self.rows.row(self.currentIndex().row())

    def watch(self, action: QAction) -> None:
        """The keys of that action are heard here alone: elsewhere in the page they press what has the focus."""
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)

    def ask_key(self) -> None:
        """Take the next key for the current row."""
        if self.currentIndex().isValid():
            self.setFocus()
            self.edit(self.rows.index(self.currentIndex().row(), KeyColumn.KEYS))

    def sizeHint(self) -> QSize:
        """As tall as all rows."""
        height = self.horizontalHeader().sizeHint().height() + self.verticalHeader().length() + 2 * self.frameWidth()
        return QSize(super().sizeHint().width(), height)

    def minimumSizeHint(self) -> QSize:
        """No lower than its rows: what is around scrolls."""
        return QSize(0, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Words wrap elsewhere."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Where and keys are as wide as their longest word, the others share what is left and wrap."""
        places = range(self.rows.rowCount())
        shown = [row for row in map(self.rows.row, places) if row is not None]
        self.setColumnWidth(KeyColumn.WHERE, self._width(KeyColumn.WHERE, (each.where for each in shown)))
        keys = (key for each in shown for key in each.keys.split(KEY_GAP))
        self.setColumnWidth(KeyColumn.KEYS, self._width(KeyColumn.KEYS, (*keys, self._delegate.prompt)))
        left = self.viewport().width() - self.columnWidth(KeyColumn.WHERE) - self.columnWidth(KeyColumn.KEYS)
        self.setColumnWidth(KeyColumn.NAME, max(0, round(left * _NAME_SHARE)))
        self.resizeRowsToContents()
        self.updateGeometry()

    def _width(self, column: KeyColumn, words: Iterable[str]) -> int:
        widest = max((self.fontMetrics().horizontalAdvance(each) for each in words), default=0)
        return max(self.horizontalHeader().sectionSizeHint(column), widest + 2 * self._look.theme.px(_SIDE_PX))

    def _on_given(self, place: int, key: str) -> None:
        row = self.rows.row(place)
        if row is not None:
            self.key_given.emit(row.id, key)


class _KeyDelegate(QStyledItemDelegate):
    """Emits ``given`` with a row's place and the key pressed there."""

    given = Signal(int, str)

    def __init__(self, look: Look, words: Words, parent: QObject) -> None:
        super().__init__(parent)
        self._look = look
        self._words = words
        self.prompt = words.text("Appuyez…")

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """As tall as its words where they wrap."""
        view, px = self.parent(), self._look.theme.px
        width = view.columnWidth(index.column()) if isinstance(view, QTableView) else option.rect.width()
        row: KeyRow | None = index.data(Qt.ItemDataRole.UserRole)
        sign = px(_SIGN_PX) + px(_SIDE_PX) if row is not None and row.refused and index.column() == KeyColumn.REMARK else 0
        room = QRect(0, 0, max(1, width - 2 * px(_SIDE_PX) - sign), 0)
        words = str(index.data(Qt.ItemDataRole.DisplayRole) or "")
        needed = option.fontMetrics.boundingRect(room, Qt.TextFlag.TextWordWrap, words)
        return QSize(width, max(px(_ROW_PX), needed.height() + 2 * px(_END_PX)))

    def initStyleOption(self, option: QStyleOptionViewItem, index: _Index) -> None:  # noqa: N802 - Qt calls it so
        """What is refused has the sign of errors before its words."""
        super().initStyleOption(option, index)
        row: KeyRow | None = index.data(Qt.ItemDataRole.UserRole)
        if row is not None and row.refused and index.column() == KeyColumn.REMARK:
            side = self._look.theme.px(_SIGN_PX)
            option.features |= QStyleOptionViewItem.ViewItemFeature.HasDecoration
            option.icon = icon("circle-alert", self._look.theme.colours["bad"], side)
            option.decorationSize = QSize(side, side)

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, index: _Index) -> QWidget:
        """The field that takes a key."""
        row: KeyRow = index.data(Qt.ItemDataRole.UserRole)
        name = self._words.text("Nouvelle touche de « {name} »", name=row.name)
        editor = KeyCapture(name, self.prompt, parent)
        editor.captured.connect(partial(self._on_captured, editor, index.row()))
        editor.left.connect(partial(self._close, editor))
        return editor

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, _index: _Index) -> None:  # noqa: N802
        """The whole cell is the field's."""
        editor.setGeometry(option.rect)

    def setModelData(self, *_arguments: object) -> None:  # noqa: N802 - Qt calls it so
        """Whether a key is taken is decided elsewhere."""

    def setEditorData(self, *_arguments: object) -> None:  # noqa: N802 - Qt calls it so
        """The field says what to do, not what the cell has."""

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        """Keys are the field's: Enter and Tab would end it before it saw them."""
        return event.type() is not QEvent.Type.KeyPress and super().eventFilter(editor, event)

    def _on_captured(self, editor: KeyCapture, place: int, key: str) -> None:
        self._close(editor)
        self.given.emit(place, key)

    def _close(self, editor: KeyCapture) -> None:
        self.closeEditor.emit(editor, QAbstractItemDelegate.EndEditHint.NoHint)
