"""The actions one may look for by name: what they are found by, best first, and the rows of the list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from guichet_sync.language import fold, words
from guichet_sync.wording import Words

from ..actions import Action, shown_key

_ALSO = {
    "search": "trouver chercher fiche réponse find article answer",
    "new_request": "créer ouvrir formulaire signalement create open form report",
    "new_interaction": "appel visite personne suivante call visit next person caller",
    "end_interaction": "raccrocher appel fini hang up finish call basket",
    "next_pane": "panneau région panel region",
    "previous_pane": "panneau région panel region",
    "side": "panneau gauche latéral left panel hide",
    "undo": "défaire revenir erreur revert mistake",
    "sync": "envoyer actualiser réseau send refresh network update",
    "home": "début principal start main",
    "requests": "dossiers liste suivi list follow up",
    "outbox": "boîte envoi waiting queue",
    "settings": "préférences options configuration",
    "keys": "aide clavier touches help keyboard shortcuts",
    "about": "diagnostic soutien aide support help",
    "privacy": "masquer rideau voiler hide cover curtain",
    "language": "langue traduire translate",
    "theme": "apparence couleurs nuit appearance colours night",
    "larger": "zoom police grossir loupe font bigger magnify",
    "smaller": "zoom police diminuer font decrease",
    "lock": "quitter sortir déconnexion pause log out sign leave quit break",
    "answered": "répondu information réglé done",
    "copy_say": "presse-papiers clipboard",
    "anonymous": "sans nom inconnu unknown",
    "map": "plan lieu adresse place address",
    "read_back": "confirmer répéter vérifier confirm repeat",
    "save": "sauvegarder conserver keep store",
}
"""What else people call an action, in both languages."""

_SAID = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole)
_NAME, _ALSO_CALLED, _SENTENCE, _WITHIN = 0, 2, 4, 8


@dataclass(frozen=True, slots=True)
class Entry:
    """One action as it is shown, and what it is found by: folded names, and folded words with what finding by them costs."""

    id: str
    name: str
    says: str
    keys: tuple[str, ...]
    icon: str
    names: tuple[str, ...]
    found_by: tuple[tuple[str, int], ...]

    @property
    def said(self) -> str:
        """What a screen reader says of it."""
        return ". ".join(filter(None, (self.name, self.says, ", ".join(self.keys))))


def entry(action: Action, keys: Iterable[str], shown_in: Words, both: Sequence[Words]) -> Entry:
    """An action with its keys of now, in one language, found by its words in both."""
    keys = tuple(keys)
    named = [shown_key(key, each) for key in keys for each in both]
    costs = (
        (_NAME, (each.text(action.text) for each in both)),
        (_ALSO_CALLED, (_ALSO.get(action.id, ""), action.id.replace("_", " "), *named)),
        (_SENTENCE, (each.text(action.says) for each in both)),
    )
    cheapest: dict[str, int] = {}
    for cost, texts in costs:
        for text in texts:
            for word in words(text):
                cheapest.setdefault(word, cost)
    names = tuple(fold(each.text(action.text)) for each in both)
    shown = tuple(dict.fromkeys(shown_key(key, shown_in) for key in keys))
    says = shown_in.text(action.says) if action.says else ""
    return Entry(action.id, shown_in.text(action.text), says, shown, action.icon, names, tuple(cheapest.items()))


def found(entries: Sequence[Entry], typed: str, recent: Sequence[str] = ()) -> tuple[Entry, ...]:
    """The entries that have every word typed, best first. While nothing is typed: all, those used last (by id) first."""
    wanted = words(typed)
    if not wanted:
        place = {id_: at for at, id_ in enumerate(recent)}
        return tuple(sorted(entries, key=lambda each: place.get(each.id, len(place))))
    whole = fold(typed).strip()
    costs = ((_cost(each, wanted, whole), each) for each in entries)
    fitting = [(cost, each) for cost, each in costs if cost is not None]
    return tuple(each for _cost, each in sorted(fitting, key=lambda pair: pair[0]))


def _cost(entry: Entry, wanted: Sequence[str], whole: str) -> int | None:
    """How far an entry is from what was typed, or None. A name that begins so is nearest."""
    if any(name.startswith(whole) for name in entry.names):
        return -1
    costs = [_cost_of_word(entry, word) for word in wanted]
    return None if None in costs else sum(filter(None, costs))


def _cost_of_word(entry: Entry, wanted: str) -> int | None:
    costs = [cost + (0 if word.startswith(wanted) else _WITHIN) for word, cost in entry.found_by if wanted in word]
    return min(costs, default=None)


class PaletteModel(QAbstractListModel):
    """Rows of :class:`Entry`, under ``UserRole``."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._entries: tuple[Entry, ...] = ()

    def show(self, entries: tuple[Entry, ...]) -> None:
        """Replace all rows."""
        self.beginResetModel()
        self._entries = entries
        self.endResetModel()

    def rowCount(self, _parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """How many rows."""
        return len(self._entries)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The entry of a row, or what it says."""
        if not 0 <= index.row() < len(self._entries):
            return None
        shown = self._entries[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return shown
        return shown.said if role in _SAID else None
