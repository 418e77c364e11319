"""``guichet --gallery DIR``: a picture for each family, look and language, and a page that shows them side by side."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from guichet_sync import resources
from guichet_sync.domain.words import Language
from guichet_sync.wording import Words

from .. import contact_sheet
from ..contact_sheet import Group, Picture
from ..offscreen import application
from ..theme.city import City, read_city
from ..theme.look import Look
from .buttons import BUTTONS
from .choices import CHOICES
from .fields import FIELDS
from .larger import LARGER
from .lists import LISTS, TABLES
from .sheet import sheet
from .specimen import Bench, Family
from .stage import Stage
from .texts import SURFACES, TEXTS

FAMILIES = (TEXTS, SURFACES, BUTTONS, FIELDS, CHOICES, LISTS, TABLES, LARGER)
PERCENTS = (100, 130, 200)
CITY = "val-des-ormes"


@dataclass(frozen=True, slots=True)
class Wear:
    """A theme, maybe in a city's colours, at a size, in a language."""

    theme: str
    percent: int = 100
    language: Language = Language.FR
    city: City | None = None

    @property
    def title(self) -> str:
        """How files and the page name it."""
        return f"{CITY if self.city else self.theme}-{self.percent}-{self.language.value}"


def run(pictures: Path) -> int:
    """Write all pictures and ``index.html`` into a folder; the exit status."""
    pictures.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="guichet-gallery-") as folder:
        app = application(Path(folder))
        look = Look(app)
        for wear in wears():
            for family in FAMILIES:
                picture(app, look, wear, family).save(str(pictures / f"{family.name}-{wear.title}.png"))
    contact_sheet.write(pictures, "Guichet: the gallery", tuple(map(_group, FAMILIES)))
    return 0


def wears() -> tuple[Wear, ...]:
    """Every look of the gallery: three themes and a city's, at three sizes, in both languages."""
    themes = (("light", None), ("dark", None), ("contrast", None), ("light", city()))
    return tuple(Wear(theme, percent, language, own) for percent in PERCENTS for language in Language for theme, own in themes)


def city() -> City:
    """The fictional city of the gallery."""
    return read_city(resources.folder("theme") / "cities" / f"{CITY}.toml")


def picture(app: QApplication, look: Look, wear: Wear, family: Family) -> QImage:
    """A family on one sheet."""
    with staged(app, look, wear) as stage:
        shown = [(specimen.name, stage.picture()) for specimen, _part in stage.show_all(family)]
        return sheet(shown, look.theme)


@contextmanager
def staged(app: QApplication, look: Look, wear: Wear) -> Iterator[Stage]:
    """A stage in that look and language; no caret blinks on it."""
    blink = app.cursorFlashTime()
    app.setCursorFlashTime(0)
    look.adopt(wear.city)
    look.wear(wear.theme, wear.percent)
    stage = Stage(Bench(look, Words(wear.language)))
    try:
        yield stage
    finally:
        stage.close()
        stage.deleteLater()
        app.setCursorFlashTime(blink)


def _group(family: Family) -> Group:
    return Group(family.name, tuple(Picture(f"{family.name}-{wear.title}.png", wear.title) for wear in wears()))
