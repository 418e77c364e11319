"""How much room there is: the larger the letters, the less of it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSize

from guichet_desktop.screens.modes import Mode, channel_of, mode_of
from guichet_desktop.screens.room import Room, is_short, room_of
from guichet_desktop.theme.theme import load_theme
from guichet_sync.domain.request import Channel
from guichet_sync.domain.spaces import Role


@pytest.mark.parametrize(
    ("width", "scale", "room"),
    [
        (1360, 100, Room.WIDE),
        (1359, 100, Room.MEDIUM),
        (1000, 100, Room.MEDIUM),
        (999, 100, Room.NARROW),
        (1768, 130, Room.WIDE),
        (1767, 130, Room.MEDIUM),
        (1280, 200, Room.NARROW),
        (1920, 200, Room.NARROW),
        (2720, 200, Room.WIDE),
    ],
)
def test_drawer_and_tab_come_by_width_in_letters(width: int, scale: int, room: Room) -> None:
    assert room_of(QSize(width, 900), load_theme("light", scale)) is room


@pytest.mark.parametrize(("height", "scale", "short"), [(560, 100, False), (559, 100, True), (720, 130, True), (720, 200, True)])
def test_what_is_only_convenient_goes_where_the_window_is_low(height: int, scale: int, short: bool) -> None:
    assert is_short(QSize(1280, height), load_theme("light", scale)) is short


@pytest.mark.parametrize(
    ("role", "chosen", "mode"),
    [
        (Role.AGENT, "", Mode.PHONE),
        (Role.CLERK, "", Mode.COUNTER),
        (Role.SERVICE_EMPLOYEE, "", Mode.SERVICE),
        (Role.SUPERVISOR, "", Mode.SERVICE),
        (Role.AGENT, "counter", Mode.COUNTER),
        (Role.CLERK, "phone", Mode.PHONE),
        (Role.AGENT, "of another version", Mode.PHONE),
        (Role.AUTHOR, "phone", Mode.SERVICE),
    ],
)
def test_one_works_as_one_chose_or_as_one_s_role_does(role: Role, chosen: str, mode: Mode) -> None:
    assert mode_of(role, chosen) is mode


def test_people_come_to_the_counter_and_call_everywhere_else() -> None:
    assert {mode: channel_of(mode) for mode in Mode} == {
        Mode.PHONE: Channel.PHONE,
        Mode.COUNTER: Channel.COUNTER,
        Mode.SERVICE: Channel.PHONE,
    }
