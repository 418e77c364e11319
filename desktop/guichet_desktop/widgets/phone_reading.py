"""Telephone numbers as people type them, put into the form of here: 450 555-0142, poste 12. Nothing typed is ever lost."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

_HERE = "CA"
_NORTH_AMERICA = 1
_NUMBER = re.compile(r"[+(]?[0-9][0-9 ().\u00a0\u202f\u2010-\u2013-]*")
_EXTENSION = re.compile(
    r"(?P<number>.*?[0-9)])[\s,;]*(?:poste|post|p\.|ext(?:ension)?\.?|x|#)\s*(?P<extension>[0-9]{1,7})", re.IGNORECASE
)
_MOST = 40
"""No number is longer: what is, is something else."""


class Oddity(StrEnum):
    """Why a number can't be called as it is."""

    NO_NUMBER = "no number"
    NO_AREA = "no area"
    LENGTH = "length"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Phone:
    """What is typed, in its form: ``number`` and perhaps ``extension``; as typed, with its ``oddity``, where it has none."""

    number: str
    extension: str = ""
    oddity: Oddity | None = None


def read_phone(typed: str) -> Phone:
    """A number of here as "450 555-0142", one from elsewhere as "+33 1 23 45 67 89"; anything else stays as it is."""
    bare = typed.strip()
    if not bare:
        return Phone("")
    parted = _EXTENSION.fullmatch(bare) if len(bare) <= _MOST else None
    number, extension = (parted["number"], parted["extension"]) if parted else (bare, "")
    if len(bare) > _MOST or not _NUMBER.fullmatch(number):
        return Phone(bare, oddity=Oddity.NO_NUMBER)
    return _formed(bare, number, extension)


def prepare() -> None:
    """Read the rules (50 ms) aside, before a first number needs them."""
    threading.Thread(target=import_module, args=("phonenumbers",), name="guichet-phone-rules").start()


def _formed(bare: str, number: str, extension: str) -> Phone:
    import phonenumbers

    try:
        found = phonenumbers.parse(number, _HERE)
    except phonenumbers.NumberParseException:
        return Phone(bare, oddity=Oddity.LENGTH)
    national = phonenumbers.national_significant_number(found)
    oddity = _oddity(found)
    if not re.sub(r"[^0-9]", "", number).endswith(national):
        oddity = oddity or Oddity.UNKNOWN
    if oddity:
        return Phone(bare, oddity=oddity)
    if found.country_code == _NORTH_AMERICA:
        return Phone(f"{national[:3]} {national[3:6]}-{national[6:]}", extension)
    return Phone(phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.INTERNATIONAL), extension)


def _oddity(found: PhoneNumber) -> Oddity | None:
    import phonenumbers
    from phonenumbers import ValidationResult

    possible = phonenumbers.is_possible_number_with_reason(found)
    if possible == ValidationResult.IS_POSSIBLE_LOCAL_ONLY:
        return Oddity.NO_AREA
    if possible != ValidationResult.IS_POSSIBLE:
        return Oddity.LENGTH
    return None if phonenumbers.is_valid_number(found) else Oddity.UNKNOWN
