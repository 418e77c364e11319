"""Work that many ask for at the same moment, done once: sixty posts that come back together cost one query, not sixty threads."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast

from starlette.concurrency import run_in_threadpool

Result = TypeVar("Result")


class Flights:
    """What is under way in this process, by key. For one event loop."""

    def __init__(self) -> None:
        self._under_way: dict[Hashable, asyncio.Task[Any]] = {}

    async def share(self, key: Hashable, work: Callable[[], Result]) -> Result:
        """What ``work`` gives, in a thread; whoever asks for the same ``key`` before it is done gets the same, error or not.

        It goes on when who asked first is gone.
        """
        task = self._under_way.get(key)
        if task is None:
            task = self._under_way[key] = asyncio.create_task(run_in_threadpool(work))
            task.add_done_callback(lambda done: self._landed(key, done))
        return cast("Result", await asyncio.shield(task))

    def _landed(self, key: Hashable, done: asyncio.Task[Any]) -> None:
        del self._under_way[key]
        if not done.cancelled():
            done.exception()  # heard, also where nobody waits for it any more
