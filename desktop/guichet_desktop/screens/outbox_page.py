"""*À transmettre*: everything that waits, was refused or was set aside, and the drafts: explained, corrected, tried again."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from guichet_sync.client.events import Event, Refused, Settled, State
from guichet_sync.domain.errors import GuichetError
from guichet_sync.wording import N_

from ..desk import outbox
from ..desk.outbox import Verb
from ..models.outbox import Group, OutboxRow, rows_of
from ..widgets.frames import row
from ..widgets.icon_button import ActionButton
from ..widgets.labels import label
from ..widgets.listing import Listing
from .context import Context
from .outbox_detail import OutboxDetail
from .outbox_header import GroupChips, LinkBanner
from .outbox_table import OutboxTable
from .outbox_verbs import ACTIONS, OutboxVerbs
from .page import Page, Pane

_BESIDE_PX = 940
"""The width from which the panel stands beside the table; below it stands under it."""
_EMPTY = {
    Group.ALL: N_("Tout est transmis."),
    Group.WAITING: N_("Tout est transmis."),
    Group.REFUSED: N_("Rien n’a été refusé."),
    Group.DRAFTS: N_("Aucun brouillon."),
}


class OutboxPage(Page):
    """Emits ``draft_opened`` with the id of a draft that is to be shown in its form."""

    draft_opened = Signal(str)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._context = context
        self._rows: tuple[OutboxRow, ...] = ()
        self._group = Group.ALL
        self.verbs = OutboxVerbs(context, self)
        self.table = OutboxTable(context.look, context.words)
        self.listing = Listing(context.look, self.table)
        self._bind()
        self.detail = OutboxDetail(context)
        self._groups = GroupChips(context, self._narrow, self)
        self.chips = self._groups.chips
        self.link = LinkBanner(context)
        self._lay_out()
        self._connect()
        self._on_chosen(None)
        self._show_rows()

    def _bind(self) -> None:
        commands = self._context.commands
        for verb, name in ACTIONS.items():
            commands.bind(name, partial(self._do, verb), self)
        commands.bind("outbox_copy", self._copy, self)
        # On the table alone: elsewhere in the page the key presses what has the focus.
        commands.bind("outbox_main", self.act, self.table).setShortcutContext(Qt.ShortcutContext.WidgetShortcut)

    def _lay_out(self) -> None:
        context = self._context
        title = label(context.words.text("À transmettre"), "title")
        send = context.words.text("Envoyer maintenant")
        self.send_button = ActionButton(context.look, context.commands.action("sync"), "send", words=send)
        self.send_button.setAccessibleName(send)
        self._body = QHBoxLayout()
        self._body.setSpacing(14)
        self._body.addWidget(self.listing, 5)
        self._body.addWidget(self.detail, 3)
        column = QVBoxLayout(self._around())
        column.setContentsMargins(18, 14, 18, 14)
        column.setSpacing(12)
        column.addLayout(row(title, None, self.send_button))
        column.addWidget(self.link)
        column.addWidget(self._groups)
        column.addLayout(self._body, 1)

    def _around(self) -> QWidget:
        """What holds everything: it scrolls where table and panel stand one under the other and the window is low."""
        inside = QWidget()
        around = QScrollArea()
        around.setWidgetResizable(True)
        around.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        around.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        around.setWidget(inside)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(around)
        return inside

    def _connect(self) -> None:
        self.verbs.changed.connect(self.refresh)
        self.verbs.draft_opened.connect(self.draft_opened)
        self.table.chosen.connect(self._on_chosen)
        self.table.doubleClicked.connect(lambda _index: self.act())
        self._context.look.changed.connect(self._arrange)

    def enter(self) -> None:
        """On the screen from now on: read anew, the table first."""
        self.refresh()
        self.listing.setFocus(Qt.FocusReason.OtherFocusReason)

    def panes(self) -> tuple[Pane, ...]:
        """The lines, then the chosen one."""
        return ((self.listing, self.listing), (self.detail, self.detail.facts))

    def hear(self, event: Event) -> None:
        """How the post stands with the server is said; what it changed is read anew."""
        if isinstance(event, State):
            self.link.show_state(event)
        if isinstance(event, State | Settled | Refused) and self.isVisible():
            self.refresh()

    def refresh(self) -> None:
        """Read all lines again."""
        desk, words = self._context.desk, self._context.words
        self.listing.show_loading(words.text("Lecture de ce qui attend…"))
        self._context.thread.ask(lambda: rows_of(outbox.lines(desk), words, desk), self._on_rows, self._on_failed, lane="outbox")

    def act(self) -> None:
        """Do with the chosen line what befits it first."""
        chosen = self.table.row()
        if chosen is not None and chosen.line.main is not None:
            self._do(chosen.line.main)

    def _do(self, verb: Verb) -> None:
        chosen = self.table.row()
        if chosen is not None:
            self.verbs.do(verb, chosen.line)

    def _copy(self) -> None:
        chosen = self.table.row()
        if chosen is not None:
            self.verbs.copy_number(chosen.number)

    def _narrow(self, group: Group) -> None:
        self._group = group
        self._show_rows()

    def _on_rows(self, rows: tuple[OutboxRow, ...]) -> None:
        self._rows = rows
        self._show_rows()

    def _show_rows(self) -> None:
        """The rows of the group that is wanted, how many each group has, and words where there are none."""
        shown = tuple(each for each in self._rows if self._group in (Group.ALL, each.group))
        self._groups.show_counts(self._rows, self._group)
        self.table.fill(shown)
        self.detail.setVisible(bool(shown))
        if shown:
            self.listing.show_rows()
        else:
            self.listing.show_empty(self._context.words.text(_EMPTY[self._group]), "circle-check")

    def _on_failed(self, error: GuichetError) -> None:
        words = self._context.words
        self.listing.show_error(str(words.error(error)), self.refresh, words.text("Réessayer"))

    def _on_chosen(self, chosen: OutboxRow | None) -> None:
        """Its verbs can be done, the others not; its content stands in the panel."""
        verbs = chosen.line.verbs if chosen else ()
        enabled = {name: verb in verbs for verb, name in ACTIONS.items()}
        enabled |= {"outbox_main": bool(chosen and chosen.line.main), "outbox_copy": bool(chosen and chosen.number)}
        for name, able in enabled.items():
            self._context.commands.action(name).setEnabled(able)
        self.detail.show_row(chosen)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The panel stands beside the table, or under it where the room is small."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        beside = self.width() >= self._context.look.theme.px(_BESIDE_PX)
        direction = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        self._body.setDirection(direction)
        self.table.stand_tall(tall=not beside)
        self.detail.facts.stand_tall(tall=not beside)
