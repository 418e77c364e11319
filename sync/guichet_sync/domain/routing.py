"""Who deals with a request: "ira à Voirie car catégorie + secteur", computed alike on the post and on the server."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .location import Whereabouts
from .words import Bilingual


@dataclass(frozen=True, slots=True)
class Unit:
    """A team of a service."""

    code: str
    name: Bilingual


@dataclass(frozen=True, slots=True)
class RoutingRule:
    """A row of the routing table. Empty ``district`` or ``sector`` match everywhere; the most specific row wins."""

    category: str
    service: str
    unit: Unit
    district: str = ""
    sector: str = ""

    @property
    def specificity(self) -> int:
        """How many conditions the row has beyond its category."""
        return bool(self.district) + bool(self.sector)

    def matches(self, category: str, where: Whereabouts) -> bool:
        """Whether this row speaks of ``category`` at ``where``."""
        return self.category == category and self.district in ("", where.district) and self.sector in ("", where.sector)


@dataclass(frozen=True, slots=True)
class Routing:
    """The unit a request goes to, and which facts decided (``category``, ``district``, ``sector``)."""

    service: str
    unit: Unit | None
    because: tuple[str, ...] = ("category",)


def route(rules: Iterable[RoutingRule], category: str, service: str, where: Whereabouts) -> Routing:
    """The routing of a request of ``category`` (owned by ``service``) at ``where``.

    Without a matching row the service itself receives it. Ties are broken by the unit's code, so that post and server agree.
    """
    found = [rule for rule in rules if rule.matches(category, where)]
    if not found:
        return Routing(service, None)
    best = min(found, key=lambda rule: (-rule.specificity, rule.unit.code))
    because = [name for name in ("district", "sector") if getattr(best, name)]
    return Routing(best.service, best.unit, ("category", *because))
