"""HTML of a fiche as plain text."""

from __future__ import annotations

import html
import re

_TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*)[^<>]*>|<![^<>]*>")
_INLINE = frozenset("a abbr b em i small span strong sub sup u".split())


def plain_text(markup: str) -> str:
    """The words of ``markup``, blocks separated by one space. Meant to be read and indexed, never to be rendered as HTML.

    Takes time in proportion to its length, whatever it is given.
    """
    return " ".join(html.unescape(_TAG.sub(_space, markup)).split())


def _space(tag: re.Match[str]) -> str:
    return "" if (tag[1] or "").lower() in _INLINE else " "
