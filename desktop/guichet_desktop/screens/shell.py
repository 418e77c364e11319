"""The window of a signed-in person: rail, top bar, one page at a time, the foot, and what stands over them."""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from guichet_sync.client.events import Event, State

from ..actions import Scope
from ..desk.drafts import Draft
from ..widgets.rail import Rail, RailButton
from ..widgets.toast import Toast
from .context import Context, Taxonomy
from .home_page import HomePage
from .modes import MODE_NAMES, Mode
from .page import Page
from .pages import make_page
from .room import Room, is_short, room_of
from .shell_actions import bind_shell
from .status_bar import StatusBar
from .sync_report import SyncReport
from .top_bar import TopBar

_SCOPES = {"home": Scope.HOME, "requests": Scope.REQUESTS, "outbox": Scope.OUTBOX, "settings": Scope.SETTINGS}
_PAGES, _FOOT = ("home", "requests", "outbox"), ("keys", "settings")
_ICONS = {"home": "headset", "requests": "clipboard-list", "outbox": "send", "keys": "keyboard", "settings": "settings"}


@dataclass(frozen=True, slots=True)
class Kept:
    """Where a person was and what they were typing: what a change of language takes over."""

    page: str = "home"
    query: str = ""
    draft: Draft | None = None
    taxonomy: Taxonomy = field(default_factory=Taxonomy)


class Shell(QWidget):
    """Composes the parts and shows pages. Emits ``ready`` once the taxonomy is read."""

    ready = Signal()
    lock_asked = Signal()
    language_asked = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setObjectName("root")
        self.context = context
        self.asking = context.thread
        self.toast = Toast(self)
        bind_shell(self)
        self.top = TopBar(context)
        self.status = StatusBar(context)
        self.home = HomePage(context)
        self.rail = Rail(_rail_buttons(context, _PAGES), _rail_buttons(context, _FOOT))
        self.pages: dict[str, Page] = {"home": self.home}
        self._heard: State | None = None
        self.stack = QStackedWidget()
        self.stack.addWidget(self.home)
        self.report = SyncReport(context, self.top.chip, self.status, self.home.capturing.undo_of, self)
        self._lay_out()
        self._connect()
        self.top.chip.say(context.words.text("Ouverture…"), "mute", "")
        self.top.show_place(_place(context))
        self.rail.show_current("home")
        self.status.show_scope(Scope.HOME)

    def _lay_out(self) -> None:
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.rail)
        middle.addWidget(self.stack, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.top)
        layout.addLayout(middle, 1)
        layout.addWidget(self.status)

    def _connect(self) -> None:
        context, home, report = self.context, self.home, self.report
        self.top.search.textEdited.connect(lambda _typed: self.show_search())
        self.top.search.textChanged.connect(home.answers.search)
        self.top.search.returnPressed.connect(home.answers.read)
        self.top.search.installEventFilter(self)
        home.search_asked.connect(self.search)
        home.person_awaited.connect(self.await_words)
        home.waiting_asked.connect(lambda _id: self.go("outbox"))
        home.side.counted.connect(lambda count: self.rail.show_count("outbox", count))
        report.taxonomy_changed.connect(self.refresh)
        report.fiches_changed.connect(home.answers.look_again)
        report.outbox_changed.connect(home.side.refresh)
        context.notices.said.connect(self._say)
        context.look.changed.connect(self.arrange)

    def go(self, name: str) -> None:
        """Show a page, made when it is first asked for."""
        if name not in self.pages:
            self.pages[name] = make_page(name, self.context, self.open_draft)
            self.stack.addWidget(self.pages[name])
            if self._heard is not None:
                self.pages[name].hear(self._heard)
        page = self.pages[name]
        self.stack.setCurrentWidget(page)
        self.rail.show_current(name)
        page.enter()
        self._on_page()

    def _on_page(self) -> None:
        self.status.show_scope(_SCOPES.get(self.page(), Scope.EVERYWHERE))
        self.arrange()

    def page(self) -> str:
        """The name of the page that is shown."""
        return next(name for name, page in self.pages.items() if page is self.stack.currentWidget())

    def show_home(self) -> None:
        """The home page, where it is not shown already."""
        if self.stack.currentWidget() is not self.home:
            self.stack.setCurrentWidget(self.home)
            self.rail.show_current("home")
            self._on_page()

    def open_draft(self, draft_id: str) -> None:
        """A kept draft, in the form."""
        self.show_home()
        self.home.open_draft(draft_id)

    def show_search(self) -> None:
        """The home page with its search."""
        self.show_home()
        self.home.show_search()

    def search(self) -> None:
        """Back to the search field, from wherever one is."""
        self.show_search()
        self.await_words()

    def await_words(self) -> None:
        """The hands are in the search field; what was typed there is replaced by the next word."""
        self.top.search.selectAll()
        self.top.search.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def hear(self, event: Event) -> None:
        """An event of the exchange: said calmly, and passed on to the pages that were made."""
        self.report.hear(event)
        self._heard = event if isinstance(event, State) else self._heard
        for page in self.pages.values():
            page.hear(event)

    def refresh(self) -> None:
        """Read the taxonomy and what waits again."""
        desk = self.context.desk
        self.asking.ask(lambda: Taxonomy.read(desk), self._on_taxonomy, lane="taxonomy")

    def kept(self) -> Kept:
        """Where the person is and what they are typing."""
        return Kept(self.page(), self.top.search.text(), self.home.form.draft(), self.context.taxonomy)

    def take_over(self, kept: Kept) -> None:
        """Go on where another shell was left."""
        self.top.search.setText(kept.query)
        if kept.draft is not None:
            self.home.form.open(kept.draft)
        if kept.page != "home":
            self.go(kept.page)

    def arrange(self) -> None:
        """Make do with the room there is."""
        size, theme = self.size(), self.context.theme
        room = room_of(size, theme)
        self.top.set_room(room, drawer=self.stack.currentWidget() is self.home)
        self.rail.show_words(shown=room is not Room.NARROW)
        self.status.setHidden(is_short(size, theme) and not self.status.is_needed())
        self.home.arrange(size)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another size, another arrangement."""
        super().resizeEvent(event)
        self.arrange()

    def eventFilter(self, _watched: object, event: QEvent) -> bool:
        """Arrows choose among the results while the hands stay in the search field."""
        if event.type() != QEvent.Type.KeyPress:
            return False
        by = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(event.key(), 0)  # type: ignore[attr-defined]
        if by:
            self.home.answers.step(by)
        return bool(by)

    def _on_taxonomy(self, found: Taxonomy) -> None:
        self.context.taxonomy = found
        self.top.show_place(_place(self.context))
        self.home.refresh()
        self.ready.emit()

    def _say(self, sentence: str, undo: object) -> None:
        words, key = self.context.words, self.context.commands.shown_key("undo")
        undo_words = words.text("Annuler ({key})", key=key) if key else words.text("Annuler")
        if callable(undo):
            self.toast.say(sentence, undo_words, undo)
        else:
            self.toast.say(sentence)


def _rail_buttons(context: Context, names: tuple[str, ...]) -> list[RailButton]:
    return [RailButton(context.look, context.commands.action(name), _ICONS[name]) for name in names]


def _place(context: Context) -> str:
    """Which work is done here: a service's name says more than a mode."""
    words, person = context.words, context.desk.person
    if context.mode is Mode.SERVICE and person.service:
        return context.service_names().get(person.service, person.service)
    return words.text(MODE_NAMES[context.mode])
