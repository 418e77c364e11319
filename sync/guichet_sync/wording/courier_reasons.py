"""What can keep work from leaving by other people's hands, or the server from taking it in."""

from __future__ import annotations

from .reason import N_, Reason

_FILES = {
    "no_sealing_key": Reason(
        N_("Ce poste n’a pas encore la clé qui scelle ce que d’autres peuvent transporter."),
        N_("Elle vient avec le premier échange : faites-en un quand le serveur répond, puis recommencez. Rien n’est perdu."),
    ),
    "file_not_writable": Reason(
        N_("Le fichier ne peut pas être écrit ({file})."), N_("Vérifiez le dossier, ses droits et la place qui reste.")
    ),
    "boxes_file_form": Reason(
        N_("Ce fichier n’est pas un envoi scellé par « guichetctl outbox export »."), N_("Rien n’a été pris. Vérifiez son nom.")
    ),
    "boxes_of_another_server": Reason(
        N_("Ce fichier est pour un autre serveur que celui de ce poste."),
        N_("Rien n’a été pris. Importez-le sur un poste inscrit auprès du même serveur."),
    ),
}
_BOXES = {
    "box_unreadable": Reason(N_("Le serveur ne peut pas ouvrir cet envoi scellé : il n’est pas pour lui, ou il est abîmé.")),
    "box_signature": Reason(N_("Cet envoi scellé n’est pas signé par le poste dont il porte le nom.")),
    "box_too_large": Reason(N_("Cet envoi scellé dépasse la taille permise.")),
}
_OUTCOMES = {
    "conflict": Reason(
        N_("Le serveur a trouvé autre chose que ce qui était attendu."),
        N_("Regardez où en est la requête, puis refaites l’action si elle vaut encore."),
    ),
    "gone": Reason(N_("Ce qui devait être modifié n’existe plus sur le serveur."), N_("Il n’y a plus rien à y faire.")),
}

COURIER_REASONS: dict[str, Reason] = {**_FILES, **_BOXES, **_OUTCOMES}
"""By code."""
