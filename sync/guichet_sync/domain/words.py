"""Text that exists in both languages of the city."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Language(StrEnum):
    """A language of the desk. Others are noted on an interaction, never displayed."""

    FR = "fr"
    EN = "en"


@dataclass(frozen=True, slots=True)
class Bilingual:
    """The same words in French and in English. French is the source: English may be empty, French may not."""

    fr: str
    en: str = ""

    def in_(self, language: Language) -> str:
        """The text in ``language``, in French where there is no translation."""
        return self.en if language is Language.EN and self.en else self.fr
