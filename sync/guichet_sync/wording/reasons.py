"""What each reason code means: a sentence and what to do. French source strings; the catalogue has the English."""

from __future__ import annotations

from dataclasses import dataclass


def N_(source: str) -> str:
    """Mark a source string for the catalogue where it is only translated later."""
    return source


@dataclass(frozen=True, slots=True)
class Reason:
    """Source strings of one reason code."""

    title: str
    advice: str = ""


UNEXPECTED = Reason(
    N_("Une erreur inattendue s’est produite ({code})."),
    N_("Rien de ce que vous avez saisi n’est perdu. Si cela se répète, transmettez ce code au soutien informatique."),
)

_ENROLMENT = {
    "not_enrolled": Reason(
        N_("Ce poste n’est pas encore inscrit pour cette personne."),
        N_("Inscrivez-le avec l’adresse du serveur, votre nom d’utilisateur et votre mot de passe."),
    ),
    "sign_in_refused": Reason(
        N_("Le nom d’utilisateur ou le mot de passe est inexact."),
        N_("Vérifiez-les et recommencez; les majuscules comptent."),
    ),
    "account_disabled": Reason(
        N_("Ce compte est désactivé."),
        N_("Adressez-vous à l’administration de Guichet. Le travail en attente reste sur le poste."),
    ),
    "enrolment_revoked": Reason(
        N_("L’inscription de ce poste a été révoquée."),
        N_("Inscrivez-le de nouveau. Le travail en attente reste sur le poste."),
    ),
    "keyring_missing": Reason(
        N_("Aucun trousseau de clés du système n’est disponible sur ce poste."),
        N_("Donnez une phrase de passe (variable GUICHET_PASSPHRASE), ou activez le trousseau de votre session."),
    ),
    "passphrase_needed": Reason(
        N_("La phrase de passe de ce profil est nécessaire."),
        N_("Donnez-la quand elle est demandée, ou par la variable GUICHET_PASSPHRASE."),
    ),
}

_NETWORK = {
    "unreachable": Reason(
        N_("Le serveur central ne répond pas."),
        N_("Continuez à travailler : tout est gardé sur le poste et partira au retour du réseau."),
    ),
    "try_later": Reason(
        N_("Le serveur central est occupé."),
        N_("L’envoi sera repris de lui-même dans un instant."),
    ),
    "server_refused": Reason(N_("Le serveur central a refusé la demande.")),
    "not_allowed": Reason(
        N_("Votre rôle ne permet pas cette action."),
        N_("Adressez-vous à votre superviseur."),
    ),
    "bad_reply": Reason(
        N_("La réponse reçue n’est pas celle d’un serveur Guichet."),
        N_("Vérifiez l’adresse du serveur, ou prévenez le soutien informatique."),
    ),
    "reply_too_large": Reason(N_("La réponse du serveur dépasse la taille permise."), N_("Prévenez le soutien informatique.")),
    "reply_shape": Reason(
        N_("La réponse du serveur n’a pas la forme attendue ({path})."), N_("Prévenez le soutien informatique.")
    ),
    "reply_not_json": Reason(N_("La réponse du serveur est illisible."), N_("Vérifiez l’adresse du serveur.")),
    "record_shape": Reason(
        N_("Un élément reçu n’a pas la forme attendue ({path})."), N_("Prévenez le soutien informatique.")
    ),
    "protocol_mismatch": Reason(
        N_("Ce poste et le serveur n’ont pas de version commune du protocole."),
        N_("Mettez Guichet à jour sur ce poste. Le travail en attente reste gardé."),
    ),
    "another_server": Reason(
        N_("Le serveur à cette adresse n’est plus celui de l’inscription."),
        N_("Rien n’a été envoyé. Prévenez le soutien informatique avant de continuer."),
    ),
}

_STORE = {
    "store_error": Reason(
        N_("Les fichiers de ce poste n’ont pas pu être lus ou écrits ({file})."), N_("Prévenez le soutien informatique.")
    ),
    "wrong_key": Reason(
        N_("La clé n’ouvre pas les fichiers de ce profil."),
        N_("Vérifiez la phrase de passe ou la session ouverte sur ce poste."),
    ),
    "store_damaged": Reason(
        N_("Un fichier de ce poste est endommagé ({file})."),
        N_("Ne le supprimez pas : prévenez le soutien informatique, le travail en attente peut s’y trouver."),
    ),
    "store_busy": Reason(
        N_("Un autre programme utilise les fichiers de ce profil."), N_("Fermez l’autre fenêtre de Guichet et recommencez.")
    ),
    "disk_full": Reason(
        N_("Le disque de ce poste est plein ou protégé en écriture."),
        N_("Libérez de l’espace : la saisie à l’écran n’est pas encore enregistrée."),
    ),
}

_INPUT = {
    "not_found": Reason(N_("Rien n’est connu sous cet identifiant."), N_("Vérifiez-le, ou faites une recherche.")),
    "invalid_input": Reason(N_("Cette valeur n’est pas acceptée ({field})."), N_("Corrigez-la et recommencez.")),
    "number_form": Reason(
        N_("Ce numéro n’a pas la forme attendue."), N_("Exemple : C07-0142-V, ou 26-000123 pour un numéro officiel.")
    ),
    "number_check": Reason(
        N_("La lettre de contrôle ne correspond pas au numéro."), N_("Faites répéter le numéro : un caractère est inexact.")
    ),
    "import_refused": Reason(
        N_("Le fichier n’a pas été importé : {count} ligne(s) à corriger."),
        N_("Corrigez les lignes nommées, ou donnez --skip-bad pour importer les autres."),
    ),
}

_REASONS: dict[str, Reason] = {**_ENROLMENT, **_NETWORK, **_STORE, **_INPUT}


def reason_of(code: str) -> Reason | None:
    """The wording of a reason code, or None where it has none."""
    return _REASONS.get(code)
