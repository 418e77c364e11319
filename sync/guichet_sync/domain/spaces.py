"""Spaces: the units of sync, and what each role may read of them.

A space is a numbered feed with its own rights: ``kb``, ``taxonomy``, ``places``, and for each municipal service
``requests/CODE`` (never a person), ``people/CODE`` (requesters) and ``confidential/CODE`` (requesters whose identity the category
keeps from the service that is asked). The table below is applied by the server when it *reads*;
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

_CONFIDENTIAL = dict.fromkeys(Role, Reach.NOTHING) | {Role.AGENT: Reach.CITY, Role.CLERK: Reach.CITY}
"""Who complains about a neighbour is known to those who answer the public, never to the service that inspects."""

CAPTURING_ROLES = frozenset({Role.AGENT, Role.CLERK, Role.SERVICE_EMPLOYEE, Role.SUPERVISOR})
"""Roles whose intents create requests and record answers."""


def requests_space(service: str) -> str:
    """The space of a service's requests."""
    return f"requests/{service}"


def people_space(service: str) -> str:
    """The space of the people who asked a service for something."""
    return f"people/{service}"


def confidential_space(service: str) -> str:
    """The space of the people who asked a service for something and whose identity is kept from it."""
    return f"confidential/{service}"


def requester_space(service: str, *, confidential: bool) -> str:
    """Where a requester stands, by what the category says of their identity."""
    return confidential_space(service) if confidential else people_space(service)


def is_public(space: str) -> bool:
    """Whether the space goes to ``public.db`` (else it holds requests or people)."""
    return space in PUBLIC_SPACES


def readable_spaces(role: Role, own_service: str, services: Iterable[str]) -> tuple[str, ...]:
    """The spaces a person may read, in the order to fetch them: public ones, requests, people."""
    reach = sorted(set(services))
    requests = [requests_space(code) for code in reach if _within(_REQUESTS[role], code, own_service)]
    people = [people_space(code) for code in reach if _within(_PEOPLE[role], code, own_service)]
    confidential = [confidential_space(code) for code in reach if _within(_CONFIDENTIAL[role], code, own_service)]
    return (*PUBLIC_SPACES, *requests, *people, *confidential)


def _within(reach: Reach, service: str, own_service: str) -> bool:
    return reach is Reach.CITY or (reach is Reach.OWN_SERVICE and service == own_service)
