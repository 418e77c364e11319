"""Line icons in the colour of a role, sharp at any pixel ratio. Their drawings are read once, when the program starts."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap, QPixmapCache
from PySide6.QtSvg import QSvgRenderer

from guichet_sync import resources


def preload() -> None:
    """Read every drawing, so that nothing drawn later waits for the disk."""
    for path in resources.folder("icons").glob("*.svg"):
        drawing(path.stem)


@cache
def drawing(name: str) -> str:
    """The SVG of the icon ``name``, in ``currentColor``.

    :raises FileNotFoundError: there is no such icon.
    """
    return (resources.folder("icons") / f"{name}.svg").read_text(encoding="utf-8")


def pixmap(name: str, colour: str, size: int, ratio: float = 1.0) -> QPixmap:
    """The icon ``name`` in ``colour``, ``size`` logical pixels wide; drawn once as long as Qt's cache keeps it."""
    key = f"guichet/{name}/{colour}/{size}/{ratio}"
    found = QPixmap()
    if not QPixmapCache.find(key, found):
        found = _drawn(name, colour, size, ratio)
        QPixmapCache.insert(key, found)
    return found


def icon(name: str, colour: str, size: int = 16, *, off: str = "", after: int = 0) -> QIcon:
    """The icon for a button, drawn for ordinary and dense screens; in the colour ``off`` where the button can't be pressed.

    ``after`` are pixels of room between it and the words, which Qt sets too close.
    """
    result = QIcon()
    for ratio in (1.0, 2.0):
        result.addPixmap(_with_room(pixmap(name, colour, size, ratio), after))
        if off:
            result.addPixmap(_with_room(pixmap(name, off, size, ratio), after), QIcon.Mode.Disabled)
    return result


def _with_room(drawn: QPixmap, after: int) -> QPixmap:
    if not after:
        return drawn
    ratio = drawn.devicePixelRatio()
    wider = QPixmap(QSize(drawn.width() + round(after * ratio), drawn.height()))
    wider.setDevicePixelRatio(ratio)
    wider.fill(Qt.GlobalColor.transparent)
    painter = QPainter(wider)
    painter.drawPixmap(0, 0, drawn)
    painter.end()
    return wider


def _drawn(name: str, colour: str, size: int, ratio: float) -> QPixmap:
    image = QPixmap(QSize(round(size * ratio), round(size * ratio)))
    image.fill(Qt.GlobalColor.transparent)
    renderer = QSvgRenderer(QByteArray(drawing(name).replace("currentColor", colour).encode()))
    painter = QPainter(image)
    renderer.render(painter, QRectF(image.rect()))
    painter.end()
    image.setDevicePixelRatio(ratio)
    return image
