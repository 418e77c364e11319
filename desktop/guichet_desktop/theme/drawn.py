"""Small drawings of the style sheet (arrows, ticks, dots) in the colours of a theme, kept in memory: Qt reads them from no disk.

A style sheet names pictures by address only. Qt has addresses in memory (``:/…``), made of four blocks that its own compiler
writes; a folder of small files is simple enough to be written here, in the colours that are worn.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from functools import cache

from PySide6.QtCore import qRegisterResourceData

from .contrast import ratio
from .icons import drawing

_Blocks = tuple[bytes, bytes, bytes]
_VERSION = 1
_FOLDER = 2  # the flag of a folder among the entries of the tree
_ANY_LANGUAGE = 1  # QLocale.C: whoever asks gets this file
_BOX = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke-linecap="round" stroke-linejoin="round">'
    "{ring}{shape}{sign}</svg>"
)
_SHAPES = {
    "box": '<rect x="{at}" y="{at}" width="{side}" height="{side}" rx="4" fill="{fill}" stroke="{line}" stroke-width="{width}"/>',
    "radio": '<circle cx="12" cy="12" r="{radius}" fill="{fill}" stroke="{line}" stroke-width="{width}"/>',
}
_RINGS = {
    "box": '<rect x="1" y="1" width="22" height="22" rx="6" stroke="{ring}" stroke-width="2"/>',
    "radio": '<circle cx="12" cy="12" r="11" stroke="{ring}" stroke-width="2"/>',
}
_SIGNS = {
    ("box", "on"): '<path d="M7.5 12.5l3 3 6-6.5" stroke="{sign}" stroke-width="2.2"/>',
    ("box", "mixed"): '<path d="M8 12h8" stroke="{sign}" stroke-width="2.4"/>',
    ("radio", "on"): '<circle cx="12" cy="12" r="3.6" fill="{sign}"/>',
}


def pictures(colours: Mapping[str, str]) -> dict[str, str]:
    """The address of each drawing the style sheet needs, by its name there (``arrow_down``, ``box_on_focus``…)."""
    drawings = _arrows(colours) | _marks(colours) | _knobs(colours) | {"ring": _ring(colours)}
    folder, _ = _published(tuple(sorted(drawings.items())))
    return {name: f":/{folder}/{name}.svg" for name in drawings}


def _arrows(colours: Mapping[str, str]) -> dict[str, str]:
    inks = {"": colours["text2"], "_off": colours["text3"]}
    return {
        f"arrow_{way}{suffix}": drawing(f"chevron-{way}").replace("currentColor", ink)
        for way in ("down", "up", "left", "right")
        for suffix, ink in inks.items()
    }


def _marks(colours: Mapping[str, str]) -> dict[str, str]:
    """Check boxes and radio buttons whole, each as it is, with the focus and out of reach: a border drawn by the sheet would
    lose its curve at some sizes.
    """
    kinds = [("box", ""), ("box", "on"), ("box", "mixed"), ("radio", ""), ("radio", "on")]
    return {
        "_".join(filter(None, (shape, state, mood))): _mark(shape, state, mood, colours)
        for shape, state in kinds
        for mood in ("", "focus", "off", "bad")
    }


def _knobs(colours: Mapping[str, str]) -> dict[str, str]:
    inks = {"knob": colours["brand"], "knob_hover": colours["brandHover"], "knob_off": colours["text3"]}
    shape = _SHAPES["radio"]
    return {
        name: _BOX.format(ring="", shape=shape.format(radius=12, fill=ink, line=ink, width=0), sign="")
        for name, ink in inks.items()
    }


def _ring(colours: Mapping[str, str]) -> str:
    """A button in the colour of the brand with the focus: the ring stands around it, with a gap, since no ring shows on it.

    It is cut in nine by the sheet: corners of a quarter of its side, at four times their size.
    """
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="96" height="96" viewBox="0 0 96 96">'
        f'<rect x="4" y="4" width="88" height="88" rx="20" fill="none" stroke="{colours["focus"]}" stroke-width="8"/>'
        f'<rect x="14" y="14" width="68" height="68" rx="10" fill="{colours["brand"]}"/></svg>'
    )


def _mark(shape: str, state: str, mood: str, colours: Mapping[str, str]) -> str:
    filled = bool(state)
    faint = min((colours["line"], colours["text3"]), key=lambda each: ratio(each, colours["surface"]))
    line = {"off": colours["text3"] if filled else faint, "bad": colours["bad"]}.get(
        mood, colours["brand"] if filled else colours["field"]
    )
    fill = (line if mood == "off" else colours["brand"]) if filled else colours["surface"]
    width = 2 if mood == "bad" else 1.25
    inset = width / 2
    drawn = _SHAPES[shape].format(at=3 + inset, side=18 - width, radius=9 - inset, fill=fill, line=line, width=width)
    sign = _SIGNS.get((shape, state), "").format(sign=colours["surface"] if mood == "off" else colours["onBrand"])
    ring = _RINGS[shape].format(ring=colours["focus"]) if mood == "focus" else ""
    return _BOX.format(ring=ring, shape=drawn, sign=sign)


@cache
def _published(drawings: tuple[tuple[str, str], ...]) -> tuple[str, _Blocks]:
    """Give Qt a folder of drawings, once for the same ones: its name, and its blocks, kept here because Qt points at them."""
    folder = f"guichet-{_hash(repr(drawings)):x}"
    blocks = _blocks(folder, {f"{name}.svg": text.encode() for name, text in drawings})
    qRegisterResourceData(_VERSION, *blocks)
    return folder, blocks


def _blocks(folder: str, files: Mapping[str, bytes]) -> _Blocks:
    """The tree, the names and the contents, as Qt's resource compiler writes them (version 1): big-endian, sorted by hash."""
    names = bytearray(_name(folder))
    contents = bytearray()
    tree = struct.pack(">IHII", 0, _FOLDER, 1, 1) + struct.pack(">IHII", 0, _FOLDER, len(files), 2)
    for file in sorted(files, key=_hash):
        tree += struct.pack(">IHHHI", len(names), 0, 0, _ANY_LANGUAGE, len(contents))
        names += _name(file)
        contents += struct.pack(">I", len(files[file])) + files[file]
    return tree, bytes(names), bytes(contents)


def _name(name: str) -> bytes:
    return struct.pack(">HI", len(name), _hash(name)) + name.encode("utf-16-be")


def _hash(name: str) -> int:
    """Qt's own hash of a resource's name."""
    found = 0
    for character in name:
        found = (found << 4) + ord(character)
        found ^= (found & 0xF0000000) >> 23
        found &= 0x0FFFFFFF
    return found
