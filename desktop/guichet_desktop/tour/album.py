"""The pictures of a tour: each step in several looks, by dressing and sizing the one window for a moment."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QSize
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget

from ..contact_sheet import Group, Picture
from ..theme.look import Look
from ..theme.tokens import THEMES
from .hands import live, picture_of

_WIDTH, _HEIGHT = 1440, 900
_PASSES = 4
"""What grows asks for room, from the inside out."""
_DRAGS = 2
"""Panes that give way let the window become smaller than it could be at first."""
_COMPRESSED = 70
"""Of PNG, 0 (most) to 100 (not at all): a quick one."""


@dataclass(frozen=True, slots=True)
class Wear:
    """How the window is seen: a theme, a size of text in percent, a size in pixels."""

    theme: str = "light"
    percent: int = 100
    width: int = _WIDTH
    height: int = _HEIGHT

    @property
    def title(self) -> str:
        """How files name it: what is as usual is left out."""
        size = "" if (self.width, self.height) == (_WIDTH, _HEIGHT) else f"-{self.width}x{self.height}"
        return f"{self.theme}{'' if self.percent == 100 else f'-{self.percent}'}{size}"


USUAL = tuple(Wear(theme) for theme in THEMES)
"""Every step is seen in these; the first is what the window wears between two pictures."""
OTHER_SIZES = (Wear(percent=200), Wear(width=1280, height=720), Wear(width=1366, height=768), Wear(width=1920, height=1080))
"""The main steps are seen in these too."""


class Album:
    """Pictures of one window in one language, named like ``fr-light-200-03-answered.png``."""

    def __init__(self, folder: Path, language: str, window: QWidget, look: Look) -> None:
        self._folder, self._language = folder, language
        self._window, self._look = window, look
        self._steps: dict[str, list[Wear]] = {}
        self._writer = ThreadPoolExecutor(1)
        self._written: list[Future[None]] = []

    def take(self, name: str, *, everywhere: bool = False) -> None:
        """A picture of this step in each of the usual looks; ``everywhere``: at the other sizes too.

        :raises OSError: an earlier picture could not be written.
        """
        for written in filter(Future.done, self._written):
            written.result()
        step = f"{len(self._steps) + 1:02}-{name}"
        self._steps[step] = [*USUAL, *(OTHER_SIZES if everywhere else ())]
        live()
        try:
            for wear in self._steps[step]:
                self._wear(wear)
                path, image = self._folder / f"{self._name(wear, step)}.png", picture_of(self._window).toImage()
                self._written.append(self._writer.submit(_save, image, path))
        finally:
            self._wear(USUAL[0])

    def group(self) -> Group:
        """All that was taken, on disk by now, for the page that shows it.

        :raises OSError: a picture could not be written.
        """
        self._writer.shutdown()
        for written in self._written:
            written.result()
        pictures = (Picture(f"{self._name(wear, step)}.png", f"{step} {wear.title}") for step, wear in self._taken())
        return Group(self._language, tuple(pictures))

    def _taken(self) -> Iterable[tuple[str, Wear]]:
        return ((step, wear) for step, wears in self._steps.items() for wear in wears)

    def _name(self, wear: Wear, step: str) -> str:
        return f"{self._language}-{wear.title}-{step}"

    def _wear(self, wear: Wear) -> None:
        theme, size = self._look.theme, QSize(wear.width, wear.height)
        if (theme.name, round(theme.scale * 100), self._window.size()) != (wear.theme, wear.percent, size):
            self._look.wear(wear.theme, wear.percent)
            for _drag in range(_DRAGS):
                _settle()
                self._window.resize(size)
            _settle()
            live()


def _save(image: QImage, path: Path) -> None:
    if not image.save(str(path), "PNG", _COMPRESSED):  # type: ignore[call-overload]
        raise OSError(f"{path} can't be written")


def _settle() -> None:
    for _pass in range(_PASSES):
        QApplication.processEvents()
