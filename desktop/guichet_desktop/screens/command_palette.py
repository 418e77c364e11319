"""Every action by its name: a line to type in, and what it finds."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QObject, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QListView, QSizePolicy, QVBoxLayout, QWidget

from guichet_sync.domain.words import Language
from guichet_sync.wording import Words

from ..actions import Action
from ..models.palette import Entry, PaletteModel, entry, found
from ..widgets.announcing import announce
from ..widgets.labels import label
from ..widgets.overlay import Overlay
from .context import Context
from .palette_rows import PaletteDelegate

_SELF = "palette"
_ROWS, _FEWEST_ROWS = 8, 2
_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: _ROWS, Qt.Key.Key_PageUp: -_ROWS}
_RECENT = 6


class _Rows(QListView):
    """As tall as a few rows, and content with fewer where there is no room."""

    def sizeHint(self) -> QSize:
        """The room of the rows one sees at once."""
        return QSize(super().sizeHint().width(), self._high(_ROWS))

    def minimumSizeHint(self) -> QSize:
        """Below it the whole panel scrolls."""
        return QSize(0, self._high(_FEWEST_ROWS))

    def _high(self, rows: int) -> int:
        return rows * 3 * self.fontMetrics().lineSpacing()


class CommandPalette(Overlay):
    """What can be done where one is, by name; a command is carried out once the palette is closed and the focus is back."""

    def __init__(self, context: Context, host: QWidget) -> None:
        self._words = context.words
        super().__init__(host, self._words.text("Commandes"), at_top=True)
        self._commands = context.commands
        self._both: tuple[Words, ...] = (context.words,)
        self._entries: tuple[Entry, ...] = ()
        self._recent: list[str] = []
        self.line = QLineEdit()
        self.rows = _Rows()
        self.none = label("", "muted", wrap=True)
        self._model = PaletteModel(self)
        self._set_up(context)
        self.set_content(self._laid_out(), self.line, scrolls=False)
        # The other language's catalogue is read from the disk, so not here.
        context.thread.ask(lambda: tuple(Words(each) for each in Language), self._on_both)

    def _set_up(self, context: Context) -> None:
        self.line.setObjectName("search")
        self.line.setAccessibleName(self._words.text("Commande à chercher"))
        self.line.setPlaceholderText(self._words.text("Que voulez-vous faire?"))
        self.line.installEventFilter(self)
        self.line.textChanged.connect(self._find)
        self.rows.setModel(self._model)
        self.rows.setItemDelegate(PaletteDelegate(context.look, self.rows))
        self.rows.setAccessibleName(self._words.text("Commandes trouvées"))
        self.rows.setResizeMode(QListView.ResizeMode.Adjust)
        self.rows.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.rows.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.rows.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.rows.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.rows.installEventFilter(self)
        self.rows.clicked.connect(self._on_clicked)
        context.look.changed.connect(self.rows.doItemsLayout)

    def _laid_out(self) -> QWidget:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(12, 12, 12, 10)
        column.setSpacing(8)
        column.addWidget(self.line)
        column.addWidget(self.rows, 1)
        column.addWidget(self.none, 1, Qt.AlignmentFlag.AlignTop)
        column.addWidget(label(self._words.text("↑ ↓ choisir · Entrée faire · Échap fermer"), "meta", wrap=True))
        return content

    def open(self) -> None:
        """Show what can be done now, nothing typed; the commands used last come first."""
        if self.is_open():
            return
        offered = [each for each, _acting in self._commands.available() if _by_name(each)]
        self._entries = tuple(entry(each, self._commands.keys(each.id), self._words, self._both) for each in offered)
        self.answer_to(("Escape", *self._commands.keys(_SELF)), self.close_panel)
        self.line.clear()
        self._find("")
        super().open()

    def shown(self) -> tuple[str, ...]:
        """The ids of the commands listed, in their order."""
        return tuple(
            self._model.data(self._model.index(row, 0), Qt.ItemDataRole.UserRole).id for row in range(self._model.rowCount())
        )

    def chosen(self) -> Entry | None:
        """The command that Enter would do."""
        current: Entry | None = self.rows.currentIndex().data(Qt.ItemDataRole.UserRole)
        return current

    def _on_both(self, both: tuple[Words, ...]) -> None:
        self._both = both

    def _find(self, typed: str) -> None:
        matches = found(self._entries, typed, self._recent)
        self._model.show(matches)
        self.rows.setVisible(bool(matches))
        self.none.setVisible(not matches)
        self._choose(0)
        if not matches:
            self.none.setText(self._words.text("Aucune commande pour « {typed} ».", typed=typed.strip()))
            announce(self.line, self.none.text())

    def _choose(self, row: int) -> None:
        """Choose a row, kept within the list. While the focus stays in the line, what is chosen is announced."""
        row = max(0, min(row, self._model.rowCount() - 1))
        self.rows.setCurrentIndex(self._model.index(row, 0))
        chosen = self.chosen()
        if chosen is not None and self.line.hasFocus():
            announce(self.line, chosen.said)

    def _on_clicked(self, index: QModelIndex) -> None:
        self.rows.setCurrentIndex(index)
        self._do()

    def _do(self) -> None:
        chosen = self.chosen()
        if chosen is None:
            return
        self._recent = [chosen.id, *(each for each in self._recent if each != chosen.id)][:_RECENT]
        self.close_panel()
        self._commands.action(chosen.id).trigger()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys of the list and of the panel while one types: to a line of text, Ctrl+K means to cut off its end."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and watched in (self.line, self.rows):
            return self._took(event)
        return super().eventFilter(watched, event)

    def _took(self, event: QKeyEvent) -> bool:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is not None:
            self._choose(self.rows.currentIndex().row() + step)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not event.isAutoRepeat():
                self._do()
        else:
            return self.act_on(event)
        return True


def _by_name(action: Action) -> bool:
    """Whether an action can be done by its name alone, from here."""
    return action.id != _SELF and not action.which
