"""What each reason code means: a sentence and what to do. French source strings; the catalogue has the English."""

from __future__ import annotations

from .central_reasons import CENTRAL_REASONS
from .courier_reasons import COURIER_REASONS
from .follow_up_reasons import FOLLOW_UP_REASONS
from .reason import N_, Reason

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
    "keyring_lost": Reason(
        N_("Le trousseau qui garde les clés de ce profil n’est pas disponible sur ce poste."),
        N_("Ouvrez la session qui l’a créé, ou prévenez le soutien informatique. Rien n’a été effacé."),
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
    "record_shape": Reason(N_("Un élément reçu n’a pas la forme attendue ({path})."), N_("Prévenez le soutien informatique.")),
    "protocol_mismatch": Reason(
        N_("Ce poste et le serveur n’ont pas de version commune du protocole."),
        N_("Mettez Guichet à jour sur ce poste. Le travail en attente reste gardé."),
    ),
    "post_too_old": Reason(
        N_("Cette version de Guichet est trop ancienne pour recevoir les changements du serveur."),
        N_("Mettez Guichet à jour sur ce poste. D’ici là, ce que vous saisissez part quand même."),
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
    "mirror_damaged": Reason(
        N_("Une copie locale des données du serveur est endommagée ({file})."),
        N_("Redémarrez Guichet : elle sera refaite à neuf. Vos saisies n’y sont pas, rien n’en est perdu."),
    ),
    "store_busy": Reason(
        N_("Un autre programme utilise les fichiers de ce profil."), N_("Fermez l’autre fenêtre de Guichet et recommencez.")
    ),
    "profile_not_writable": Reason(
        N_("Le dossier du profil ne peut pas être créé ou modifié."),
        N_("Vérifiez ses droits, ou donnez-en un autre (--profile)."),
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
        N_("Le fichier n’a pas été importé; lignes à corriger : {count}."),
        N_("Corrigez les lignes nommées, ou donnez --skip-bad pour importer les autres."),
    ),
}

_SIGNING_IN = {
    "too_many_attempts": Reason(
        N_("Trop de mots de passe inexacts de suite."),
        N_("Nouvel essai possible dans {retry_after_s} s."),
    ),
    "token_expired": Reason(N_("L’accès au serveur est échu."), N_("Il est renouvelé de lui-même au prochain échange.")),
    "wrong_passphrase": Reason(
        N_("La phrase de passe est inexacte."), N_("Recommencez; les majuscules et les espaces comptent.")
    ),
    "passphrase_characters": Reason(
        N_("La phrase de passe contient des caractères qui ne se tapent pas."),
        N_("Choisissez-la de lettres, de chiffres et de signes."),
    ),
    "password_needed": Reason(
        N_("Il manque le mot de passe."), N_("Tapez-le dans un terminal, ou donnez-le sur l’entrée standard (--password-stdin).")
    ),
    "passphrases_differ": Reason(N_("Les deux phrases de passe diffèrent."), N_("Recommencez.")),
    "key_missing": Reason(
        N_("La clé de ce profil n’est plus dans le trousseau de ce poste ({file})."),
        N_("Ouvrez la session qui l’a créée, ou prévenez le soutien informatique. Rien n’a été effacé."),
    ),
    "profile_of_another_server": Reason(
        N_("Ce profil est déjà inscrit auprès d’un autre serveur."),
        N_("Rien n’a été changé. Donnez un autre dossier de profil (--profile), ou l’adresse du serveur de ce profil."),
    ),
    "server_url": Reason(N_("L’adresse du serveur n’en est pas une."), N_("Exemple : https://guichet.exemple.ca")),
    "server_not_https": Reason(
        N_("L’adresse du serveur n’est pas protégée."), N_("Donnez une adresse qui commence par https://.")
    ),
    "keys_line": Reason(
        N_("Les clés attendues à l’entrée standard ne sont pas de la forme voulue."),
        N_("Cette commande est lancée par Guichet; pour un échange à la main, employez « sync » sans --watch."),
    ),
}

_EXCHANGE = {
    "exchange_running": Reason(
        N_("Un autre échange est en cours pour ce profil."), N_("Attendez qu’il se termine, ou fermez Guichet, puis recommencez.")
    ),
    "record_out_of_place": Reason(
        N_("Le serveur a envoyé un élément dans un espace qui n’est pas le sien ({kind})."),
        N_("Rien n’en a été gardé. Prévenez le soutien informatique."),
    ),
    "page_out_of_order": Reason(
        N_("Le serveur a envoyé une suite qui ne commence pas où ce poste s’est arrêté ({space})."),
        N_("Rien n’en a été gardé; l’échange sera repris. Si cela se répète, prévenez le soutien informatique."),
    ),
    "page_has_holes": Reason(
        N_("Le serveur a envoyé une suite incomplète ({space})."),
        N_("Rien n’en a été gardé; l’échange sera repris. Si cela se répète, prévenez le soutien informatique."),
    ),
    "space_not_readable": Reason(
        N_("Le serveur a envoyé ce que ce rôle ne lit pas ({space})."),
        N_("Rien n’en a été gardé. Prévenez le soutien informatique."),
    ),
    "removal_without_reason": Reason(
        N_("Le serveur demande d’enlever beaucoup à la fois sans dire pourquoi ({space})."),
        N_("Rien n’a été enlevé. Prévenez le soutien informatique."),
    ),
    "checksums_differ": Reason(
        N_("Le serveur n’a pas envoyé ce qui devait être comparé ({space})."),
        N_("Rien n’a été changé. Prévenez le soutien informatique."),
    ),
    "snapshot_differs": Reason(
        N_("La première copie reçue n’est pas celle qui était annoncée ({space})."), N_("Elle sera demandée de nouveau.")
    ),
    "receipts_differ": Reason(
        N_("Les accusés de réception ne correspondent pas à l’envoi."),
        N_("L’envoi sera repris. Prévenez le soutien informatique."),
    ),
    "server_failed": Reason(
        N_("Le serveur central a échoué en traitant la demande."),
        N_("Rien n’est perdu; l’envoi sera repris de lui-même. Si cela se répète, prévenez le soutien informatique."),
    ),
    "reply_too_slow": Reason(
        N_("Le serveur central répond trop lentement."), N_("L’échange sera repris de lui-même dans un instant.")
    ),
    "snapshot_not_found": Reason(
        N_("La première copie a été remplacée pendant qu’elle était reçue."), N_("Elle sera demandée de nouveau.")
    ),
    "request_shape": Reason(
        N_("Le serveur ne peut pas lire cet envoi."), N_("Il reste sur le poste. Prévenez le soutien informatique.")
    ),
    "request_too_large": Reason(
        N_("Cet envoi dépasse la taille que le serveur accepte."), N_("Il reste sur le poste. Prévenez le soutien informatique.")
    ),
    "batch_too_long": Reason(
        N_("Le serveur prend moins d’envois à la fois que ce poste n’en fait."), N_("Prévenez le soutien informatique.")
    ),
    "unknown_event": Reason(N_("Un message de l’échange n’est pas connu de cette version."), N_("Mettez Guichet à jour.")),
    "not_the_author": Reason(
        N_("Ce travail a été saisi sous une autre inscription que celle qui l’envoie."), N_("Prévenez le soutien informatique.")
    ),
    "body_digest": Reason(
        N_("Le contenu reçu par le serveur diffère de celui du poste."), N_("Prévenez le soutien informatique.")
    ),
    "intent_body_differs": Reason(
        N_("Le serveur a déjà reçu un autre contenu sous cet identifiant."), N_("Prévenez le soutien informatique.")
    ),
    "intent_shape": Reason(
        N_("Le serveur ne comprend pas cette saisie."), N_("Elle reste sur le poste. Prévenez le soutien informatique.")
    ),
    "unknown_kind": Reason(
        N_("Le serveur ne connaît pas encore ce type de saisie."),
        N_("Elle reste sur le poste. Prévenez le soutien informatique."),
    ),
    "request_exists": Reason(
        N_("Le serveur a déjà cette requête."), N_("Cherchez-la par son numéro avant de la saisir de nouveau.")
    ),
    "number_taken": Reason(
        N_("Ce numéro est déjà celui d’une autre requête."),
        N_("Prévenez le soutien informatique. La saisie reste sur le poste."),
    ),
}

_CAPTURE = {
    "unknown_category": Reason(
        N_("Cette catégorie n’est pas connue."),
        N_("Choisissez-en une de la liste, ou faites un échange pour la recevoir."),
    ),
    "category_needed": Reason(N_("Il manque la catégorie."), N_("Choisissez-en une de la liste.")),
    "category_retired": Reason(
        N_("Cette catégorie n’est plus en usage."), N_("Choisissez celle qui la remplace; vos réponses communes sont gardées.")
    ),
    "too_long": Reason(N_("Ce texte dépasse la longueur permise ({field})."), N_("Raccourcissez-le.")),
    "location_needed": Reason(N_("Il manque le lieu."), N_("Donnez une adresse, un lieu connu ou un repère.")),
    "location_shape": Reason(
        N_("Le lieu n’est pas de la forme voulue ({field})."),
        N_("Donnez un identifiant (« id »), ou des mots (« text »), ou une position (« lat » et « lon », en degrés)."),
    ),
    "location_ambiguous": Reason(
        N_("Plusieurs lieux répondent à ces mots : {count}."),
        N_("Précisez-les, ou donnez l’identifiant du lieu (commande « address »)."),
    ),
    "answer_needed": Reason(
        N_("Il manque la réponse à une question de la catégorie ({field})."), N_("Posez la question, puis répondez.")
    ),
    "answer_number": Reason(N_("Cette réponse doit être un nombre ({field})."), N_("Corrigez-la et recommencez.")),
    "answer_date": Reason(N_("Cette réponse doit être une date ({field})."), N_("Exemple : 2026-12-03, ou 2026-12-03T13:58.")),
    "answer_single": Reason(N_("Cette question n’a qu’une réponse ({field})."), N_("N’en gardez qu’une.")),
    "answer_not_listed": Reason(
        N_("Cette réponse n’est pas de la liste ({field})."), N_("Choisissez-en une de la liste de la question.")
    ),
    "description_too_long": Reason(N_("La description dépasse 10 000 caractères."), N_("Raccourcissez-la.")),
    "requester_needed": Reason(
        N_("Cette catégorie demande de pouvoir joindre la personne."),
        N_("Donnez un numéro de téléphone ou une adresse de courriel."),
    ),
    "attachments_not_taken": Reason(
        N_("Cette version ne prend pas de pièce jointe; rien n’a été enregistré."),
        N_("Retirez « attachments » et recommencez, ou gardez les fichiers de côté."),
    ),
    "file_unreadable": Reason(
        N_("Le fichier ne peut pas être lu ({file})."), N_("Vérifiez son nom, ses droits et son codage (UTF-8).")
    ),
    "capture_too_large": Reason(N_("La saisie dépasse la taille permise; rien n’a été enregistré."), N_("Raccourcissez-la.")),
    "capture_not_json": Reason(
        N_("La saisie n’est pas un objet JSON; rien n’a été enregistré."), N_("Corrigez le fichier et recommencez.")
    ),
    "field_twice": Reason(
        N_("Le champ « {field} » est donné deux fois; rien n’a été enregistré."), N_("Gardez-en un et recommencez.")
    ),
    "unknown_field": Reason(
        N_("Le champ « {field} » n’est pas connu; rien n’a été enregistré."), N_("Corrigez son nom, ou retirez-le.")
    ),
    "field_missing": Reason(N_("Il manque le champ « {field} »; rien n’a été enregistré."), N_("Ajoutez-le et recommencez.")),
    "field_shape": Reason(
        N_("Le champ « {field} » n’a pas la forme voulue; rien n’a été enregistré."), N_("Corrigez sa valeur et recommencez.")
    ),
}

_LOOKUP = {
    "article_not_found": Reason(
        N_("Aucune fiche de ce poste n’a cet identifiant."), N_("Faites une recherche pour trouver la bonne.")
    ),
    "location_not_found": Reason(
        N_("Aucun lieu de ce poste n’a cet identifiant."), N_("Cherchez-le par la commande « address ».")
    ),
    "request_not_found": Reason(
        N_("Ce poste ne connaît aucune requête de ce numéro."),
        N_("Vérifiez le numéro, ou faites un échange pour recevoir les dernières."),
    ),
    "interrupted": Reason(N_("La recherche a été interrompue."), N_("Recommencez.")),
}

_CITY_THEME = {
    "city_theme_unreadable": Reason(
        N_("Le fichier des couleurs de la ville ne peut pas être lu ({file})."),
        N_("Vérifiez son nom et ses droits. Les couleurs d’origine sont portées en attendant."),
    ),
    "city_theme_shape": Reason(
        N_("Le fichier des couleurs de la ville n’a pas la forme attendue ({file})."),
        N_("Donnez un nom (name) et des tables « light », « dark » ou « contrast », en TOML ou en JSON."),
    ),
    "city_theme_role": Reason(
        N_("Les couleurs de la ville nomment un rôle inconnu : « {role} », dans « {theme} » ({file})."),
        N_("Corrigez ce nom, ou retirez-le. Les couleurs d’origine sont portées en attendant."),
    ),
    "city_theme_colour": Reason(
        N_("La couleur du rôle « {role} », dans « {theme} », n’en est pas une ({file})."),
        N_("Écrivez-la de la forme #1B2A41. Les couleurs d’origine sont portées en attendant."),
    ),
    "city_theme_contrast": Reason(
        N_("« {foreground} » sur « {background} » se lit mal dans « {theme} » : {ratio}, il faut {minimum} ({file})."),
        N_("Rendez l’une des deux couleurs plus foncée ou plus pâle. Les couleurs d’origine sont portées en attendant."),
    ),
}

_REASONS: dict[str, Reason] = {
    **_ENROLMENT,
    **_SIGNING_IN,
    **_NETWORK,
    **_EXCHANGE,
    **_STORE,
    **_INPUT,
    **_CAPTURE,
    **_LOOKUP,
    **_CITY_THEME,
    **CENTRAL_REASONS,
    **COURIER_REASONS,
    **FOLLOW_UP_REASONS,
}


def reason_of(code: str) -> Reason | None:
    """The wording of a reason code, or None where it has none."""
    return _REASONS.get(code)
