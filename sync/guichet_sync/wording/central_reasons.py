"""What the reason codes of the central server mean to who runs it, or to a post that it refuses."""

from __future__ import annotations

from .reason import N_, Reason

_DATABASE = {
    "not_initialised": Reason(
        N_("La base de données n’est pas encore préparée."), N_("Lancez « guichet-central init », puis recommencez.")
    ),
    "schema_out_of_date": Reason(
        N_("La base de données est d’une version plus ancienne de Guichet."),
        N_("Faites une sauvegarde, lancez « guichet-central init », puis recommencez."),
    ),
    "schema_newer": Reason(
        N_("La base de données est d’une version plus récente de Guichet."),
        N_("Rien n’a été changé. Installez cette version, ou restaurez une sauvegarde de la vôtre."),
    ),
    "database_url": Reason(
        N_("L’adresse de la base de données ne peut pas être lue, ou son pilote n’est pas installé."),
        N_("Exemple : postgresql://guichet@serveur/guichet, dans --database ou GUICHET_DATABASE_URL."),
    ),
    "database_unreachable": Reason(
        N_("La base de données ne répond pas, ou refuse la connexion ({kind})."),
        N_("Vérifiez qu’elle est en marche, son adresse, le nom et le mot de passe (GUICHET_DATABASE_URL)."),
    ),
    "database_refused": Reason(
        N_("La base de données a refusé l’opération ({kind})."), N_("Vérifiez les droits du compte qui s’y connecte.")
    ),
    "database_busy": Reason(
        N_("Une autre opération tient la base de données; rien n’a été gardé."), N_("Attendez qu’elle finisse, puis recommencez.")
    ),
    "database_full": Reason(
        N_("Le disque de la base de données est plein; rien n’a été gardé."), N_("Libérez de l’espace, puis recommencez.")
    ),
    "database_damaged": Reason(
        N_("Le fichier de la base de données est endommagé, ou n’en est pas une."),
        N_("N’y touchez plus : gardez-en une copie et restaurez une sauvegarde."),
    ),
    "number_not_found": Reason(
        N_("Aucune requête n’a ce numéro."), N_("Vérifiez-le : l’officiel et le provisoire sont tous deux compris.")
    ),
    "erasure_in_log": Reason(
        N_("L’effacement est fait, mais le journal de la base de données est encore lu et n’a pas pu être vidé."),
        N_("Recommencez dans un moment, ou arrêtez d’abord le serveur."),
    ),
    "data_folder": Reason(
        N_("Le dossier de données ne peut pas être créé ({file})."), N_("Vérifiez --data et les droits de ce compte.")
    ),
    "cannot_listen": Reason(
        N_("Le serveur ne peut pas répondre à l’adresse {host}, port {port}."),
        N_("Un autre programme l’occupe peut-être : choisissez un autre port (--port) ou une adresse de cette machine (--host)."),
    ),
}

_VERIFICATION = {
    "verification_failed": Reason(
        N_("La base de données n’est pas intègre; constats : {count}."),
        N_("Arrêtez le serveur, gardez une copie de la base et restaurez une sauvegarde."),
    ),
    "feed_has_holes": Reason(
        N_("Une suite de changements n’est pas continue ({space})."), N_("Lancez « guichet-central verify ».")
    ),
    "intent_damaged": Reason(N_("Une saisie reçue n’est plus celle qui a été envoyée, ou n’a pas son accusé de réception.")),
    "record_damaged": Reason(N_("Un élément n’a plus sa forme.")),
    "record_not_in_feed": Reason(N_("Un élément n’est pas à la version annoncée aux postes.")),
    "record_missing": Reason(N_("Un élément annoncé aux postes a disparu.")),
    "number_without_request": Reason(N_("Un numéro ne mène à aucune requête.")),
    "request_without_number": Reason(N_("Une requête n’est pas là où ses numéros la disent, ou n’en a aucun.")),
    "checksum_wrong": Reason(N_("Un élément n’est pas compté comme il le devrait : les postes ne pourraient pas se comparer.")),
    "counter_behind": Reason(N_("Le compteur de l’année donnerait un numéro déjà donné.")),
    "enrolment_of_nobody": Reason(N_("L’inscription n’est celle de personne.")),
    "snapshot_damaged": Reason(N_("La première copie préparée pour les postes est endommagée.")),
}

_PEOPLE = {
    "user_exists": Reason(N_("Ce nom d’utilisateur est déjà pris."), N_("Choisissez-en un autre.")),
    "user_not_found": Reason(N_("Aucun compte n’a ce nom."), N_("Voyez « guichet-central user list ».")),
    "user_name_form": Reason(
        N_("Ce nom d’utilisateur n’a pas la forme voulue."),
        N_("De 1 à 64 lettres sans accent, chiffres, points, tirets ou « @ », en commençant par une lettre ou un chiffre."),
    ),
    "password_short": Reason(N_("Le mot de passe a moins de {least} caractères."), N_("Choisissez-en un plus long.")),
    "service_needed": Reason(
        N_("Une personne employée d’un service a besoin de son code de service."), N_("Donnez-le par --service.")
    ),
    "unknown_service": Reason(
        N_("Ce service n’est pas de la taxonomie."), N_("Vérifiez son code, ou importez d’abord la taxonomie.")
    ),
    "enrolment_not_found": Reason(N_("Aucune inscription n’a ce code."), N_("Voyez « guichet-central post list ».")),
    "tenant_form": Reason(
        N_("L’identifiant de la ville n’a pas la forme voulue."),
        N_("Des minuscules sans accent, des chiffres et des tirets; exemple : val-des-ormes."),
    ),
    "unknown_timezone": Reason(N_("Ce fuseau horaire n’est pas connu."), N_("Exemple : America/Toronto.")),
    "not_empty": Reason(
        N_("Cette base de données a déjà ses propres comptes; la ville fictive n’y a pas été chargée."),
        N_("Donnez une base vide (--database ou --data)."),
    ),
}

_IMPORT = {
    "malformed_file": Reason(N_("Le fichier n’a pas la forme attendue (ligne {line})."), N_("Corrigez-le et recommencez.")),
    "file_too_large": Reason(N_("Le fichier dépasse la taille permise."), N_("Séparez-le en plusieurs.")),
    "file_damaged": Reason(
        N_("Le fichier comprimé est endommagé ou incomplet ({file})."), N_("Copiez-le de nouveau depuis sa source.")
    ),
    "columns_missing": Reason(
        N_("Il manque des colonnes au fichier : {columns}."), N_("Ajoutez-les à la première ligne, ou donnez --format.")
    ),
    "unknown_format": Reason(N_("Ce format n’est pas connu."), N_("Formats connus : {known}.")),
    "not_utf8": Reason(N_("Le texte n’est pas en UTF-8."), N_("Enregistrez le fichier de nouveau en UTF-8.")),
    "line_too_long": Reason(N_("La ligne dépasse la longueur permise.")),
    "malformed_line": Reason(N_("La ligne n’a pas la forme attendue.")),
    "malformed_article": Reason(N_("La fiche n’a pas la forme attendue : il lui faut un code et un titre français.")),
    "malformed_address": Reason(N_("Le lieu n’a pas la forme attendue : il lui faut un identifiant, un nom et une position.")),
    "malformed_date": Reason(N_("La date n’a pas la forme attendue; exemple : 2026-12-03.")),
    "malformed_material": Reason(N_("La matière n’a pas la forme attendue : il lui faut un nom français.")),
    "malformed_service": Reason(N_("Le service n’a pas la forme attendue.")),
    "malformed_category": Reason(N_("La catégorie n’a pas la forme attendue.")),
    "malformed_routing": Reason(N_("La règle d’acheminement n’a pas la forme attendue.")),
    "duplicate_code": Reason(N_("Ce code est déjà celui d’une autre ligne.")),
}

_WIRE = {
    "request_shape": Reason(
        N_("Le serveur ne comprend pas cette demande."),
        N_("Mettez Guichet à jour sur ce poste, ou prévenez le soutien informatique."),
    ),
    "request_too_large": Reason(N_("L’envoi dépasse la taille permise."), N_("Prévenez le soutien informatique.")),
    "request_too_slow": Reason(N_("L’envoi a pris trop de temps."), N_("Il sera repris de lui-même.")),
    "batch_too_long": Reason(N_("L’envoi compte plus de {most} saisies."), N_("Prévenez le soutien informatique.")),
    "method_not_allowed": Reason(
        N_("Cette adresse ne répond pas à ce genre de demande."), N_("Prévenez le soutien informatique.")
    ),
    "snapshot_not_found": Reason(
        N_("La première copie demandée n’est plus celle du serveur."), N_("Elle sera demandée de nouveau au prochain échange.")
    ),
    "intent_too_large": Reason(
        N_("La saisie dépasse la taille que le serveur accepte."),
        N_("Elle reste sur le poste : raccourcissez-en les textes dans une nouvelle saisie."),
    ),
    "request_full": Reason(
        N_("Cette requête compte trop de notes et de modifications pour en recevoir d’autres."),
        N_("Saisissez-en une nouvelle qui nomme celle-ci par son numéro."),
    ),
    "request_awaited": Reason(
        N_("Le serveur vient d’une sauvegarde et attend encore cette requête du poste qui l’a saisie."),
        N_("Rien à faire : ce sera transmis dès qu’elle sera revenue."),
    ),
}

CENTRAL_REASONS: dict[str, Reason] = {**_DATABASE, **_VERIFICATION, **_PEOPLE, **_IMPORT, **_WIRE}
"""By code."""
