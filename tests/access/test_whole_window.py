"""The window of a signed-in person, page by page and state by state: nothing keeps anybody out, everything is in the palette."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton, QWidget

from guichet_desktop.tour import live, until
from guichet_desktop.widgets.overlay import Overlay
from guichet_sync.domain.words import Language
from tests.helpers.accessible import out_of_reach
from tests.helpers.central import AGENT, CentralServer
from tests.helpers.stages import Setting, problems_of, problems_of_focus
from tests.helpers.windows import Sitting, sitting

pytestmark = pytest.mark.usefixtures("qapp", "passphrase")
State = Callable[[Sitting], None]
SIZES = ((1280, 720), (1366, 768), (1440, 900), (1920, 1080))
SCALES = (100, 130, 200)
COVERING = {
    Language.FR: [(100, (1280, 720)), (130, (1366, 768)), (200, (1280, 720))],
    Language.EN: [(200, (1280, 720)), (100, (1920, 1080)), (130, (1280, 720))],
}
FOCUS = [((1280, 720), "light", 100), ((1280, 720), "contrast", 200), ((1920, 1080), "dark", 130)]
"""Where the way of the focus is walked, key by key: the size, the theme, the percent of text."""


@pytest.fixture
def passphrase(monkeypatch: pytest.MonkeyPatch) -> None:
    """This post has no keyring."""
    monkeypatch.setenv("GUICHET_PASSPHRASE", "une phrase de passe")


def _nothing(_agent: Sitting) -> None:
    return


def _results(agent: Sitting) -> None:
    agent.hands.press("F2")
    agent.hands.type("collecte" if agent.guichet.words.language is Language.FR else "collection")
    until(lambda: agent.main.home.answers.card.fiche, "a fiche")


def _full_form(agent: Sitting) -> None:
    agent.begins_request("nid-de" if agent.guichet.words.language is Language.FR else "pothole", "120 ormes")
    until(agent.main.home.form.promise.promise.isVisible, "a promise")


def _errors(agent: Sitting) -> None:
    agent.hands.press("F4", "Ctrl+Return")
    until(agent.main.home.form.fields.category.error, "an error")


def _toast(agent: Sitting) -> None:
    agent.main.context.notices.say(agent.guichet.words.text("Réponse donnée"), lambda: None)


def _presses(key: str) -> State:
    return lambda agent: agent.hands.press(key)


STATES: dict[str, tuple[State, State]] = {
    "home": (_nothing, _nothing),
    "results and a fiche": (_results, _presses("Escape")),
    "a full form": (_full_form, _presses("F2")),
    "errors": (_errors, _presses("F2")),
    "a toast": (_toast, _nothing),
    "requests": (_presses("Ctrl+2"), _presses("Ctrl+1")),
    "outbox": (_presses("Ctrl+3"), _presses("Ctrl+1")),
    "settings": (_presses("Ctrl+4"), _presses("Ctrl+1")),
    "key sheet": (_presses("F1"), _presses("Escape")),
    "palette": (_presses("Ctrl+K"), _presses("Escape")),
    "privacy screen": (_presses("F9"), _presses("Escape")),
}
"""How each comes, and how it goes."""


def _settles(window: QWidget) -> None:
    """Let all that is inside be laid out for another size of text: until then the window keeps to what it needed before."""
    live()
    until(lambda: window.minimumSize() == window.minimumSizeHint(), "the layout of another size of text")


def _walk(agent: Sitting, settings: list[Setting]) -> Iterator[tuple[str, Setting]]:
    """Every state at every setting, in one window that is never made anew."""
    for setting in settings:
        agent.guichet.look.wear(setting.theme, setting.scale)
        _settles(agent.guichet.window)
        agent.guichet.window.resize(setting.room)
        live()
        for name, (come, go) in STATES.items():
            come(agent)
            live()
            live()
            yield name, setting
            go(agent)
            live()


def _excused(button: QAbstractButton) -> bool:
    """A field's own parts and the choices of a page are reached by Tab inside it, as any field is; Escape closes a panel; what
    can't be pressed now is not offered now.
    """
    return button.isCheckable() or not button.isEnabled() or _is_in_panel(button)


def _is_in_panel(widget: QWidget) -> bool:
    above: QWidget | None = widget
    while above is not None and not isinstance(above, Overlay):
        above = above.parentWidget()
    return above is not None


def _found(agent: Sitting, settings: list[Setting]) -> list[str]:
    window = agent.guichet.window
    return [f"{name} ({at}): {problem}" for name, at in _walk(agent, settings) for problem in problems_of(window, at)]


def _settings(language: Language, *, whole: bool) -> list[Setting]:
    places = list(product(SCALES, SIZES)) if whole else COVERING[language]
    return [Setting(language, scale, size) for scale, size in places]


@pytest.mark.parametrize("language", Language, ids=str)
def test_nothing_keeps_anybody_out(language: Language, central: CentralServer, tmp_path: Path) -> None:
    with sitting(tmp_path / "post", central.url, language.value) as agent:
        agent.enrols(AGENT)
        assert _found(agent, _settings(language, whole=False)) == []


@pytest.mark.full
@pytest.mark.parametrize("language", Language, ids=str)
def test_nothing_keeps_anybody_out_at_any_size(language: Language, central: CentralServer, tmp_path: Path) -> None:
    with sitting(tmp_path / "post", central.url, language.value) as agent:
        agent.enrols(AGENT)
        assert _found(agent, _settings(language, whole=True)) == []


@pytest.mark.parametrize(("size", "theme", "scale"), FOCUS, ids=str)
def test_the_focus_goes_everywhere_in_order_and_is_seen(
    size: tuple[int, int], theme: str, scale: int, central: CentralServer, tmp_path: Path
) -> None:
    assert _found_of_focus(tmp_path, central, [Setting(Language.FR, scale, size, theme)]) == []


@pytest.mark.full
@pytest.mark.parametrize("theme", ["light", "dark", "contrast"])
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_the_focus_is_seen_at_any_size(size: tuple[int, int], theme: str, central: CentralServer, tmp_path: Path) -> None:
    assert _found_of_focus(tmp_path, central, [Setting(Language.FR, scale, size, theme) for scale in SCALES]) == []


def _found_of_focus(folder: Path, central: CentralServer, settings: list[Setting]) -> list[str]:
    with sitting(folder / "post", central.url) as agent:
        agent.enrols(AGENT)
        window = agent.guichet.window
        return [f"{name} ({at}): {each}" for name, at in _walk(agent, settings) for each in problems_of_focus(window)]


def test_every_button_is_in_the_palette(central: CentralServer, tmp_path: Path) -> None:
    setting = Setting(Language.FR, 100, (1920, 1080))
    with sitting(tmp_path / "post", central.url) as agent:
        agent.enrols(AGENT)
        found = []
        for name, _at in _walk(agent, [setting]):
            bound = [action.id for action, _acting in agent.main.context.commands.available()]
            found += [f"{name}: {each}" for each in out_of_reach(agent.main, bound, _excused)]
        assert found == []
