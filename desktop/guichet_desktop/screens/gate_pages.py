"""Before the desk: what every page there has, a page that waits, and one that says why nothing opened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLineEdit, QProgressBar, QScrollArea, QVBoxLayout, QWidget

from guichet_sync.domain.errors import GuichetError
from guichet_sync.wording import Words

from ..theme.look import Look
from ..widgets.announcing import announce
from ..widgets.field import Field
from ..widgets.frames import Banner, card, row
from ..widgets.icon_button import IconButton
from ..widgets.labels import label
from ..widgets.stepper import Stepper
from .language_choice import LanguageChoice

_WIDTH_PX = 440
_SIDES_PX, _ENDS_PX, _SPACING_PX = 28, 24, 14
_MARGIN_PX = 16


@dataclass(frozen=True, slots=True)
class Steps:
    """Where a first run is: the names of its steps, and the place of this page among them, from 0."""

    names: tuple[str, ...]
    place: int


@dataclass(frozen=True, slots=True)
class Kept:
    """What a page held when it was made anew in another language: what was typed, the focus, what was told, whether it waited."""

    typed: dict[str, str]
    focus: str
    error: GuichetError | None
    busy: bool


class GatePage(QWidget):
    """A card in the middle of the window, which scrolls where there is no room. Emits ``language_chosen``.

    Fields and buttons that have an object name are found again by it when the page is made anew in another language.
    """

    language_chosen = Signal(object)

    def __init__(self, look: Look, words: Words, title: str) -> None:
        super().__init__()
        self.setObjectName("page")
        self.look, self.words, self.title = look, words, title
        self.told: GuichetError | None = None
        self.frame, self.column = card()
        self.problem = Banner("bad")
        languages = LanguageChoice(words.language)
        languages.chosen.connect(self.language_chosen)
        self.head = QVBoxLayout()
        self.column.addLayout(row(label("Guichet", "brand"), None, languages))
        self.column.addLayout(self.head)
        self.column.addWidget(label(title, "title", wrap=True))
        self._lay_out()
        look.changed.connect(self._measure)
        self._measure()

    def _lay_out(self) -> None:
        inside = QWidget()
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(self.frame, 1000)
        middle.addStretch(1)
        column = QVBoxLayout(inside)
        column.setContentsMargins(_MARGIN_PX, _MARGIN_PX, _MARGIN_PX, _MARGIN_PX)
        column.addStretch(2)
        column.addLayout(middle)
        column.addStretch(3)
        self._scroll = QScrollArea()
        self._scroll.setWidget(inside)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._scroll)

    def _measure(self) -> None:
        px = self.look.theme.px
        self.frame.setMaximumWidth(px(_WIDTH_PX))
        self.column.setContentsMargins(px(_SIDES_PX), px(_ENDS_PX), px(_SIDES_PX), px(_ENDS_PX))
        self.column.setSpacing(px(_SPACING_PX))

    def show_steps(self, steps: Steps) -> None:
        """Show where a first run is, above the title."""
        stepper = Stepper(self.look, steps.names, self.words)
        stepper.show_step(steps.place)
        self.head.addWidget(stepper)

    def first(self) -> QWidget | None:
        """Where work begins, or None where there is nothing to do but wait."""
        return None

    def begin(self) -> None:
        """It is on the screen: say its title aloud, put the focus where work begins."""
        announce(self, self.title)
        first = self.first()
        if first is not None:
            self.go_to(first)

    def go_to(self, part: QWidget) -> None:
        """Put the focus there and have it seen, with its label and what is said below it."""
        part.setFocus(Qt.FocusReason.OtherFocusReason)
        around = part.parentWidget()
        self.see(around if isinstance(around, Field) else part)

    def see(self, part: QWidget) -> None:
        """Scroll to a part, once it has its place."""
        QTimer.singleShot(0, part, lambda: self._scroll.ensureWidgetVisible(part))

    def kept(self) -> Kept:
        """What this page holds now."""
        focus: QWidget | None = self.focusWidget()
        return Kept(
            {each.objectName(): each.text() for each in self._editors()}
            | {each.objectName(): str(each.currentData()) for each in self.findChildren(QComboBox)},
            focus.objectName() if focus is not None else "",
            self.told,
            self.is_busy(),
        )

    def restore(self, kept: Kept) -> None:
        """Show again what the same page held in another language."""
        for editor in self._editors():
            editor.setText(kept.typed.get(editor.objectName(), ""))
        for box in self.findChildren(QComboBox):
            box.setCurrentIndex(max(0, box.findData(kept.typed.get(box.objectName()))))
        if kept.error is not None:
            self.tell(kept.error)
        self.set_busy(busy=kept.busy)
        focus = self.findChild(QWidget, kept.focus) if kept.focus else None
        if focus is not None:
            self.go_to(focus)

    def _editors(self) -> Sequence[QLineEdit]:
        return [each for each in self.findChildren(QLineEdit) if each.objectName()]

    def tell(self, error: GuichetError) -> None:
        """Say what went wrong and what to do."""
        self.told = error
        self.warn(str(self.words.error(error)))

    def refuse(self, error: GuichetError) -> None:
        """What was given did not do: say why not, ready for another try."""
        self.set_busy(busy=False)
        self.tell(error)

    def warn(self, sentence: str) -> None:
        """Say a sentence about the whole page, or take it back."""
        self.problem.say(sentence)
        announce(self, sentence, at_once=True)

    def set_busy(self, *, busy: bool) -> None:
        """Something is being done with what was given, or not any more."""

    def is_busy(self) -> bool:
        """Whether something is being done."""
        return False


class WaitPage(GatePage):
    """Something is being opened."""

    def __init__(self, look: Look, words: Words) -> None:
        title = words.text("Ouverture de Guichet…")
        super().__init__(look, words, title)
        bar = QProgressBar(maximum=0, textVisible=False)
        bar.setAccessibleName(title)
        self.column.addWidget(bar)
        self.column.addWidget(self.problem)


class ClosedPage(GatePage):
    """It did not open: why, what to do, and a way to try again. Emits ``again``."""

    again = Signal()

    def __init__(self, look: Look, words: Words, error: GuichetError) -> None:
        self.reason = words.error(error)
        super().__init__(look, words, self.reason.title)
        self.button = IconButton(look, "refresh-cw", words.text("Réessayer"), kind="primary")
        self.button.setObjectName("again")
        self.button.clicked.connect(self.again)
        self.button.setAutoDefault(True)
        self.column.addWidget(label(self.reason.advice, "muted", wrap=True))
        self.column.addWidget(self.problem)
        self.column.addWidget(self.button)

    def first(self) -> QWidget:
        """The way to try again."""
        return self.button

    def begin(self) -> None:
        """Say what to do, too."""
        super().begin()
        announce(self, self.reason.advice)
