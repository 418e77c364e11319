"""What a reason code is worded by."""

from __future__ import annotations

from dataclasses import dataclass


def N_(source: str) -> str:
    """Mark a source string for the catalogue where it is only translated later."""
    return source


@dataclass(frozen=True, slots=True)
class Reason:
    """Source strings of one reason code."""

    title: str
    advice: str = ""
