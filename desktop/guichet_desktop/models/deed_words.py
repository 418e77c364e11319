"""What was done with a known request, in words: the lines of *À transmettre* that are no request of their own."""

from __future__ import annotations

from collections.abc import Iterator

from guichet_sync.domain.category import Category
from guichet_sync.domain.intents import (
    AddNote,
    ChangeStatus,
    DecideProposal,
    EditRequest,
    JoinRequest,
    OutboxItem,
    TransferRequest,
    UndoIntent,
)
from guichet_sync.wording import Words
from guichet_sync.wording.desk_words import STATUS, deed_name

from ..desk.deeds import Deed
from .field_words import field_name, field_names, field_value

_ARROW = " → "


def deed_detail(words: Words, deed: Deed, category: Category | None) -> str:
    """What it does, in a few words."""
    told = ""
    match deed.body:
        case AddNote(text=text) | JoinRequest(description=text):
            told = text
        case EditRequest(fields=fields):
            told = field_names(words, ", ".join(fields), category)
        case TransferRequest(from_service=before, service=after):
            told = _ARROW.join(_service(words, deed, code) for code in (before, after))
        case ChangeStatus(expected=expected, status=status):
            told = _ARROW.join(words.text(STATUS[each]) for each in (expected, status))
        case DecideProposal(accept=accept):
            told = words.text("Retenir la proposition") if accept else words.text("Garder ce qui est là")
        case UndoIntent():
            told = words.text(deed_name(deed.undone_kind)) if deed.undone_kind else ""
    return told


def deed_facts(words: Words, deed: Deed, category: Category | None) -> Iterator[tuple[str, str]]:
    """All that is known of it, fact by fact."""
    match deed.body:
        case AddNote(text=text, public=public):
            yield words.text("Note"), text
            yield words.text("Pour"), words.text("La Ville et la personne") if public else words.text("La Ville")
        case JoinRequest(description=text, requester=person):
            yield words.text("Demandeur"), person.name if person else words.text("Anonyme")
            yield words.text("Joindre au"), ", ".join(filter(None, (person.phone, person.email))) if person else ""
            yield words.text("Description"), text
        case EditRequest(fields=fields):
            for name, each in fields.items():
                before, after = (field_value(words, name, value, category) for value in (each.base, each.new))
                yield field_name(words, name, category), after
                yield words.text("Au lieu de"), before
        case TransferRequest():
            yield from _transfer(words, deed, deed.body)
        case ChangeStatus(reason=reason):
            yield words.text("Statut"), deed_detail(words, deed, category)
            yield words.text("Motif"), reason
        case _:
            yield words.text("Action"), deed_detail(words, deed, category)


def conflict_facts(words: Words, deed: Deed, item: OutboxItem) -> Iterator[tuple[str, str]]:
    """What its author had before them, and what the server found instead, where it says so."""
    for name, said in ((words.text("Vous aviez sous les yeux"), "expected"), (words.text("Le serveur a trouvé"), "found")):
        code = item.values.get(said)
        if isinstance(code, str) and code:
            yield name, _state(words, deed, code)


def _transfer(words: Words, deed: Deed, body: TransferRequest) -> Iterator[tuple[str, str]]:
    for name, service, unit in (
        (words.text("De"), body.from_service, body.from_unit),
        (words.text("À"), body.service, body.unit),
    ):
        known = deed.units.get(unit)
        yield name, ", ".join(filter(None, (_service(words, deed, service), words.both(known.name) if known else unit)))
    yield words.text("Motif"), body.reason


def _state(words: Words, deed: Deed, code: str) -> str:
    """A status or a place of work by its name; what this post does not know by its code."""
    if code in STATUS:
        return words.text(next(name for status, name in STATUS.items() if status == code))
    known = deed.units.get(code)
    return words.both(known.name) if known else _service(words, deed, code)


def _service(words: Words, deed: Deed, code: str) -> str:
    known = deed.services.get(code)
    return words.both(known.name) if known else code
