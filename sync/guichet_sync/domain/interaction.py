"""An interaction: one call or one visit of one person, and what came of it."""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """What came of an interaction."""

    ANSWERED = "answered"
    REQUEST_CREATED = "request_created"
