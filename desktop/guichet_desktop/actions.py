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
    ABOUT = "about"


@dataclass(frozen=True, slots=True)
class Action:
    """What can be done: its short name, its keys in Qt's notation (all do the same), its sentence, its icon.

    ``hint`` puts it in the line at the foot of the window. ``always``: it acts over an open panel too. ``which``: each of its
    keys does it to another thing, so that it can't be done by its name alone.
    """

    id: str
    text: str
    keys: tuple[str, ...] = ()
    scope: Scope = Scope.EVERYWHERE
    says: str = ""
    icon: str = ""
    hint: bool = False
    always: bool = False
    which: bool = False

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
    Action("next_pane", N_("Volet suivant"), ("F6",), says=N_("Aller au volet suivant"), hint=True, icon="arrow-right"),
    Action("previous_pane", N_("Volet précédent"), ("Shift+F6",), says=N_("Aller au volet précédent"), icon="arrow-left"),
    Action(
        "side",
        N_("Volet de l’échange"),
        ("Ctrl+B",),
        says=N_("Montrer ou cacher l’échange, les brouillons et ce qui attend"),
        icon="panel-left",
    ),
    Action("undo", N_("Annuler"), ("F8",), says=N_("Annuler ce qui vient d’être fait"), icon="undo-2"),
    Action("sync", N_("Synchroniser maintenant"), ("F5",), says=N_("Échanger avec le serveur sans attendre"), icon="refresh-cw"),
    Action("pause", N_("Suspendre"), says=N_("Ne plus échanger avec le serveur jusqu’à nouvel ordre"), icon="minus"),
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
        always=True,
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
        always=True,
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
    Action("choose_result", N_("Choisir une fiche"), _RESULT_KEYS, Scope.HOME, N_("Ouvrir la fiche de ce rang"), which=True),
    Action(
        "back", N_("Retour à la recherche"), ("Escape",), Scope.HOME, N_("Revenir à la recherche sans rien perdre"), icon="search"
    ),
    Action("anonymous", N_("Anonyme"), ("Alt+A",), Scope.HOME, N_("La personne ne donne pas son nom"), "user"),
    Action("map", N_("Carte"), ("Alt+M",), Scope.HOME, N_("Montrer ou cacher la carte"), "map-pin"),
    Action("map_nearer", N_("Rapprocher la carte"), (), Scope.HOME, N_("Voir de plus près ce qui entoure le lieu"), "plus"),
    Action("map_farther", N_("Éloigner la carte"), (), Scope.HOME, N_("Voir plus loin autour du lieu"), "minus"),
    Action("map_place", N_("Recentrer la carte"), (), Scope.HOME, N_("Revenir au lieu sur la carte"), "locate"),
    Action(
        "read_back", N_("Relire"), ("F7",), Scope.HOME, N_("Lire le résumé de la requête à la personne"), "message-square-quote"
    ),
    Action(
        "save", N_("Enregistrer"), ("Ctrl+Return", "Ctrl+Enter"), Scope.HOME, N_("Enregistrer la requête"), "check", hint=True
    ),
    Action(
        "outbox_main",
        N_("Agir sur la ligne"),
        ("Return", "Enter"),
        Scope.OUTBOX,
        N_("Faire ce qui convient d’abord à la ligne choisie : corriger, réessayer, reprendre ou ouvrir"),
        "arrow-right",
    ),
    Action(
        "outbox_correct",
        N_("Corriger"),
        ("Alt+C",),
        Scope.OUTBOX,
        N_("Rouvrir ce qui a été refusé, avec tout ce qui avait été saisi"),
        "pencil",
    ),
    Action("outbox_retry", N_("Réessayer"), ("Alt+R",), Scope.OUTBOX, N_("Envoyer de nouveau, sans attendre"), "rotate-ccw"),
    Action(
        "outbox_take_back",
        N_("Reprendre la saisie"),
        ("Alt+P",),
        Scope.OUTBOX,
        N_("Retirer de l’envoi ce qui n’est pas encore parti, pour le modifier"),
        "undo-2",
    ),
    Action("outbox_open", N_("Ouvrir"), ("Alt+O",), Scope.OUTBOX, N_("Ouvrir le brouillon dans le formulaire"), "pencil"),
    Action(
        "outbox_again",
        N_("Refaire"),
        ("Alt+F",),
        Scope.OUTBOX,
        N_("Refaire ce qui a été refusé, sur la requête telle qu’elle est maintenant"),
        "rotate-ccw",
    ),
    Action(
        "outbox_undo",
        N_("Annuler l’envoi"),
        ("Alt+A",),
        Scope.OUTBOX,
        N_("Annuler ce qui est déjà parti, par un envoi qui le défait"),
        "undo-2",
    ),
    Action(
        "outbox_copy_text",
        N_("Copier le texte"),
        ("Ctrl+Shift+X",),
        Scope.OUTBOX,
        N_("Copier ce qui avait été écrit, pour le reprendre ailleurs"),
        "copy",
    ),
    Action(
        "outbox_discard", N_("Supprimer"), ("Delete",), Scope.OUTBOX, N_("Jeter ce brouillon ou ce qui a été refusé"), "trash-2"
    ),
    Action("outbox_copy", N_("Copier le numéro"), ("Ctrl+Shift+C",), Scope.OUTBOX, N_("Copier le numéro de la ligne"), "copy"),
    Action("outbox_all", N_("Tout"), ("Alt+1",), Scope.OUTBOX, N_("Montrer tout ce qui n’est pas encore réglé"), "list"),
    Action("outbox_waiting", N_("En attente"), ("Alt+2",), Scope.OUTBOX, N_("Montrer ce qui attend d’être envoyé"), "clock"),
    Action(
        "outbox_refused", N_("Refusé"), ("Alt+3",), Scope.OUTBOX, N_("Montrer ce qui a été refusé ou mis de côté"), "circle-alert"
    ),
    Action("outbox_drafts", N_("Brouillons"), ("Alt+4",), Scope.OUTBOX, N_("Montrer les brouillons"), "file-text"),
    Action(
        "find_request",
        N_("Chercher une requête"),
        ("Ctrl+F",),
        Scope.REQUESTS,
        N_("Chercher par numéro, par mots, par catégorie ou par lieu"),
        "search",
        hint=True,
    ),
    Action("open_request", N_("Ouvrir"), ("Ctrl+O",), Scope.REQUESTS, N_("Ouvrir la requête choisie dans la liste"), "eye"),
    Action(
        "back_to_list",
        N_("Retour à la liste"),
        ("Escape",),
        Scope.REQUESTS,
        N_("Fermer la requête et revenir à la liste"),
        "arrow-left",
        hint=True,
    ),
    Action(
        "next_request",
        N_("Requête suivante"),
        ("Alt+Down",),
        Scope.REQUESTS,
        N_("Ouvrir la suivante de la liste"),
        "chevron-down",
    ),
    Action(
        "previous_request",
        N_("Requête précédente"),
        ("Alt+Up",),
        Scope.REQUESTS,
        N_("Ouvrir la précédente de la liste"),
        "chevron-up",
    ),
    Action(
        "copy_number",
        N_("Copier le numéro"),
        ("Ctrl+Shift+C",),
        Scope.REQUESTS,
        N_("Copier le numéro de la requête"),
        "copy",
        hint=True,
    ),
    Action(
        "open_only", N_("Ouvertes"), ("Alt+O",), Scope.REQUESTS, N_("Montrer seulement les requêtes ouvertes"), "clipboard-list"
    ),
    Action(
        "late_only",
        N_("En retard"),
        ("Alt+R",),
        Scope.REQUESTS,
        N_("Montrer seulement celles dont la date promise est passée"),
        "clock",
    ),
    Action(
        "mine_only", N_("Mes saisies"), ("Alt+S",), Scope.REQUESTS, N_("Montrer seulement les requêtes que j’ai saisies"), "user"
    ),
    Action(
        "keep_proposal",
        N_("Retenir"),
        ("Alt+P",),
        Scope.REQUESTS,
        N_("Mettre ce qui est proposé à la place de ce qui est là"),
        "check",
    ),
    Action(
        "drop_proposal",
        N_("Garder ce qui est là"),
        ("Alt+G",),
        Scope.REQUESTS,
        N_("Écarter la proposition, sans rien changer à la requête"),
        "x",
    ),
    Action(
        "next_proposal",
        N_("Proposition suivante"),
        ("Alt+J",),
        Scope.REQUESTS,
        N_("Aller à l’autre proposition de cette requête"),
        "chevron-down",
    ),
    Action("clear_filters", N_("Tout montrer"), ("Alt+T",), Scope.REQUESTS, N_("Enlever tous les filtres"), "x"),
    Action(
        "change_key",
        N_("Changer la touche"),
        ("Return", "Enter"),
        Scope.SETTINGS,
        N_("Donner une autre touche à la commande choisie"),
        "keyboard",
    ),
    Action(
        "reset_key", N_("Rétablir"), (), Scope.SETTINGS, N_("Rendre à la commande choisie ses touches d’origine"), "rotate-ccw"
    ),
    Action(
        "reset_keys",
        N_("Tout rétablir"),
        (),
        Scope.SETTINGS,
        N_("Rendre à toutes les commandes leurs touches d’origine"),
        "undo-2",
    ),
    Action(
        "copy_status", N_("Copier l’état du poste"), (), Scope.ABOUT, N_("Copier un texte pour le soutien informatique"), "copy"
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


SCOPES = {
    Scope.EVERYWHERE: N_("Partout"),
    Scope.HOME: N_("Accueil"),
    Scope.REQUESTS: N_("Requêtes"),
    Scope.OUTBOX: N_("À transmettre"),
    Scope.SETTINGS: N_("Réglages"),
    Scope.ABOUT: N_("À propos"),
}
"""What each place is called."""

_KEY_NAMES = {"Return": N_("Entrée"), "Enter": N_("Entrée"), "Escape": N_("Échap"), "Shift": N_("Maj"), "Delete": N_("Suppr")}
"""Keys whose names differ between the keyboards of both languages."""
_SPAN_OF_KEYS = 3
_ARROWS = {"Up": "↑", "Down": "↓", "Left": "←", "Right": "→"}


def shown_key(key: str, words: Words) -> str:
    """A key as it stands on a keyboard here: "Ctrl+Entrée"."""
    parts = (_ARROWS.get(part, part) for part in key.split("+"))
    return "+".join(words.text(_KEY_NAMES[part]) if part in _KEY_NAMES else part for part in parts)


def shown_keys(keys: Iterable[str], words: Words) -> tuple[str, ...]:
    """Keys as they stand on a keyboard here, each once; many in a row are told by the first and the last."""
    shown = tuple(dict.fromkeys(shown_key(key, words) for key in keys))
    if len(shown) <= _SPAN_OF_KEYS:
        return shown
    return (words.text("{first} à {last}", first=shown[0], last=shown[-1]),)
