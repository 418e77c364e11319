"""The steps of something that takes several, and where one is."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from guichet_sync.wording import N_, Words

from ..theme.icons import pixmap
from ..theme.look import Look
from .announcing import announce
from .labels import label, restyle

_DISC_PX, _CHECK_PX, _GAP_PX = 26, 16, 6
_DONE, _NOW, _TO_COME = "done", "now", "to come"
_STATES = {
    _DONE: N_("Étape {n} de {count}, faite : {name}"),
    _NOW: N_("Étape {n} de {count}, en cours : {name}"),
    _TO_COME: N_("Étape {n} de {count}, à venir : {name}"),
}


class Stepper(QWidget):
    """Numbered steps in a line. What is done has a check, the current one is full and bold; each says so in words."""

    def __init__(self, look: Look, names: Sequence[str], words: Words) -> None:
        super().__init__()
        self._words = words
        self._steps = [_Step(look, place + 1, name, last=place == len(names) - 1) for place, name in enumerate(names)]
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for step in self._steps:
            layout.addWidget(step, 1)
        self._current = -1
        self.show_step(0)

    def show_step(self, place: int) -> None:
        """The step at ``place``, from 0, is the current one; those before it are done. A move is announced."""
        moved = self._current not in (-1, place)
        self._current = place
        for at, step in enumerate(self._steps):
            state = _DONE if at < place else _NOW if at == place else _TO_COME
            step.become(state, self._words.text(_STATES[state], n=at + 1, count=len(self._steps), name=step.name))
        self.setAccessibleName(self.said())
        if moved:
            announce(self, self.said())

    def current(self) -> int:
        """The place of the current step, from 0."""
        return self._current

    def said(self) -> str:
        """Where one is, in words; nothing when all steps are done."""
        return self._steps[self._current].said if self._current < len(self._steps) else ""


class _Step(QWidget):
    """A disc on the line, the name below it."""

    def __init__(self, look: Look, number: int, name: str, *, last: bool) -> None:
        super().__init__()
        self.name = name
        self.said = ""
        self._disc = _Disc(look, number, last=last)
        self._label = label(name, "step", wrap=True)
        self._label.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._disc)
        column.addWidget(self._label, 1)

    def become(self, state: str, said: str) -> None:
        self.said = said
        self._disc.state = state
        self._disc.update()
        self._label.setAccessibleName(said)
        self._label.setProperty("role", "stepnow" if state == _NOW else "step")
        restyle(self._label)


class _Disc(QWidget):
    """A number or a check, with the line from the step before and to the next."""

    def __init__(self, look: Look, number: int, *, last: bool) -> None:
        super().__init__()
        self.state = _TO_COME
        self._look = look
        self._number = number
        self._last = last
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        look.changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        """A disc and its margins."""
        side = self._look.theme.px(_DISC_PX) + 2
        return QSize(side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the line, then the disc."""
        painter, px = QPainter(self), self._look.theme.px
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        disc = QRect(0, 0, px(_DISC_PX), px(_DISC_PX))
        disc.moveCenter(self.rect().center())
        self._draw_lines(painter, disc)
        self._draw_disc(painter, disc)

    def _draw_lines(self, painter: QPainter, disc: QRect) -> None:
        theme, middle = self._look.theme, disc.center().y()
        gap = theme.px(_GAP_PX)
        if self._number > 1:
            painter.setPen(QPen(theme.colour("line" if self.state == _TO_COME else "brand"), theme.px(2)))
            painter.drawLine(QPoint(0, middle), QPoint(disc.left() - gap, middle))
        if not self._last:
            painter.setPen(QPen(theme.colour("brand" if self.state == _DONE else "line"), theme.px(2)))
            painter.drawLine(QPoint(disc.right() + gap, middle), QPoint(self.width(), middle))

    def _draw_disc(self, painter: QPainter, disc: QRect) -> None:
        theme = self._look.theme
        painter.setPen(QPen(theme.colour("field" if self.state == _TO_COME else "brand"), theme.px(2)))
        painter.setBrush(theme.colour("brand" if self.state == _NOW else "surface"))
        painter.drawEllipse(disc.adjusted(1, 1, -1, -1))
        if self.state == _DONE:
            size = theme.px(_CHECK_PX)
            at = QRect(0, 0, size, size)
            at.moveCenter(disc.center())
            painter.drawPixmap(at, pixmap("check", theme.colours["brand"], size, self.devicePixelRatioF()))
            return
        font = QFont(self.font())
        font.setPixelSize(theme.px(12))
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(theme.colour("onBrand" if self.state == _NOW else "text2"))
        painter.drawText(disc, Qt.AlignmentFlag.AlignCenter, str(self._number))
