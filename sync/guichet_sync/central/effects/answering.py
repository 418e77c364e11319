"""Answers given from a fiche: counted, with nobody's name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, insert

from guichet_sync.domain.intents import RecordAnswer

from .. import schema
from .taken import Done, Taken, check_words, decoded
from .undoing import Earlier


def record_answers(takens: Sequence[Taken]) -> list[Done]:
    """One more row for each."""
    takens[0].connection.execute(insert(schema.answer), [_row(taken) for taken in takens])
    return [Done() for _ in takens]


def _row(taken: Taken) -> dict[str, Any]:
    given = decoded(taken, RecordAnswer)
    check_words(given.interaction_id, given.article, given.category, given.language)
    return {
        "tenant": taken.instance.tenant,
        "space": schema.intake(taken.envelope.enrolment),
        "intent_id": taken.envelope.intent_id,
        "interaction_id": given.interaction_id,
        "article": given.article,
        "category": given.category,
        "channel": given.channel,
        "language": given.language,
        "answered_at": taken.captured.at,
    }


def forget_answer(taken: Taken, earlier: Earlier) -> Done:
    """Its row goes."""
    table = schema.answer
    mine = (table.c.tenant == taken.instance.tenant, table.c.space == earlier.space, table.c.intent_id == earlier.intent_id)
    taken.connection.execute(delete(table).where(*mine))
    return Done()
