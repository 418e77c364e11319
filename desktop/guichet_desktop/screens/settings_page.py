"""*Réglages*: what a person may change on this post. A change holds at once, and is kept on disk behind it."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from guichet_sync.domain.errors import GuichetError

from ..widgets.labels import label
from .context import Context
from .page import Page, Pane
from .settings_account import AccountSection
from .settings_choices import AppearanceSection, LanguageSection, ModeSection
from .settings_keys import KeysSection
from .settings_section import Section
from .settings_text import TextSizeSection

_WIDTH_PX, _MARGIN_PX = 860, 18


class SettingsPage(Page):
    """One section below the other; F6 goes from one to the next."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._context = context
        self.language, self.appearance = LanguageSection(context), AppearanceSection(context)
        self.text_size, self.mode = TextSizeSection(context), ModeSection(context)
        self.account, self.keys = AccountSection(context), KeysSection(context)
        self.sections: tuple[Section, ...] = (
            self.language,
            self.appearance,
            self.text_size,
            self.mode,
            self.account,
            self.keys,
        )
        self._last: Section = self.language
        self._lay_out()
        self._connect()
        self._show()

    def _lay_out(self) -> None:
        self._inside, self._column = QWidget(), QVBoxLayout()
        self._column.addWidget(label(self._context.words.text("Réglages"), "title"))
        for section in self.sections:
            self._column.addWidget(section)
        self._column.addStretch(1)
        self._holder = QWidget()
        self._holder.setLayout(self._column)
        middle = QHBoxLayout(self._inside)
        middle.setContentsMargins(0, 0, 0, 0)
        middle.addWidget(self._holder, 1000)
        middle.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(self._inside)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(self._scroll)
        self._measure()

    def _connect(self) -> None:
        preferences = self._context.preferences
        preferences.changed.connect(lambda _settings: self._show())
        preferences.failed.connect(self._on_failed)
        self._context.look.changed.connect(self._measure)
        self.keys.table.moved.connect(self._follow_row)
        for section in self.sections:
            section.changing.connect(lambda section=section: self._on_changing(section))

    def _measure(self) -> None:
        px = self._context.look.theme.px
        self._holder.setMaximumWidth(px(_WIDTH_PX))
        self._column.setContentsMargins(px(_MARGIN_PX), px(_MARGIN_PX), px(_MARGIN_PX), px(_MARGIN_PX))
        self._column.setSpacing(px(14))

    def enter(self) -> None:
        """Read anew, and begin with the language."""
        self.account.read()
        self._show()
        self.language.first().setFocus(Qt.FocusReason.OtherFocusReason)

    def panes(self) -> tuple[Pane, ...]:
        """Its sections, each from where it begins."""
        return tuple((section, section.first()) for section in self.sections)

    def _show(self) -> None:
        for section in self.sections:
            section.refresh()

    def _on_changing(self, section: Section) -> None:
        """What is said of an earlier change is over."""
        self._last.tell(None)
        self._last = section

    def _on_failed(self, error: GuichetError) -> None:
        self._last.tell(error)

    def _follow_row(self) -> None:
        """The table does not scroll, this page does: the current row is always seen."""
        table = self.keys.table
        if table.hasFocus():
            area = table.visualRect(table.currentIndex())
            at = table.viewport().mapTo(self._inside, QPoint(0, area.center().y()))
            self._scroll.ensureVisible(0, at.y(), 0, 2 * area.height())
