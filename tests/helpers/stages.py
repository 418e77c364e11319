"""A window of a given size that wears a given look, for one page at a time; and what every check says of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

from guichet_desktop.theme.look import Look
from guichet_desktop.tour import live, until
from guichet_desktop.widgets.overlay import Overlay
from guichet_sync.domain.words import Language
from guichet_sync.wording import Words

from .accessible import Problems, clashing_keys, small_targets, unnamed
from .focusing import out_of_order, traps, without_ring
from .legible import clipped, too_large
from .spoken import foreign


@dataclass(frozen=True, slots=True)
class Setting:
    """In which language, at which percent of text, on which screen, in which theme a window is looked at."""

    language: Language
    scale: int
    size: tuple[int, int]
    theme: str = "light"

    @property
    def words(self) -> Words:
        """Its words."""
        return Words(self.language)

    @property
    def room(self) -> QSize:
        """The screen."""
        return QSize(*self.size)

    def __str__(self) -> str:
        width, height = self.size
        return f"{self.language.value} {self.scale} % {width}×{height} {self.theme}"


class Stage:
    """A window, and the look of the application."""

    def __init__(self, setting: Setting) -> None:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self.setting = setting
        self.look = Look(app, setting.theme, setting.scale)
        self.window = QMainWindow()
        self.window.setWindowTitle("Guichet")

    def show(self, page: QWidget) -> QMainWindow:
        """Show a page as large as the screen."""
        self.window.setCentralWidget(page)
        self.window.resize(self.setting.room)
        self.window.show()
        until(self.window.isActiveWindow, "the window")
        live()
        return self.window


@contextmanager
def stage(setting: Setting) -> Iterator[Stage]:
    """A stage for the length of a ``with`` block."""
    made = Stage(setting)
    try:
        yield made
    finally:
        made.window.close()
        made.window.deleteLater()
        made.look.deleteLater()
        live()


def problems_of(window: QWidget, setting: Setting) -> Problems:
    """What a window as it stands keeps people from: names, languages, targets, cut texts, keys."""
    found = [
        *unnamed(window),
        *foreign(window, setting.language),
        *small_targets(window),
        *clipped(window),
        *too_large(window, setting.room),
        *clashing_keys(window),
    ]
    return list(dict.fromkeys(found))


def problems_of_focus(window: QWidget) -> Problems:
    """What the way of the focus through a window keeps people from; through a panel, where one stands over the window."""
    checks: tuple[Callable[[QWidget], Problems], ...] = (traps, out_of_order, without_ring)
    root = next((each for each in window.findChildren(Overlay) if each.is_open()), window)
    return [problem for check in checks for problem in check(root)]
