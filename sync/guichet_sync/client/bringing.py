"""What this post has already becomes what this version shows, before anything is asked of the server."""

from __future__ import annotations

import logging
from collections.abc import Callable

from guichet_sync.domain.errors import BadReply
from guichet_sync.store import former, later_kinds
from guichet_sync.store.post import PostStore

from .events import Changes, Event, Progress

_log = logging.getLogger(__name__)


def bring_over(store: PostStore, tell: Callable[[Event], None], should_stop: Callable[[], bool]) -> bool:
    """Bring over what mirrors of another version hold, and what came before its kind was known. False where it was stopped, or
    something is not as it came: it goes on next time.

    :raises StoreError: the post's own files failed.
    """
    for step in former.bring_over(store):
        tell(Progress(step.space, step.done, step.total))
        if step.done == step.total:
            tell(Changes(step.space, (), step.total))
        if should_stop():
            return False
    try:
        for space, kind, records in later_kinds.apply(store):
            tell(Changes(space, (kind,), records))
    except BadReply as error:
        _log.warning("a kind that is known now is not as it came: %s", error)
        return False
    return True
