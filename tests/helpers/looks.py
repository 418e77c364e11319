"""The looks in which parts are tested, and those whose pictures are kept."""

from __future__ import annotations

from guichet_desktop.gallery.run import Wear, city
from guichet_sync.domain.words import Language

KEPT_WEARS = (
    Wear("light"),
    Wear("dark"),
    Wear("contrast"),
    Wear("light", city=city()),
    Wear("light", 200, Language.EN),
)
TRIED_WEARS = (*KEPT_WEARS, Wear("dark", 130, Language.EN, city()), Wear("contrast", 200))
