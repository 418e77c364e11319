"""The call or the visit under way: since when, and what ends it."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QVBoxLayout

from ..widgets.frames import row
from ..widgets.icon_button import ActionButton
from ..widgets.labels import label, pill, restyle, set_pill
from .context import Context
from .modes import Mode

_SECOND_MS = 1_000


class InteractionCard(QFrame):
    """Follows the current interaction; hidden where nobody is spoken to."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        words, look, commands = context.words, context.look, context.commands
        counter = context.mode is Mode.COUNTER
        self._busy = words.text("Au comptoir") if counter else words.text("En communication")
        self._idle = words.text("Personne au comptoir") if counter else words.text("Aucun appel")
        self._state = pill("", "mute")
        self._timer = label("", "timer")
        self.begin_button = ActionButton(look, commands.action("new_interaction"), "user" if counter else "headset")
        self.end_button = ActionButton(look, commands.action("end_interaction"), "check" if counter else "phone-off")
        self._tick = QTimer(self, interval=_SECOND_MS)
        self._tick.timeout.connect(self._show_time)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 12, 14, 12)
        layout.setSpacing(10)
        layout.addLayout(row(self._state, None, self._timer))
        layout.addWidget(self.begin_button)
        layout.addWidget(self.end_button)
        context.interaction.changed.connect(self._follow)
        if context.mode is Mode.SERVICE:
            self.hide()
        self._follow()

    def _follow(self) -> None:
        busy = self._context.interaction.now is not None
        set_pill(self._state, self._busy if busy else self._idle, "ok" if busy else "mute")
        self.setProperty("tone", "call" if busy else "")
        self.setProperty("card", "false" if busy else "true")
        restyle(self)
        self.begin_button.setVisible(not busy)
        self.end_button.setVisible(busy)
        if busy:
            self._tick.start()
        else:
            self._tick.stop()
        self._show_time()

    def _show_time(self) -> None:
        now = self._context.interaction.now
        lasted = self._context.desk.now() - now.started_at if now else timedelta()
        minutes, seconds = divmod(max(0, int(lasted.total_seconds())), 60)
        self._timer.setText(f"{minutes:02}:{seconds:02}" if now else "")
