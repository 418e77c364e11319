"""Which key an action may have: not one that writes, nor one that fields, the system or another action already have."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from guichet_sync.wording import Words

from ..actions import ACTIONS, action, clashes, shown_key

Keys = Mapping[str, Sequence[str]]
_FUNCTION_KEY = re.compile(r"F\d{1,2}")
_OF_FIELDS = frozenset(
    f"Ctrl+{key}" for key in (*"ACVXYZ", "Left", "Right", "Up", "Down", "Home", "End", "Backspace", "Del", "Ins", "Shift+Z")
)
_OF_THE_SYSTEM = frozenset({"Alt+F4", "Alt+Tab", "Ctrl+Esc", "Alt+Esc", "Alt+Space"})


def keys_for(key: str) -> list[str]:
    """The keys that a person means by one: both Enters are the same to them."""
    return [key, f"{key.removesuffix('Return')}Enter"] if key.endswith("Return") else [key]


def refusal(words: Words, keys: Keys, name: str, key: str) -> str:
    """Why the action of that id can't have ``key``, in a sentence, or nothing. ``keys`` are those of all actions now."""
    return _unfit(words, name, key) or _taken(words, keys, name, key)


def usable(own: Keys) -> dict[str, list[str]]:
    """Of a person's own keys those that can be: of actions there are, and without two of them in one place."""
    found: dict[str, list[str]] = {}
    known = {each.id: list(each.keys) for each in ACTIONS}
    for name, mapped in own.items():
        if name in known and not any("Ctrl+Alt" in key for key in mapped):
            found[name] = list(mapped)
    for _key, one, other in clashes(known | found):
        found.pop(other, None)
        found.pop(one, None)
    return found


def _unfit(words: Words, name: str, key: str) -> str:
    shown = shown_key(key, words)
    if action(name).which:
        return words.text("Ces touches vont ensemble, une par rang : elles ne changent pas.")
    if "Ctrl+Alt+" in key:
        return words.text("Ctrl+Alt est la touche AltGr de bien des claviers : elle sert à écrire @, #, [ ou {sign}.", sign="{")
    if "Meta+" in key or key in _OF_THE_SYSTEM:
        return words.text("{key} appartient au système.", key=shown)
    if key in _OF_FIELDS:
        return words.text("{key} sert dans les champs : copier, coller, annuler, se déplacer.", key=shown)
    if not {"Ctrl", "Alt"} & set(key.split("+")[:-1]) and not _FUNCTION_KEY.fullmatch(key.rpartition("+")[2]):
        return words.text("{key} seule sert à écrire ou à se déplacer : ajoutez Ctrl ou Alt.", key=shown)
    return ""


def _taken(words: Words, keys: Keys, name: str, key: str) -> str:
    wanted = keys_for(key)
    for clashing, one, other in clashes({**keys, name: wanted}):
        if name in (one, other) and clashing in wanted:
            has_it = words.text(action(other if one == name else one).text)
            return words.text("{key} sert déjà à « {name} ».", key=shown_key(clashing, words), name=has_it)
    return ""
