"""Pictures that are kept, and how far a new one may be from them: machines smooth fonts a little differently."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from PySide6.QtGui import QImage, QPainter

FOLDER = Path(__file__).parents[1] / "golden"
_TOLD_APART = 32
"""Two values of a channel (0 to 255) that are no further apart count as the same."""
_MOST_SHARE = 0.002
"""Of the values of all pixels, how many may differ by more: 1 in 500. A line moved by a pixel is more, a smoother curve less."""
_DIFFERS = bytes(value > _TOLD_APART for value in range(256))
_COLOURS = 256


def difference(shown: QImage, kept: QImage) -> str:
    """What tells two pictures apart, in words; nothing where they are the same within tolerance."""
    if shown.size() != kept.size():
        return f"is {shown.width()}×{shown.height()}, was {kept.width()}×{kept.height()}"
    share = _differing_share(shown, kept)
    return f"{share:.2%} of it differ" if share > _MOST_SHARE else ""


def kept(name: str) -> QImage | None:
    """The picture of that name, or None where there is none."""
    path = FOLDER / f"{name}.png"
    return QImage(str(path)) if path.exists() else None


def keep(name: str, picture: QImage) -> None:
    """Keep a picture, in the 256 colours it has most of."""
    FOLDER.mkdir(exist_ok=True)
    pixels = bytes(picture.convertToFormat(QImage.Format.Format_RGB32).constBits())
    most = Counter(memoryview(pixels).cast("I")).most_common(_COLOURS)
    table = [colour | 0xFF000000 for colour, _count in most]
    picture.convertToFormat(QImage.Format.Format_Indexed8, table).save(str(FOLDER / f"{name}.png"))


def show_difference(shown: QImage, kept: QImage, folder: Path, name: str) -> None:
    """Save both pictures and what differs, to be looked at."""
    folder.mkdir(parents=True, exist_ok=True)
    shown.save(str(folder / f"{name}-now.png"))
    kept.save(str(folder / f"{name}-kept.png"))
    if shown.size() == kept.size():
        _minus(shown, kept).save(str(folder / f"{name}-difference.png"))


def _differing_share(shown: QImage, kept: QImage) -> float:
    values = bytes(_minus(shown, kept).constBits())
    return values.translate(_DIFFERS).count(1) / len(values)


def _minus(shown: QImage, kept: QImage) -> QImage:
    difference = shown.convertToFormat(QImage.Format.Format_RGB32)
    painter = QPainter(difference)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Difference)
    painter.drawImage(0, 0, kept.convertToFormat(QImage.Format.Format_RGB32))
    painter.end()
    return difference.convertToFormat(QImage.Format.Format_RGB888)
