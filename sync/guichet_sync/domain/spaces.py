"""Spaces: the units of sync, and what each role may read of them.

A space is a numbered feed with its own rights: ``kb``, ``taxonomy``, ``places``, and for each municipal service
``requests/CODE`` (never a person) and ``people/CODE`` (requesters). The table below is applied by the server when it *reads*;
a post only holds what its person may see.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

KNOWLEDGE = "kb"
TAXONOMY = "taxonomy"
PLACES = "places"
PUBLIC_SPACES = (TAXONOMY, KNOWLEDGE, PLACES)
"""The spaces every role reads, in the order a first mirror wants them."""


class Role(StrEnum):
    """What a person does for the city."""

    AGENT = "agent"
    CLERK = "clerk"
    SERVICE_EMPLOYEE = "service_employee"
    AUTHOR = "author"
    APPROVER = "approver"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"


class Reach(StrEnum):
    """How far a role's reading goes: nothing, its own service, or the whole city."""

    NOTHING = "nothing"
    OWN_SERVICE = "own_service"
    CITY = "city"


_REQUESTS = {
    Role.AGENT: Reach.CITY,
    Role.CLERK: Reach.CITY,
    Role.SERVICE_EMPLOYEE: Reach.OWN_SERVICE,
    Role.AUTHOR: Reach.NOTHING,
    Role.APPROVER: Reach.NOTHING,
    Role.SUPERVISOR: Reach.CITY,
    Role.ADMINISTRATOR: Reach.NOTHING,
}
_PEOPLE = _REQUESTS | {Role.SUPERVISOR: Reach.NOTHING}
"""A supervisor sees volumes and delays, an administrator runs the system: neither needs names."""

CAPTURING_ROLES = frozenset({Role.AGENT, Role.CLERK, Role.SERVICE_EMPLOYEE, Role.SUPERVISOR})
"""Roles whose intents create requests and record answers."""


def requests_space(service: str) -> str:
    """The space of a service's requests."""
    return f"requests/{service}"


def people_space(service: str) -> str:
    """The space of the people who asked a service for something."""
    return f"people/{service}"


def is_public(space: str) -> bool:
    """Whether the space goes to ``public.db`` (else it holds requests or people)."""
    return space in PUBLIC_SPACES


def readable_spaces(role: Role, own_service: str, services: Iterable[str]) -> tuple[str, ...]:
    """The spaces a person may read, in the order to fetch them: public ones, then requests, then people."""
    reach = sorted(set(services))
    requests = [requests_space(code) for code in reach if _within(_REQUESTS[role], code, own_service)]
    people = [people_space(code) for code in reach if _within(_PEOPLE[role], code, own_service)]
    return (*PUBLIC_SPACES, *requests, *people)


def _within(reach: Reach, service: str, own_service: str) -> bool:
    return reach is Reach.CITY or (reach is Reach.OWN_SERVICE and service == own_service)
