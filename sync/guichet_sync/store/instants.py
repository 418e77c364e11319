"""Instants as text that sorts in time."""

from __future__ import annotations

from datetime import UTC, datetime


def to_text(at: datetime) -> str:
    """UTC ISO 8601 with microseconds: equal lengths, so that text order is time order."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def from_text(text: str) -> datetime:
    """The instant written by :func:`to_text`."""
    return datetime.fromisoformat(text)
