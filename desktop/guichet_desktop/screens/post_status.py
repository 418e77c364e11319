"""How a post stands, in words: as pairs to be read, and as a text for support that names no person."""

from __future__ import annotations

from datetime import datetime

from guichet_sync.wording import Words

from ..desk.desk import Desk
from ..desk.shift import Status
from ..desk.software import Software

Pairs = tuple[tuple[str, str], ...]
_MEGABYTE = 1_000_000


def pairs_of(words: Words, desk: Desk, status: Status) -> Pairs:
    """What is said of the post on the screen, in order."""
    return (
        (words.text("Poste de travail"), status.post),
        (words.text("Serveur central"), status.server),
        (words.text("Version du protocole"), str(status.protocol)),
        (words.text("Dernier échange"), exchanged(words, desk, status.last_exchange_at)),
        (words.text("À transmettre"), _outbox(words, status)),
        (words.text("Copie locale"), _counts(words, status)),
        (words.text("Taille de la copie locale"), size(words, status.bytes)),
        (words.text("Fichiers du poste"), words.text("Chiffrés") if status.encrypted else words.text("NON chiffrés")),
    )


def text_of(words: Words, software: Software, qt: str, pairs: Pairs) -> str:
    """All of it in lines, with what it runs on."""
    runs = (
        ("Guichet", software.version),
        ("Python", software.python),
        ("Qt", qt),
        (words.text("Système"), software.system),
    )
    return "\n".join(words.text("{name} : {value}", name=name, value=value) for name, value in (*runs, *pairs) if value)


def exchanged(words: Words, desk: Desk, last: datetime | None) -> str:
    """When the post last spoke with the server, on the city's clock."""
    if last is None:
        return words.text("Aucun encore")
    local = desk.local(last)
    return words.text("{day}, {time}", day=words.short_day(local.date()), time=words.time(local))


def size(words: Words, count: int) -> str:
    """So many bytes, in megabytes: "42,5 Mo"."""
    return words.text("{n} Mo", n=words.number(round(count / _MEGABYTE, 1)))


def _outbox(words: Words, status: Status) -> str:
    refused = status.outbox.refused + status.outbox.quarantined
    told = (
        words.plural("{n} à envoyer", "{n} à envoyer", status.outbox.pending) if status.outbox.pending else "",
        words.plural("{n} refusé", "{n} refusés", refused) if refused else "",
    )
    return ", ".join(filter(None, told)) or words.text("Tout est transmis.")


def _counts(words: Words, status: Status) -> str:
    counts = status.counts
    return ", ".join(
        (
            words.plural("{n} fiche", "{n} fiches", counts.articles),
            words.plural("{n} catégorie", "{n} catégories", counts.categories),
            words.plural("{n} requête", "{n} requêtes", counts.requests),
            words.plural("{n} adresse", "{n} adresses", counts.addresses),
        )
    )
