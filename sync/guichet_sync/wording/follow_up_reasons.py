"""What can keep a person from doing something with a known request, or from undoing it: said at the desk or by the server."""

from __future__ import annotations

from .reason import N_, Reason

_ASKED = {
    "note_needed": Reason(N_("La note est vide."), N_("Écrivez-la, puis recommencez.")),
    "field_not_editable": Reason(N_("Ce champ ne se modifie pas ({field})."), N_("Ajoutez plutôt une note.")),
    "nothing_changed": Reason(N_("Rien n’a été modifié."), N_("Modifiez un champ, ou fermez.")),
    "already_there": Reason(N_("La requête est déjà à ce service."), N_("Choisissez-en un autre.")),
    "unknown_unit": Reason(N_("Cette équipe n’est pas connue de ce poste."), N_("Choisissez-en une autre, ou le service seul.")),
    "status_not_next": Reason(
        N_("Ce statut ne peut pas suivre celui de la requête."),
        N_("Une requête fermée se réactive d’abord; une requête ouverte ne se réactive pas."),
    ),
    "proposal_not_found": Reason(N_("Cette proposition n’est plus là : quelqu’un a déjà décidé.")),
}
_MET = {
    "request_closed": Reason(
        N_("Cette requête est fermée."), N_("Réactivez-la d’abord, ou saisissez-en une nouvelle si le problème est revenu.")
    ),
    "not_as_expected": Reason(
        N_("La requête a changé entre-temps : ce n’est plus ce que vous aviez sous les yeux."),
        N_("Regardez où elle en est, puis refaites l’action si elle vaut encore."),
    ),
    "already_decided": Reason(N_("Quelqu’un a déjà décidé de cette proposition."), N_("Regardez ce qui a été retenu.")),
}
_UNDONE = {
    "built_upon": Reason(
        N_("Autre chose a été fait depuis, qui repose là-dessus : cela ne s’annule plus d’un coup."),
        N_("Annulez d’abord ce qui a suivi, ou corrigez par une nouvelle action."),
    ),
    "already_undone": Reason(N_("C’est déjà annulé.")),
    "nothing_to_undo": Reason(N_("Il n’y a rien à annuler : le serveur ne l’avait pas prise en compte.")),
    "too_late_to_undo": Reason(
        N_("Il est trop tard pour l’annuler d’ici."),
        N_("Corrigez par une nouvelle action : une note, un statut, une modification."),
    ),
}

FOLLOW_UP_REASONS: dict[str, Reason] = {**_ASKED, **_MET, **_UNDONE}
"""By code."""
