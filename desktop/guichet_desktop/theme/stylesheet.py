"""The style sheet, made of tokens. Widgets say what they are by dynamic properties: ``role``, ``tone``, ``kind``, ``card``.

A part is a ``string.Template``: ``$text`` is the colour of a role, ``${px13}px`` 13 px that grow with the text, ``${px6_1}px``
the same less 1 px that does not grow (a line), ``${half24}px`` half of 24 grown px, ``$arrow_down`` the address of a drawing,
``$off`` the line around what can't be used.

Habits of Qt that shape it: a radius of more than half a height is dropped without a word; ``*`` font sizes beat ``setFont``;
a rule is weighed against every widget, so that a property of one kind of widget names that kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from string import Template

from .drawn import pictures
from .styles_choices import CHOICES
from .styles_controls import CONTROLS
from .styles_lists import LISTS
from .styles_map import MAP
from .styles_overlay import OVERLAYS
from .styles_parts import PARTS
from .styles_settings import SETTINGS
from .styles_shell import SHELL
from .styles_surfaces import SURFACES
from .styles_text import TEXT
from .theme import Theme

_PARTS: tuple[Template, ...] = (
    TEXT,
    SURFACES,
    CONTROLS,
    CHOICES,
    LISTS,
    MAP,
    OVERLAYS,
    PARTS,
    SETTINGS,
    SHELL,
)
_SIZE = re.compile(r"px(?P<pixels>\d+)(?:_(?P<less>\d+))?|half(?P<whole>\d+)")


def stylesheet(theme: Theme) -> str:
    """The style sheet of a theme."""
    values = _Values(theme)
    return "".join(part.substitute(values) for part in _PARTS)


class _Values(Mapping[str, str]):
    """What a part may name: colours, lines, drawings, and sizes of any number of pixels."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self._named = theme.colours | _lines(theme) | pictures(theme.colours)

    def __getitem__(self, name: str) -> str:
        size = _SIZE.fullmatch(name)
        if size is None:
            return self._named[name]
        if size["whole"]:
            return str(self._theme.px(int(size["whole"])) // 2)
        return str(self._theme.px(int(size["pixels"])) - int(size["less"] or 0))

    def __iter__(self) -> Iterator[str]:
        return iter(self._named)

    def __len__(self) -> int:
        return len(self._named)


def _lines(theme: Theme) -> dict[str, str]:
    """Lines around tints, and around what can't be used: where everything is black, they are what is seen."""
    colours, contrast = theme.colours, theme.name == "contrast"
    toned = {f"{tone}Line": colours[tone] if contrast else colours[f"{tone}Bg"] for tone in ("ok", "warn", "bad")}
    return {
        **toned,
        "pillLine": colours["line"] if contrast else "transparent",
        "infoLine": colours["brand" if contrast else "tint"],
        "off": f"1px dashed {colours['text3']}" if contrast else f"1px solid {colours['line']}",
    }
