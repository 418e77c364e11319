"""The catalogue of one language, and the forms of dates and numbers that go with it."""

from __future__ import annotations

import gettext
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from guichet_sync import resources
from guichet_sync.domain.errors import GuichetError, InvalidInput, Value
from guichet_sync.domain.words import Bilingual, Language

from .reasons import UNEXPECTED, reason_of

_LOCALES = {Language.FR: "fr_CA", Language.EN: "en_CA"}


@dataclass(frozen=True, slots=True)
class Explanation:
    """What went wrong, in a sentence, and what to do about it."""

    title: str
    advice: str

    def __str__(self) -> str:
        return f"{self.title} {self.advice}".strip()


class Words:
    """All wording in one language. ``{name}`` fields of a source string are filled from the values given."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self._catalogue = _catalogue(language)

    def text(self, source: str, **values: Value) -> str:
        """``source`` in this language, its fields filled."""
        return _fill(self._catalogue.gettext(source), values)

    def plural(self, one: str, many: str, n: int, **values: Value) -> str:
        """The form for ``n`` things; ``{n}`` is filled with it."""
        return _fill(self._catalogue.ngettext(one, many, n), {"n": self.number(n), **values})

    def both(self, words: Bilingual) -> str:
        """The text that carries its own translation, in this language."""
        return words.in_(self.language)

    def reason(self, code: str, **values: Value) -> Explanation:
        """What a reason code means to a person; an unknown code is named, never hidden."""
        reason = reason_of(code)
        if reason is None:
            return Explanation(self.text(UNEXPECTED.title, code=code), self.text(UNEXPECTED.advice))
        shown = {name: self.number(value) if isinstance(value, float) else value for name, value in values.items()}
        return Explanation(self.text(reason.title, **shown), self.text(reason.advice, **shown))

    def error(self, error: GuichetError) -> Explanation:
        """What an error means to a person."""
        values = dict(error.values)
        if isinstance(error, InvalidInput):
            values.setdefault("field", error.field)
        return self.reason(error.code, **values)

    def number(self, value: float) -> str:
        """A number with the language's separators."""
        from babel.numbers import format_decimal

        return format_decimal(value, locale=_LOCALES[self.language])

    def day(self, on: date) -> str:
        """A date in full, as read aloud: "jeudi 3 décembre 2026"."""
        from babel.dates import format_date

        first = self.language is Language.FR and on.day == 1
        pattern = "EEEE d'er' MMMM y" if first else "full"
        return format_date(on, pattern, locale=_LOCALES[self.language])

    def short_day(self, on: date) -> str:
        """A date for lists: "3 déc. 2026"."""
        from babel.dates import format_date

        return format_date(on, "medium", locale=_LOCALES[self.language])

    def time(self, at: datetime) -> str:
        """A local time: "13 h 58", "1:58 p.m."."""
        from babel.dates import format_time

        return format_time(at, "short", locale=_LOCALES[self.language])


class _French(gettext.NullTranslations):
    """French is the source: nothing to look up, but its plural begins at two."""

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return msgid1 if abs(n) < 2 else msgid2


@lru_cache(maxsize=len(Language))
def _catalogue(language: Language) -> gettext.NullTranslations:
    if language is Language.FR:
        return _French()
    return gettext.translation("guichet", resources.folder("i18n"), [language.value])


class _Fields(dict[str, Value]):
    """Values for ``str.format_map``: a field that was not given shows as nothing rather than break a sentence."""

    def __missing__(self, name: str) -> str:
        return ""


def _fill(source: str, values: dict[str, Value]) -> str:
    return source.format_map(_Fields(values)) if "{" in source else source
