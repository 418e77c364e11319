"""An edit that meets a request as it stands: by the server when it takes it in, by its author's post before that. One rule for
both, so that what is seen early is what it becomes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from guichet_sync.domain.intents import FieldEdit
from guichet_sync.domain.merging import EDITED, PROPOSED, Meeting, meet
from guichet_sync.domain.request import Proposal, Request

from . import fields


@dataclass(frozen=True, slots=True)
class Editor:
    """Whose edit it is: its intent, the displayed name, and when it was made."""

    intent_id: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Edited:
    """The request after an edit, the fields that changed and those that were kept as proposals, by name."""

    request: Request
    applied: tuple[str, ...]
    kept: tuple[str, ...]

    @property
    def told(self) -> dict[str, str]:
        """What the timeline says of it: a note for each code."""
        return {code: ", ".join(names) for code, names in ((EDITED, self.applied), (PROPOSED, self.kept)) if names}


def merged(request: Request, edits: Mapping[str, FieldEdit], editor: Editor) -> Edited:
    """Each field on its own: changed where nobody touched it meanwhile, else kept as a proposal beside what is there.

    :raises BadReply: a value has not its field's shape.
    """
    met = {name: meet(fields.value_of(request, name), edits[name].base, edits[name].new) for name in sorted(edits)}
    applied, kept = (tuple(name for name, way in met.items() if way is wanted) for wanted in (Meeting.APPLIED, Meeting.PROPOSED))
    proposals = tuple(_proposal(request, name, edits[name], editor) for name in kept)
    after = replace(request, proposals=(*request.proposals, *proposals)) if proposals else request
    for name in applied:
        after = fields.with_value(after, name, edits[name].new)
    return Edited(after, applied, kept)


def _proposal(request: Request, name: str, edit: FieldEdit, editor: Editor) -> Proposal:
    found = fields.value_of(request, name)
    return Proposal(f"{editor.intent_id}/{name}", name, edit.new, edit.base, found, editor.by, editor.at)
