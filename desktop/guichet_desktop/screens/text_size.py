"""The size of the text: in steps, from 100 to 200 percent."""

from __future__ import annotations

from .preferences import Preferences

LEAST, MOST, STEP = 100, 200, 10


def resize(preferences: Preferences, by: int) -> int:
    """So many steps larger or smaller, as far as it goes; the percent it has now."""
    percent = within(preferences.settings.scale + by * STEP)
    if percent != preferences.settings.scale:
        preferences.change(scale=percent)
    return percent


def within(percent: int) -> int:
    """The nearest step there is."""
    return min(MOST, max(LEAST, round(percent / STEP) * STEP))
