"""A date as people type it, with what was understood said in words beside it. What can be two dates is asked about."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent

from guichet_sync.wording import N_, Words

from .announcing import announce
from .date_reading import Misread, ReadDate, read_date
from .noted_edit import NotedEdit

Today = Callable[[], date]
_SAID = {
    Misread.UNKNOWN: N_("Date non comprise : écrivez-la comme « 24 décembre 2026 » ou « 2026-12-24 »."),
    Misread.INCOMPLETE: N_("Date incomplète : écrivez le jour et le mois, comme « 24 décembre »."),
    Misread.AMBIGUOUS: N_("Plusieurs dates sont possibles : {dates}. Écrivez le mois en lettres et l’année."),
    Misread.IMPOSSIBLE: N_("Ce jour n’existe pas au calendrier : corrigez la date."),
    Misread.OTHER_WEEKDAY: N_("Cette date est un autre jour : {dates}. Corrigez le jour de la semaine ou la date."),
}
_STEPS = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}


def today_here() -> date:
    """Today, where this post stands."""
    return datetime.now(UTC).astimezone().date()


class DateField(NotedEdit):
    """Emits ``changed`` at every change a person makes. Up and Down go to the next and to the last day, from today if empty.

    A date that was understood is written as 2026-12-24 when one leaves the field; one that was not stays as it was typed.
    """

    changed = Signal()
    columns = 18

    def __init__(self, words: Words, today: Today = today_here) -> None:
        super().__init__()
        self._words = words
        self._today = today
        self._read = ReadDate()
        self._typed = False
        self.setPlaceholderText(words.text("24 décembre, demain…"))
        self.textEdited.connect(self._on_edited)
        self.editingFinished.connect(self._on_left)

    def value(self) -> date | None:
        """The date that was understood."""
        return self._read.day

    def show_date(self, day: date | None) -> None:
        """Show a date, or nothing."""
        self.show_text(day.isoformat() if day else "")

    def show_text(self, text: str) -> None:
        """Show what was typed before, understood or not."""
        self.setText(text)
        self._understand(text)
        self._typed = False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and Down change the day."""
        step = _STEPS.get(Qt.Key(event.key())) if event.modifiers() in (_NONE, _KEYPAD) else None
        if step is None:
            super().keyPressEvent(event)
        else:
            self._step(step)

    def _step(self, days: int) -> None:
        day = self.value()
        try:
            moved = day + timedelta(days=days) if day else self._today()
        except OverflowError:
            return
        self.show_date(moved)
        announce(self, self.note())
        self.changed.emit()

    def _on_edited(self, typed: str) -> None:
        self._understand(typed)
        self._typed = True
        self.changed.emit()

    def _understand(self, typed: str) -> None:
        """Say what is understood so far. What is not may be half a date: nothing is said of it before one leaves."""
        self._read = read_date(typed, self._today())
        self.say(self._words.day(self._read.day) if self._read.day else "")

    def _on_left(self) -> None:
        if not self._typed:
            return
        self._typed = False
        read = self._read
        if read.day:
            self.setText(read.day.isoformat())
            announce(self, self.note())
        elif read.misread:
            self.say(self._words.text(_SAID[read.misread], dates=self._dates(read)), warns=True, aloud=True)

    def _dates(self, read: ReadDate) -> str:
        dates = [self._words.day(each) for each in read.candidates]
        return self._words.text(" ou ").join(dates)


_NONE, _KEYPAD = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier
