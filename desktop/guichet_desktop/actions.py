"""Every action in one table: menus, key hints and help are made from it.

Never Ctrl+Alt: on many layouts it is AltGr and types characters.
"""

from __future__ import annotations

from dataclasses import dataclass

from guichet_sync.wording import N_, Words


@dataclass(frozen=True, slots=True)
class Action:
    """What can be done: its name, its key in Qt's notation (and others that do the same), whether the status line hints at it."""

    id: str
    text: str
    key: str
    hint: bool = False
    other_keys: tuple[str, ...] = ()


ACTIONS = (
    Action("search", N_("Rechercher"), "F2", hint=True),
    Action("new_request", N_("Nouvelle requête"), "F4", hint=True),
    Action("next_pane", N_("Volet suivant"), "F6", hint=True),
    Action("previous_pane", N_("Volet précédent"), "Shift+F6"),
    Action("answered", N_("Réponse donnée"), "Ctrl+R", hint=True),
    Action("save", N_("Enregistrer"), "Ctrl+Return", hint=True, other_keys=("Ctrl+Enter",)),
    Action("back", N_("Retour à la recherche"), "Escape"),
    Action("sync", N_("Synchroniser maintenant"), "F5"),
    Action("language", N_("Changer de langue"), "Ctrl+Shift+L"),
    Action("lock", N_("Verrouiller"), "Ctrl+L", hint=True),
)
_BY_ID = {action.id: action for action in ACTIONS}


def action(name: str) -> Action:
    """The action of that id."""
    return _BY_ID[name]


_KEY_NAMES = {"Return": N_("Entrée"), "Escape": N_("Échap"), "Shift": N_("Maj")}
"""Keys whose names differ between the keyboards of both languages."""


def shown_key(key: str, words: Words) -> str:
    """A key as it stands on a keyboard here: "Ctrl+Entrée"."""
    return "+".join(words.text(_KEY_NAMES.get(part, part)) for part in key.split("+"))
