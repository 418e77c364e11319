"""What each kind of intent does, inside the transaction that takes it in. One function a kind, and one that undoes it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from guichet_sync.domain.intents import IntentKind

from .additions import join, note, unjoin, withdraw_note
from .answering import forget_answer, record_answers
from .creating import create_requests
from .edits import decide, edit, put_back
from .moves import cancel, change_status, status_back, transfer, transfer_back
from .taken import Done, Refusal, Taken
from .undoing import Undoer, undo

__all__ = ["HANDLERS", "TOGETHER", "Done", "Refusal", "Taken"]

_UNDOERS: dict[str, Undoer] = {
    IntentKind.CREATE_REQUEST: cancel,
    IntentKind.JOIN_REQUEST: unjoin,
    IntentKind.ADD_NOTE: withdraw_note,
    IntentKind.EDIT_REQUEST: put_back,
    IntentKind.TRANSFER_REQUEST: transfer_back,
    IntentKind.CHANGE_STATUS: status_back,
    IntentKind.RECORD_ANSWER: forget_answer,
}
TOGETHER: dict[str, Callable[[Sequence[Taken]], list[Done]]] = {
    IntentKind.CREATE_REQUEST: create_requests,
    IntentKind.RECORD_ANSWER: record_answers,
}
"""Kinds that only add: many of one transaction are done with the statements of one."""


def _alone(handler: Callable[[Sequence[Taken]], list[Done]]) -> Callable[[Taken], Done]:
    return lambda taken: handler([taken])[0]


HANDLERS: dict[str, Callable[[Taken], Done]] = {
    **{kind: _alone(handler) for kind, handler in TOGETHER.items()},
    IntentKind.JOIN_REQUEST: join,
    IntentKind.ADD_NOTE: note,
    IntentKind.EDIT_REQUEST: edit,
    IntentKind.TRANSFER_REQUEST: transfer,
    IntentKind.CHANGE_STATUS: change_status,
    IntentKind.DECIDE_PROPOSAL: decide,
    IntentKind.UNDO: undo(_UNDOERS),
}
