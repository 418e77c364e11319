"""Similar open requests: shown beside the form, never in a dialog."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from .category import Category, DuplicateMode
from .location import Whereabouts, distance_m
from .request import RequestSummary


@dataclass(frozen=True, slots=True)
class Similar:
    """A similar open request and how far it is, in metres."""

    request: RequestSummary
    distance_m: float


def similar(candidates: Iterable[RequestSummary], category: Category, where: Whereabouts, at: datetime) -> tuple[Similar, ...]:
    """The open ``candidates`` of the same category within its radius and window, nearest first.

    A radius of 0 means the very same known place. Confidential categories never have similar requests: showing one would tell
    that a neighbour complained.
    """
    rule = category.duplicate
    if rule.mode is DuplicateMode.NEVER or category.confidential:
        return ()
    since = at - timedelta(days=rule.window_days)
    near = (
        Similar(request, distance)
        for request in candidates
        if request.category == category.code
        and request.status.is_open
        and request.opened_at >= since
        and (distance := _distance(request.where, where)) is not None
        and (distance <= rule.radius_m or _same_place(request.where, where))
    )
    return tuple(sorted(near, key=lambda each: (each.distance_m, each.request.id)))


def _same_place(a: Whereabouts, b: Whereabouts) -> bool:
    return bool(a.id) and a.id == b.id


def _distance(a: Whereabouts, b: Whereabouts) -> float | None:
    if _same_place(a, b):
        return 0.0
    if a.point is None or b.point is None:
        return None
    return distance_m(a.point, b.point)
