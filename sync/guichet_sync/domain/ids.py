"""Numbers that people read aloud.

A provisional number is given by the post at once, online or not: ``C07-0142-K``. Its code (a letter and digits) belongs to one
enrolment, that is one person on one post, and is given once for ever by the server; so two people on one post, or two posts
without a network, never give the same number. The last letter checks the others.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .errors import InvalidInput

LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
"""The 23 letters of codes and checks: without I, O and Q, which are misread as 1 and 0."""

_MODULUS = len(LETTERS)
_FORM = re.compile(rf"([{LETTERS}])(\d{{2,6}})[-\s](\d{{4,9}})[-\s]?([{LETTERS}])")


def check_letter(code: str, sequence: int) -> str:
    """The letter that makes ``code`` and ``sequence`` a number.

    The weighted sum of the characters modulo 23, with weights that are consecutive powers of 5. 5 generates the multiplicative
    group modulo 23, so within 22 characters all weights differ and none is zero: each single wrong character and each swap of
    two different neighbours changes the letter (a letter and a digit are never confused: the form tells them apart).
    """
    total, weight = 0, 1
    for character in reversed(f"{code}{sequence:04d}"):
        weight = weight * 5 % _MODULUS
        value = int(character) if character.isdigit() else LETTERS.index(character)
        total += weight * value
    return LETTERS[total % _MODULUS]


@dataclass(frozen=True, slots=True)
class ProvisionalNumber:
    """A number given by a post: the enrolment's ``code`` and its own ``sequence``, from 1."""

    code: str
    sequence: int

    def __str__(self) -> str:
        return f"{self.code}-{self.sequence:04d}-{check_letter(self.code, self.sequence)}"

    @classmethod
    def parse(cls, text: str) -> ProvisionalNumber:
        """Read a number as typed (any case, spaces or dashes).

        :raises InvalidInput: ``number_form`` if it does not look like one, ``number_check`` if the check letter is wrong.
        """
        found = _FORM.fullmatch(text.strip().upper())
        if found is None:
            raise InvalidInput("number_form", field="number")
        number = cls(found[1] + found[2], int(found[3]))
        if check_letter(number.code, number.sequence) != found[4]:
            raise InvalidInput("number_check", field="number")
        return number


def enrolment_code(rank: int) -> str:
    """The code of the ``rank``-th enrolment (from 0) of a city: A01, A02 … A99, B01 … Z99, A100 …

    :raises ValueError: if ``rank`` is negative.
    """
    if rank < 0:
        raise ValueError(rank)
    letter, digits = divmod(rank, 99)
    lap, letter = divmod(letter, len(LETTERS))
    return f"{LETTERS[letter]}{lap * 100 + digits + 1:02d}"


def enrolment_rank(code: str) -> int:
    """The rank of the enrolment that has this code: the inverse of :func:`enrolment_code`, -1 for a code of another form."""
    lap, place = divmod(int(code[1:]), 100)
    rank = (lap * len(LETTERS) + LETTERS.index(code[0])) * 99 + place - 1
    return rank if place and enrolment_code(rank) == code else -1
