"""What parts that paint themselves have in common: the fonts of a theme, wrapped texts, key caps."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter

from ..theme.theme import Theme

WRAPPED = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
_UNBOUND = 10_000


def font(theme: Theme, pixels: int, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """The theme's font, of so many pixels that grow with the text."""
    made = QFont("Inter")
    made.setPixelSize(theme.px(pixels))
    made.setWeight(weight)
    return made


def wrapped_height(words: str, in_font: QFont, width: int) -> int:
    """How high words are where they wrap at a width."""
    if not words:
        return 0
    return QFontMetrics(in_font).boundingRect(QRect(0, 0, max(1, width), _UNBOUND), WRAPPED, words).height()


def cap_size(theme: Theme, key: str) -> QSize:
    """The size of a key drawn as a key."""
    metrics = QFontMetrics(_cap_font(theme))
    return QSize(metrics.horizontalAdvance(key) + theme.px(12), metrics.height() + theme.px(4))


def draw_cap(painter: QPainter, theme: Theme, area: QRect, key: str) -> None:
    """A key, drawn as a key."""
    painter.setFont(_cap_font(theme))
    painter.setPen(theme.colour("line"))
    painter.setBrush(theme.colour("raised"))
    painter.drawRoundedRect(area, theme.px(4), theme.px(4))
    painter.setPen(theme.colour("text2"))
    painter.drawText(area, Qt.AlignmentFlag.AlignCenter, key)


def _cap_font(theme: Theme) -> QFont:
    return font(theme, 11, QFont.Weight.DemiBold)
