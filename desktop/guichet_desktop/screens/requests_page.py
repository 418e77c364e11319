"""*Requêtes*: the list of requests, and the one that is open beside it or in its place."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QHideEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout

from guichet_sync.client.events import Changes, Event, Refused, Settled
from guichet_sync.domain.spaces import TAXONOMY, is_public

from .context import Context
from .deciding import Deciding
from .page import Page, Pane
from .request_list import RequestList
from .request_sheet import Sheet
from .request_view import RequestView

BESIDE_FROM_PX = 1_000
"""From this width on, in pixels of text at 100 %, list and request stand side by side."""
PREVIEW_MS = 120
AFTER_CHANGES_MS = 1_000
"""What a sync brings is shown at most so often: the desk's own look-ups come first."""


def _timer(owner: QObject, milliseconds: int, act: Callable[[], None]) -> QTimer:
    timer = QTimer(owner, singleShot=True, interval=milliseconds)
    timer.timeout.connect(act)
    return timer


class RequestsPage(Page):
    """``show_request`` opens a request from elsewhere."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._is_open = self._entering = self._to_be_read = False
        self.list = RequestList(context)
        self._bind()
        self.view = RequestView(context)
        self._deciding = Deciding(context, self.view)
        self._preview = _timer(self, PREVIEW_MS, lambda: self.view.open(self.list.table.chosen()))
        self._changes = _timer(self, AFTER_CHANGES_MS, self._read_again)
        self._connect()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 14, 14, 14)
        layout.setSpacing(14)
        layout.addWidget(self.list, 6)
        layout.addWidget(self.view, 5)
        self._arrange()

    def _bind(self) -> None:
        verbs: dict[str, Callable[[], object]] = {
            "open_request": lambda: self.show_request(self.list.table.chosen()),
            "back_to_list": self._back,
            "next_request": lambda: self.show_request(self.list.step(1)),
            "previous_request": lambda: self.show_request(self.list.step(-1)),
            "copy_number": self._copy_number,
            "keep_proposal": lambda: self._deciding.decide(accept=True),
            "drop_proposal": lambda: self._deciding.decide(accept=False),
            "next_proposal": lambda: self.view.proposals.step(1),
        }
        for name, verb in verbs.items():
            self._context.commands.bind(name, verb, self)

    def _connect(self) -> None:
        table, filters = self.list.table, self.list.filters
        table.opened.connect(self.show_request)
        table.looked_at.connect(self._on_looked_at)
        filters.entered.connect(self._on_entered)
        down = QShortcut(QKeySequence(Qt.Key.Key_Down), filters.field, self._go_to_list)
        down.setContext(Qt.ShortcutContext.WidgetShortcut)
        self.list.read.connect(self._on_list_read)
        self.view.shown.connect(self._on_shown)
        self.view.missing.connect(self._show_view)
        self._context.look.changed.connect(self._arrange)
        self._tell_actions()

    def enter(self) -> None:
        """Read anew what is shown; the open request stays open."""
        self._read_again()
        if self._is_open:
            self.view.take_focus()
        else:
            self.list.filters.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def panes(self) -> tuple[Pane, ...]:
        """Filters, list, request."""
        filters, listing = self.list.filters, self.list.listing
        return ((filters, filters.field), (listing, listing), (self.view, self.view.facts))

    def hear(self, event: Event) -> None:
        """Requests changed, or one of one's own came to the server or was refused: what is shown is read anew a little later."""
        if isinstance(event, Changes):
            if event.space == TAXONOMY:
                self.list.on_taxonomy()
            elif is_public(event.space):
                return
        elif not isinstance(event, Settled | Refused):
            return
        if self.isVisible() and not self._changes.isActive():
            self._changes.start()

    def show_request(self, name: str) -> None:
        """Open the request of that number or id; where this post knows none, say what to do."""
        if name:
            self._to_be_read = True
            self.view.open(name)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Side by side where there is room."""
        super().resizeEvent(event)
        self._arrange()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing is read for a page that is out of sight."""
        super().hideEvent(event)
        self._changes.stop()
        self._preview.stop()

    def _read_again(self) -> None:
        self.list.refresh()
        self.view.read_again()

    def _arrange(self) -> None:
        beside = self.window().width() / self._context.theme.scale >= BESIDE_FROM_PX
        self.list.setVisible(beside or not self._is_open)
        self.view.setVisible(self._is_open)

    def _on_shown(self, found: Sheet) -> None:
        self.list.choose(found.id)
        self._show_view()

    def _show_view(self) -> None:
        """The request, or that there is none; who asked for it reads it, who looks through the list goes on."""
        self._is_open = True
        self.view.setVisible(True)
        if self._to_be_read:
            self._to_be_read = False
            self.view.take_focus()
        self._arrange()
        self._tell_actions()

    def _back(self) -> None:
        """Close the request; from the list, back to its filters."""
        if not self._is_open:
            self.list.filters.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return
        self._is_open = False
        self.view.forget()
        self.list.setVisible(True)
        self._go_to_list()
        self._arrange()
        self._tell_actions()

    def _go_to_list(self) -> None:
        if not self.list.table.chosen():
            self.list.table.choose(0, quietly=True)
        self.list.listing.setFocus(Qt.FocusReason.OtherFocusReason)
        self._tell_actions()

    def _copy_number(self) -> None:
        sheet = self.view.sheet
        number = (sheet.number if sheet else "") if self._is_open else self.list.number_of_chosen()
        if number:
            QGuiApplication.clipboard().setText(number)
            self._context.notices.say(self._context.words.text("Numéro {number} copié.", number=number))

    def _on_looked_at(self, _request_id: str) -> None:
        self._tell_actions()
        if self._is_open:
            self._preview.start()

    def _on_entered(self) -> None:
        """Once what is typed is found: the only one is opened, several are gone to."""
        self._entering = True
        self.list.refresh()

    def _on_list_read(self) -> None:
        entering, self._entering = self._entering, False
        if entering and self.list.filters.field.hasFocus():
            if self.list.model.rowCount() == 1:
                self.show_request(self.list.model.id_of(0))
            elif self.list.model.rowCount():
                self._go_to_list()
        self._tell_actions()

    def _tell_actions(self) -> None:
        """What can't be done now can't be pressed."""
        chosen, rows = bool(self.list.table.chosen()), self.list.model.rowCount() > 0
        can = {"open_request": chosen, "copy_number": self.view.sheet is not None if self._is_open else chosen}
        can |= dict.fromkeys(("next_request", "previous_request"), self._is_open and rows)
        proposed = len(self.view.sheet.proposals) if self._is_open and self.view.sheet else 0
        can |= {"keep_proposal": proposed > 0, "drop_proposal": proposed > 0, "next_proposal": proposed > 1}
        for name, possible in can.items():
            self._context.commands.action(name).setEnabled(possible)
