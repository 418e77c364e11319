"""A titled list of keys and of what they do. One widget that paints itself: a sheet of seventy rows of labels takes too long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QGroupBox, QSizePolicy

from ..theme.look import Look
from .painted import WRAPPED, cap_size, draw_cap, font, wrapped_height

_EDGE, _AFTER_KEYS, _BETWEEN, _BELOW_TITLE, _BETWEEN_CAPS = 10, 14, 9, 8, 3
_NAME, _SAYS, _TITLE = 13, 12, 15
_LEAST_WORDS = 120
_NO_KEY = "—"


@dataclass(frozen=True, slots=True)
class KeyRow:
    """Keys, as they stand on the keyboard, the name of what they do, and its sentence."""

    keys: tuple[str, ...]
    name: str
    says: str


class KeyBlock(QGroupBox):
    """Tab stops at it, and a screen reader reads it whole."""

    def __init__(self, look: Look, title: str, rows: Sequence[KeyRow]) -> None:
        super().__init__()
        self._look = look
        self._title = title
        self.rows = tuple(rows)
        self._placed: dict[int, list[QRect]] = {}
        self._left: int | None = None
        self.setObjectName("keys")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(title)
        told = (", ".join(filter(None, (*row.keys, row.name, row.says))) for row in rows)
        self.setAccessibleDescription(". ".join(told))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        look.changed.connect(self._on_look)

    def hasHeightForWidth(self) -> bool:
        """The narrower, the higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """What its rows need at that width."""
        areas = self._areas(width)
        return (areas[-1].bottom() + 1 if areas else self._px(_EDGE) + self._title_height(width)) + self._px(_EDGE)

    def sizeHint(self) -> QSize:
        """At its least width."""
        least = self.minimumSizeHint().width()
        return QSize(least, self.heightForWidth(least))

    def minimumSizeHint(self) -> QSize:
        """Keys whole, and room for some words."""
        return QSize(self._words_left() + self._px(_LEAST_WORDS + _EDGE), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the title and the rows, within the frame that tells the focus."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        title = QRect(self._px(_EDGE), self._px(_EDGE), self.width() - 2 * self._px(_EDGE), self.height())
        self._text(painter, title, self._title, self._bold(_TITLE), "text")
        for row, area in zip(self.rows, self._areas(self.width()), strict=True):
            if area.intersects(event.rect()):
                self._draw(painter, row, area)
        painter.end()

    def _draw(self, painter: QPainter, row: KeyRow, area: QRect) -> None:
        top, right = area.top(), self._words_left() - self._px(_AFTER_KEYS)
        for key in row.keys:
            size = cap_size(self._look.theme, key)
            draw_cap(painter, self._look.theme, QRect(right - size.width(), top, size.width(), size.height()), key)
            top += size.height() + self._px(_BETWEEN_CAPS)
        if not row.keys:
            painter.setPen(self._look.theme.colour("text2"))
            painter.setFont(font(self._look.theme, _NAME))
            painter.drawText(QRect(0, top, right, area.height()), int(Qt.AlignmentFlag.AlignRight), _NO_KEY)
        words = area.adjusted(self._words_left() - area.left(), 0, 0, 0)
        name = font(self._look.theme, _NAME)
        self._text(painter, words, row.name, name, "text")
        below = words.adjusted(0, wrapped_height(row.name, name, words.width()), 0, 0)
        self._text(painter, below, row.says, font(self._look.theme, _SAYS), "text2")

    def _areas(self, width: int) -> list[QRect]:
        """Where each row stands; layouts ask for the same few widths again and again."""
        if width not in self._placed:
            self._placed[width] = self._placed_at(width)
        return self._placed[width]

    def _placed_at(self, width: int) -> list[QRect]:
        words_left = self._words_left()
        edge, top = self._px(_EDGE), self._px(_EDGE + _BELOW_TITLE) + self._title_height(width)
        areas = list[QRect]()
        for row in self.rows:
            areas.append(QRect(edge, top, width - 2 * edge, self._row_height(row, width - edge - words_left)))
            top = areas[-1].bottom() + 1 + self._px(_BETWEEN)
        return areas

    def _row_height(self, row: KeyRow, width: int) -> int:
        theme = self._look.theme
        words = wrapped_height(row.name, font(theme, _NAME), width) + wrapped_height(row.says, font(theme, _SAYS), width)
        caps = sum(cap_size(theme, key).height() + self._px(_BETWEEN_CAPS) for key in row.keys)
        return max(words, caps)

    def _title_height(self, width: int) -> int:
        return wrapped_height(self._title, self._bold(_TITLE), width - 2 * self._px(_EDGE))

    def _words_left(self) -> int:
        """Where the words begin: behind the widest key."""
        if self._left is None:
            self._left = self._px(_EDGE + _AFTER_KEYS) + self._widest_key()
        return self._left

    def _widest_key(self) -> int:
        caps = [cap_size(self._look.theme, key).width() for row in self.rows for key in row.keys]
        return max(caps, default=0)

    def _text(self, painter: QPainter, area: QRect, words: str, in_font: QFont, role: str) -> None:
        painter.setFont(in_font)
        painter.setPen(self._look.theme.colour(role))
        painter.drawText(area, WRAPPED, words)

    def _bold(self, pixels: int) -> QFont:
        return font(self._look.theme, pixels, QFont.Weight.DemiBold)

    def _px(self, pixels: int) -> int:
        return self._look.theme.px(pixels)

    def _on_look(self) -> None:
        self._placed.clear()
        self._left = None
        self.updateGeometry()
        self.update()
