"""Edits that met another one, in words: what stands, what is proposed instead, by whom and when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from guichet_sync.domain.category import Category
from guichet_sync.domain.request import Proposal
from guichet_sync.wording import Words

from ..models.field_words import field_name, field_value


@dataclass(frozen=True, slots=True)
class ShownProposal:
    """A proposal as both its author and that of what stands read it: names, and what is known under each."""

    id: str
    field: str
    facts: tuple[tuple[str, str], ...]


def shown(proposal: Proposal, words: Words, category: Category | None, at: Callable[[datetime], str]) -> ShownProposal:
    """A proposal in words. What stands is what was found then: whoever changed it since has seen the proposal."""
    name = field_name(words, proposal.field, category)
    when = at(proposal.at) if proposal.at else ""
    facts = (
        (words.text("Champ"), name),
        (words.text("Ce qui est là"), field_value(words, proposal.field, proposal.found, category)),
        (words.text("Proposé"), field_value(words, proposal.field, proposal.proposed, category)),
        (words.text("Avant les deux"), field_value(words, proposal.field, proposal.base, category)),
        (words.text("Par"), ", ".join(filter(None, (proposal.by, when)))),
    )
    return ShownProposal(proposal.id, name, tuple(each for each in facts if each[1]))
