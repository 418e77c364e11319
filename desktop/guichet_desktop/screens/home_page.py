"""The desk: search and answer in the middle, the request on the right, the interaction on the left.

Where there is less room the left becomes a drawer, then the request a tab beside the search.
"""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QTabBar, QVBoxLayout, QWidget

from guichet_sync.client.events import Event, Settled

from ..widgets.drawer import Drawer
from .answering import Answering
from .capturing import Capturing
from .context import Context
from .page import Page, Pane
from .request_form import RequestForm
from .room import Room, room_of
from .search_pane import SearchPane
from .side_pane import SidePane

_SIDE_PX = 264
_SEARCH_TAB, _FORM_TAB = 0, 1


class HomePage(Page):
    """Composes the panes. Emits ``search_asked`` when the hands are to go back to the search.

    ``person_awaited``: the hands go to the search field, and what is on the screen (a number to read aloud) stays.
    """

    search_asked = Signal()
    person_awaited = Signal()
    waiting_asked = Signal(str)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.answers = SearchPane(context)
        self.form = RequestForm(context)
        self.side = SidePane(context)
        self._answering = Answering(context, self)
        self.capturing = Capturing(context, self)
        self.room = Room.WIDE
        self._tabs = _tabs(context)
        self._columns = QHBoxLayout()
        self._columns.setSpacing(14)
        self.drawer = Drawer(self, self.side, self.side.drafts)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 14, 14, 14)
        layout.setSpacing(8)
        layout.addWidget(self._tabs)
        layout.addLayout(self._columns, 1)
        self._columns.addWidget(self.side)
        self._columns.addWidget(self.answers, 5)
        self._columns.addWidget(self.form, 4)

    def _connect(self) -> None:
        self.answers.card.answered.connect(self._answering.give)
        self._answering.counted.connect(self.search_asked)
        self._answering.outbox_changed.connect(self.side.refresh)
        self.capturing.outbox_changed.connect(self.side.refresh)
        self.capturing.taken_back.connect(self.open_draft)
        self.answers.card.request_asked.connect(lambda fiche: self.begin_request(fiche.category))
        self.form.saved.connect(self.capturing.saved)
        self.form.emptied.connect(self.person_awaited)
        self.form.draft_kept.connect(self.side.refresh)
        self.side.draft_asked.connect(self.open_draft)
        self.side.waiting_asked.connect(self.waiting_asked)
        self._tabs.currentChanged.connect(self._show_tab)
        self._context.commands.bind("back", self.search_asked.emit, self)
        self._context.commands.bind_each("choose_result", self.answers.choose, self)

    def arrange(self, size: QSize) -> None:
        """Make do with a window of that size."""
        theme = self._context.theme
        self.side.setFixedWidth(theme.px(_SIDE_PX))
        room = room_of(size, theme)
        if (room is Room.WIDE) != (self.room is Room.WIDE):
            self._dock_side(docked=room is Room.WIDE)
        self.room = room
        self._show_tab(self._tabs.currentIndex())
        self._tabs.setVisible(room is Room.NARROW)

    def _dock_side(self, *, docked: bool) -> None:
        self.drawer.close_panel()
        if docked:
            self._columns.insertWidget(0, self.side)
        self.side.setVisible(docked)

    def toggle_side(self) -> None:
        """Open or close the drawer; where the side is docked, go to it."""
        if self.room is Room.WIDE:
            self.side.outbox.setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif self.drawer.is_open():
            self.drawer.close_panel()
        else:
            self.drawer.open()

    def show_search(self) -> None:
        """The search is on the screen."""
        self.drawer.close_panel()
        self._tabs.setCurrentIndex(_SEARCH_TAB)

    def enter(self) -> None:
        """What waits may have changed meanwhile."""
        self.side.refresh()

    def begin_request(self, category: str = "") -> None:
        """An empty request, on the screen."""
        self._show_form()
        self.form.start(category)

    def open_draft(self, draft_id: str) -> None:
        """A kept draft, on the screen."""
        self._show_form()
        self.form.open_kept(draft_id)

    def hear(self, event: Event) -> None:
        """A number that is still being read aloud became official."""
        if isinstance(event, Settled) and event.number:
            self.form.promise.show_official(event.provisional_number, event.number)

    def can_reveal(self, first: QWidget) -> bool:
        """Drawer and tabs can be opened; what is empty is hidden itself."""
        return not first.isHidden()

    def reveal(self, pane: QWidget) -> None:
        """Where there is little room, the side is a drawer and the form a tab."""
        if pane in (self.side.outbox, self.side.drafts):
            if self.room is not Room.WIDE:
                self.drawer.open()
            return
        self._tabs.setCurrentIndex(_FORM_TAB if pane is self.form else _SEARCH_TAB)

    def refresh(self) -> None:
        """Categories came in, or something waits that did not."""
        self.form.on_taxonomy()
        self.side.refresh()

    def panes(self) -> tuple[Pane, ...]:
        """Answers, form, what waits, drafts."""
        return (
            (self.answers, self.answers.view),
            (self.form, self.form.fields.category.lookup),
            (self.side.outbox, self.side.outbox),
            (self.side.drafts, self.side.drafts),
        )

    def _show_form(self) -> None:
        self.drawer.close_panel()
        self._tabs.setCurrentIndex(_FORM_TAB)

    def _show_tab(self, tab: int) -> None:
        """What goes goes first: a window that holds both for a moment grows to do so, and stays as large."""
        parts = ((self.answers, _SEARCH_TAB), (self.form, _FORM_TAB))
        wanted = [(part, self.room is not Room.NARROW or tab == own) for part, own in parts]
        for part, shown in sorted(wanted, key=lambda each: each[1]):
            part.setVisible(shown)


def _tabs(context: Context) -> QTabBar:
    words = context.words
    tabs = QTabBar()
    tabs.addTab(words.text("Recherche"))
    tabs.addTab(words.text("Requête"))
    tabs.setAccessibleName(words.text("Recherche ou requête"))
    tabs.setExpanding(False)
    tabs.setDrawBase(False)
    tabs.hide()
    return tabs
