"""How a person works: on the phone, at the counter, or in a service. The call bar and the counter are never shown together."""

from __future__ import annotations

from enum import StrEnum

from guichet_sync.domain.request import Channel
from guichet_sync.domain.spaces import CAPTURING_ROLES, Role
from guichet_sync.wording import N_


class Mode(StrEnum):
    """What the home screen is arranged for."""

    PHONE = "phone"
    COUNTER = "counter"
    SERVICE = "service"


MODE_NAMES = {Mode.PHONE: N_("Téléphone"), Mode.COUNTER: N_("Comptoir"), Mode.SERVICE: N_("Service")}
_OF_ROLE = {Role.AGENT: Mode.PHONE, Role.CLERK: Mode.COUNTER}


def mode_of(role: Role, chosen: str) -> Mode:
    """The mode a person chose, or that of their role; who captures nothing works in a service."""
    if role not in CAPTURING_ROLES:
        return Mode.SERVICE
    return Mode(chosen) if chosen in set(Mode) else _OF_ROLE.get(role, Mode.SERVICE)


def channel_of(mode: Mode) -> Channel:
    """How people reach a person who works so."""
    return Channel.COUNTER if mode is Mode.COUNTER else Channel.PHONE
