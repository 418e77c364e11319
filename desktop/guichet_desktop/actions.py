"""Every action in one table: menus, buttons, palette, key sheet and docs are made from it.

Never Ctrl+Alt: on many layouts it is AltGr and types characters. A person may map keys anew; these are what they begin with.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from guichet_sync.wording import N_, Words


class Scope(StrEnum):
    """Where an action can be done: in every page of a signed-in person, or in one of them."""

    EVERYWHERE = "everywhere"
    HOME = "home"
    REQUESTS = "requests"
    OUTBOX = "outbox"
    SETTINGS = "settings"


@dataclass(frozen=True, slots=True)
class Action:
    """What can be done: its short name, its keys in Qt's notation (all do the same), its sentence, its icon.

    ``hint`` puts it in the line at the foot of the window.
    """

    id: str
    text: str
    keys: tuple[str, ...] = ()
    scope: Scope = Scope.EVERYWHERE
    says: str = ""
    icon: str = ""
    hint: bool = False

    @property
    def key(self) -> str:
        """The first of its keys, or nothing."""
        return self.keys[0] if self.keys else ""


_RESULT_KEYS = tuple(f"Alt+{place}" for place in range(1, 9))

ACTIONS = (
    Action("search", N_("Rechercher"), ("F2",), says=N_("Aller au champ de recherche"), icon="search", hint=True),
    Action("palette", N_("Commandes"), ("Ctrl+K",), says=N_("Chercher une commande par son nom"), icon="command", hint=True),
    Action(
        "new_request",
        N_("Nouvelle requête"),
        ("F4",),
        says=N_("Commencer une requête; celle en cours reste en brouillon"),
        icon="plus",
        hint=True,
    ),
    Action(
        "new_interaction", N_("Nouvel échange"), ("F3",), says=N_("Commencer un échange avec une autre personne"), icon="headset"
    ),
    Action(
        "end_interaction",
        N_("Terminer l’échange"),
        ("Shift+F3",),
        says=N_("La personne est partie : vider le panier"),
        icon="check",
    ),
    Action("next_pane", N_("Volet suivant"), ("F6",), says=N_("Aller au volet suivant"), hint=True),
    Action("previous_pane", N_("Volet précédent"), ("Shift+F6",), says=N_("Aller au volet précédent")),
    Action(
        "side", N_("Volet de l’échange"), ("Ctrl+B",), says=N_("Montrer ou cacher l’échange, les brouillons et ce qui attend")
    ),
    Action("undo", N_("Annuler"), ("F8",), says=N_("Annuler ce qui vient d’être fait"), icon="undo-2"),
    Action("sync", N_("Synchroniser maintenant"), ("F5",), says=N_("Échanger avec le serveur sans attendre"), icon="refresh-cw"),
    Action("home", N_("Accueil"), ("Ctrl+1",), says=N_("Recherche, fiches et nouvelle requête"), icon="headset"),
    Action(
        "requests", N_("Requêtes"), ("Ctrl+2",), says=N_("Les requêtes de la Ville et leur historique"), icon="clipboard-list"
    ),
    Action("outbox", N_("À transmettre"), ("Ctrl+3",), says=N_("Ce qui attend d’être envoyé ou a été refusé"), icon="send"),
    Action("settings", N_("Réglages"), ("Ctrl+4",), says=N_("Langue, apparence, taille du texte, raccourcis"), icon="settings"),
    Action("keys", N_("Raccourcis"), ("F1",), says=N_("Voir tous les raccourcis clavier"), icon="keyboard", hint=True),
    Action("about", N_("À propos"), says=N_("Version, licences et état de ce poste"), icon="info"),
    Action(
        "privacy",
        N_("Écran de confidentialité"),
        ("F9",),
        says=N_("Cacher l’écran aux regards, sans rien fermer"),
        icon="eye-off",
    ),
    Action(
        "language",
        N_("Changer de langue"),
        ("Ctrl+Shift+L",),
        says=N_("Passer du français à l’anglais, sans rien perdre"),
        icon="languages",
    ),
    Action("theme", N_("Changer de thème"), says=N_("Clair, sombre, contraste élevé"), icon="contrast"),
    Action("larger", N_("Agrandir le texte"), says=N_("Texte plus grand, jusqu’à 200 %"), icon="a-large-small"),
    Action("smaller", N_("Réduire le texte"), says=N_("Texte plus petit, jusqu’à 100 %"), icon="a-large-small"),
    Action(
        "lock",
        N_("Verrouiller"),
        ("Ctrl+L",),
        says=N_("Fermer le poste de travail; ce qui attend continue d’être envoyé"),
        icon="lock",
    ),
    Action(
        "answered",
        N_("Réponse donnée"),
        ("Ctrl+R",),
        Scope.HOME,
        N_("Compter que la fiche a répondu à la personne"),
        "check",
        hint=True,
    ),
    Action(
        "request_from_article",
        N_("Créer la requête"),
        ("Shift+F4",),
        Scope.HOME,
        N_("Commencer la requête de la fiche ouverte"),
        "plus",
    ),
    Action("copy_say", N_("Copier"), ("Ctrl+Shift+C",), Scope.HOME, N_("Copier la phrase « À dire » de la fiche"), "copy"),
    Action("choose_result", N_("Choisir une fiche"), _RESULT_KEYS, Scope.HOME, N_("Ouvrir la fiche de ce rang")),
    Action("back", N_("Retour à la recherche"), ("Escape",), Scope.HOME, N_("Revenir à la recherche sans rien perdre")),
    Action("anonymous", N_("Anonyme"), ("Alt+A",), Scope.HOME, N_("La personne ne donne pas son nom"), "user"),
    Action("map", N_("Carte"), ("Alt+M",), Scope.HOME, N_("Montrer ou cacher la carte"), "map-pin"),
    Action(
        "read_back", N_("Relire"), ("F7",), Scope.HOME, N_("Lire le résumé de la requête à la personne"), "message-square-quote"
    ),
    Action(
        "save", N_("Enregistrer"), ("Ctrl+Return", "Ctrl+Enter"), Scope.HOME, N_("Enregistrer la requête"), "check", hint=True
    ),
)
_BY_ID = {action.id: action for action in ACTIONS}


def action(name: str) -> Action:
    """The action of that id."""
    return _BY_ID[name]


def clashes(keys: Mapping[str, Iterable[str]]) -> tuple[tuple[str, str, str], ...]:
    """Keys (by action id) that two actions would have in one place: the key and the two ids, each pair once."""
    taken: dict[tuple[str, Scope], str] = {}
    found = []
    for id_, mapped in keys.items():
        scope = action(id_).scope
        for key in mapped:
            places = tuple(Scope) if scope is Scope.EVERYWHERE else (Scope.EVERYWHERE, scope)
            other = next((taken[key, place] for place in places if (key, place) in taken), None)
            if other is not None:
                found.append((key, other, id_))
            taken.setdefault((key, scope), id_)
    return tuple(found)


_KEY_NAMES = {"Return": N_("Entrée"), "Enter": N_("Entrée"), "Escape": N_("Échap"), "Shift": N_("Maj")}
"""Keys whose names differ between the keyboards of both languages."""


def shown_key(key: str, words: Words) -> str:
    """A key as it stands on a keyboard here: "Ctrl+Entrée"."""
    return "+".join(words.text(_KEY_NAMES.get(part, part)) for part in key.split("+"))
