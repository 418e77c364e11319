"""Names of the domain's own values (statuses, natures, outcomes) and the sentences agents read aloud."""

from __future__ import annotations

from guichet_sync.domain.article import Freshness
from guichet_sync.domain.category import Nature
from guichet_sync.domain.delay import DelayUnit, Promise, SkippedDay
from guichet_sync.domain.intents import IntentKind
from guichet_sync.domain.interaction import Outcome
from guichet_sync.domain.merging import NOTE_WITHDRAWN, TRANSFERRED, UNDONE
from guichet_sync.domain.request import Capacity, Channel, RequestStatus, SyncState
from guichet_sync.domain.routing import Routing
from guichet_sync.domain.spaces import Role

from .catalogue import Words
from .reason import N_

STATUS = {
    RequestStatus.WAITING: N_("En attente d’envoi"),
    RequestStatus.TRANSMITTED: N_("Transmise pour traitement"),
    RequestStatus.ACCEPTED: N_("Acceptée"),
    RequestStatus.IN_PROGRESS: N_("Prise en charge"),
    RequestStatus.PENDING_REQUESTER: N_("En attente du demandeur"),
    RequestStatus.DONE: N_("Terminée"),
    RequestStatus.REFUSED: N_("Refusée"),
    RequestStatus.CANCELLED: N_("Annulée"),
    RequestStatus.REOPENED: N_("Réactivée"),
}
NATURE = {
    Nature.REQUEST: N_("Requête"),
    Nature.INFORMATION: N_("Information"),
    Nature.COMPLAINT: N_("Plainte"),
    Nature.COMMENT: N_("Commentaire"),
}
CHANNEL = {
    Channel.PHONE: N_("Téléphone"),
    Channel.COUNTER: N_("Comptoir"),
    Channel.WEB: N_("Site web"),
    Channel.MOBILE: N_("Application mobile"),
    Channel.EMAIL: N_("Courriel"),
    Channel.MAIL: N_("Poste"),
}
SYNC_STATE = {
    SyncState.WAITING: N_("En attente d’envoi"),
    SyncState.SEALED: N_("En attente d’envoi"),
    SyncState.ACCEPTED: N_("Reçue par le serveur"),
    SyncState.REFUSED: N_("Refusée par le serveur"),
    SyncState.QUARANTINED: N_("Mise de côté"),
    SyncState.SETTLED: N_("À jour"),
}
FRESHNESS = {
    Freshness.VERIFIED: N_("Vérifiée"),
    Freshness.TO_REVIEW: N_("À réviser"),
    Freshness.EXPIRED: N_("Échue"),
    Freshness.UNVERIFIED: N_("Non vérifiée"),
}
OUTCOME = {Outcome.ANSWERED: N_("Répondu"), Outcome.REQUEST_CREATED: N_("Requête créée")}
CAPACITY = {
    Capacity.CITIZEN: N_("Citoyen"),
    Capacity.TENANT: N_("Locataire"),
    Capacity.OWNER: N_("Propriétaire"),
    Capacity.ORGANISATION: N_("Organisme"),
    Capacity.ELECTED: N_("Élu"),
    Capacity.EMPLOYEE: N_("Employé de la Ville"),
}
ROLE = {
    Role.AGENT: N_("Agent 311"),
    Role.CLERK: N_("Préposé au comptoir"),
    Role.SERVICE_EMPLOYEE: N_("Employé de service"),
    Role.AUTHOR: N_("Rédacteur de fiches"),
    Role.APPROVER: N_("Approbateur de fiches"),
    Role.SUPERVISOR: N_("Superviseur"),
    Role.ADMINISTRATOR: N_("Administrateur"),
}
_DEEDS: dict[str, str] = {
    IntentKind.CREATE_REQUEST: N_("Requête"),
    IntentKind.RECORD_ANSWER: N_("Réponse donnée"),
    IntentKind.JOIN_REQUEST: N_("Autre demandeur"),
    IntentKind.ADD_NOTE: N_("Note"),
    IntentKind.EDIT_REQUEST: N_("Modification"),
    IntentKind.TRANSFER_REQUEST: N_("Transfert"),
    IntentKind.CHANGE_STATUS: N_("Changement de statut"),
    IntentKind.DECIDE_PROPOSAL: N_("Décision sur une proposition"),
    IntentKind.UNDO: N_("Annulation"),
}
_EVENTS = {str(status): name for status, name in STATUS.items()} | {
    "captured": N_("Saisie"),
    "transmitted": N_("Transmise pour traitement"),
    "erased": N_("Identité effacée"),
    "joined": N_("Autre demandeur"),
    "note": N_("Note"),
    "public_note": N_("Note, aussi pour la personne"),
    NOTE_WITHDRAWN: N_("Note retirée"),
    "edited": N_("Modifiée"),
    "proposed": N_("Modification gardée comme proposition"),
    "proposal_accepted": N_("Proposition retenue"),
    "proposal_dropped": N_("Proposition écartée"),
    TRANSFERRED: N_("Transférée"),
    UNDONE: N_("Annulé"),
}
_BECAUSE = {"category": N_("catégorie"), "district": N_("quartier"), "sector": N_("secteur")}


def deed_name(kind: str) -> str:
    """What a person does by an intent of that kind (a source string); one of another version's kinds is something else."""
    return _DEEDS.get(kind, N_("Autre envoi"))


def event_name(words: Words, code: str) -> str:
    """What happened to a request; an event of a newer server is told by its code."""
    return words.text(_EVENTS[code]) if code in _EVENTS else code


def promise_to_read(words: Words, promise: Promise | None) -> str:
    """The sentence an agent reads aloud."""
    if promise is None:
        return words.text("Votre demande est réglée dès maintenant; aucun délai n’est prévu.")
    return words.text("Votre demande devrait être traitée d’ici le {day}.", day=words.day(promise.on))


def promise_arithmetic(words: Words, promise: Promise) -> str:
    """How the date was reached: "5 jours ouvrables à partir du …, sans compter …"."""
    text = words.text("{delay} à partir du {day}", delay=_delay(words, promise), day=words.day(promise.started.date()))
    skipped = [_skipped(words, day) for day in promise.skipped if day.closure]
    weekend_days = sum(not day.closure for day in promise.skipped)
    if weekend_days:
        skipped.append(words.plural("{n} jour de fin de semaine", "{n} jours de fin de semaine", weekend_days))
    if skipped:
        text = words.text("{text}, sans compter {days}", text=text, days=", ".join(skipped))
    return text + "."


def routing_to_read(words: Words, routing: Routing, service_name: str) -> str:
    """Where a request goes and why: "Ira à Voirie – Nord car catégorie + quartier"."""
    unit = words.both(routing.unit.name) if routing.unit else service_name
    because = " + ".join(words.text(_BECAUSE[reason]) for reason in routing.because)
    return words.text("Ira à {unit} car {because}", unit=unit, because=because)


def read_back(words: Words, category: str, place: str, description: str, phone: str, promise: Promise | None) -> str:
    """What an agent reads to the person before saving, in about ten seconds: what, where, how to reach them, when."""
    what = words.text("Je relis : {what}.", what=", ".join(filter(None, (category, place))))
    told = f"{description.rstrip('. ')}." if description.strip() else ""
    reach = words.text("On peut vous joindre au {phone}.", phone=phone) if phone else ""
    return " ".join(filter(None, (what, told, reach, promise_to_read(words, promise), words.text("Est-ce exact?"))))


def _delay(words: Words, promise: Promise) -> str:
    n = promise.delay.n
    if promise.delay.unit is DelayUnit.HOURS:
        return words.plural("{n} heure", "{n} heures", n)
    if promise.delay.unit is DelayUnit.CALENDAR_DAYS:
        return words.plural("{n} jour de calendrier", "{n} jours de calendrier", n)
    return words.plural("{n} jour ouvrable", "{n} jours ouvrables", n)


def _skipped(words: Words, day: SkippedDay) -> str:
    return f"{day.closure} ({words.short_day(day.on)})"
