"""One call from beginning to end, by keyboard alone: an answer, a request without the network, its official number."""

from __future__ import annotations

from guichet_sync.domain.words import Language

from ..app import GuichetApp
from ..loopback import DEMO_PASSWORD, DEMO_USER, LoopbackCentral
from ..screens.enrolment_page import EnrolmentPage
from ..screens.outbox_page import OutboxPage
from ..screens.requests_page import RequestsPage
from ..screens.shell import Shell
from ..widgets.lookup_field import LookupField
from .album import Album
from .hands import Hands, live, until

_QUESTION = {Language.FR: "feuilles", Language.EN: "leaves"}
_CATEGORY = {Language.FR: "nid-de", Language.EN: "pothole"}
_ADDRESS = "1077 vieux-moulin"
_WORDS = {Language.FR: "Trou profond au milieu de la voie.", Language.EN: "Deep hole in the middle of the lane."}
_COMMAND = {Language.FR: "requete", Language.EN: "request"}


class Call:
    """Takes it in one window, and a picture of each step."""

    def __init__(self, guichet: GuichetApp, central: LoopbackCentral, album: Album, language: str) -> None:
        self._guichet, self._central, self._album = guichet, central, album
        self._hands = Hands(guichet.window)
        self._language = Language(language)
        self._number = ""

    def take(self) -> None:
        """All steps, in their order."""
        self._enrol()
        self._answer()
        self._central.stop()
        self._capture_offline()
        self._look_at_what_waits()
        self._central.start()
        self._come_back()
        self._look_at_the_request()
        self._look_around()

    def _enrol(self) -> None:
        window = self._guichet.window
        until(lambda: isinstance(window.centralWidget(), EnrolmentPage), "the enrolment page")
        self._hands.type(DEMO_USER)
        self._hands.press("Tab")
        self._hands.type(DEMO_PASSWORD)
        self._album.take("enrolment")
        self._hands.press("Return")
        until(lambda: self._guichet.main, "the main screen")
        self._until_chip("En ligne")
        until(self._main.home.form.fields.category.offers_any, "the categories")

    def _answer(self) -> None:
        main = self._main
        self._hands.press("F2")
        self._hands.type(_QUESTION[self._language])
        until(lambda: main.home.answers.card.fiche, "a fiche")
        self._album.take("fiche", everywhere=True)
        self._hands.press("Ctrl+R")
        until(main.toast.message, "the answer counted")
        self._album.take("answered")

    def _capture_offline(self) -> None:
        form, hands = self._main.home.form, self._hands
        hands.press("F4")
        self._take_first(form.fields.category.lookup, _CATEGORY[self._language])
        self._take_first(form.fields.place.lookup, _ADDRESS, "place")
        self._show_map()
        hands.press("Down", "Tab", "Tab", "Tab")
        hands.type(_WORDS[self._language])
        until(form.promise.promise.isVisible, "a promise")
        until(lambda: not self._main.toast.message(), "the toast of the answer gone")
        self._album.take("request", everywhere=True)
        hands.press("F7")
        until(form.promise.read_back.isVisible, "the read-back")
        self._album.take("read-back")
        hands.press("Ctrl+Return")
        until(form.promise.saved.isVisible, "a provisional number")
        self._number = form.promise.saved.label.text()
        self._until_chip("Hors ligne")
        until(self._main.home.side.outbox.isVisible, "what waits")
        self._album.take("offline", everywhere=True)

    def _take_first(self, field: LookupField, words: str, picture: str = "") -> None:
        """Type into the field that has the focus and take the first match; the focus then goes on."""
        until(field.hasFocus, "the field's turn")
        self._hands.type(words)
        until(field.is_choosing, words)
        if picture:
            self._album.take(picture)
        self._hands.press("Return")
        until(lambda: not field.hasFocus(), f"{words} taken")

    def _show_map(self) -> None:
        """Open for as long as one looks at it."""
        shown = self._main.home.form.fields.map
        self._hands.press("Alt+M")
        until(lambda: shown.is_open and not shown.state.isVisible(), "the map drawn")
        self._album.take("map")
        self._hands.press("Alt+M")
        until(lambda: not shown.is_open, "the map closed")

    def _look_at_what_waits(self) -> None:
        self._hands.press("Ctrl+3")
        page = self._main.stack.currentWidget()
        assert isinstance(page, OutboxPage)  # noqa: S101 - the key is that page's
        until(lambda: page.table.model().rowCount(), "what waits, listed")
        self._hands.press("Down")
        self._album.take("outbox", everywhere=True)
        self._hands.press("Ctrl+1")

    def _come_back(self) -> None:
        main = self._main
        self._hands.press("F5")
        until(lambda: "26-" in main.toast.message(), "the official number")
        self._until_chip("En ligne")
        self._album.take("back-online")

    def _look_at_the_request(self) -> None:
        self._hands.press("Ctrl+2")
        page = self._main.stack.currentWidget()
        assert isinstance(page, RequestsPage)  # noqa: S101 - the key is that page's
        until(lambda: page.list.model.rowCount() > 1, "the requests")
        self._album.take("requests")
        self._hands.type(self._number)
        self._hands.press("Return")
        until(lambda: page.view.sheet, "the request")
        self._album.take("timeline", everywhere=True)
        self._hands.press("Ctrl+1")

    def _look_around(self) -> None:
        """What one finds from anywhere."""
        self._hands.press("Ctrl+4")
        live()
        self._album.take("settings")
        self._hands.press("Ctrl+1", "Ctrl+K")
        self._hands.type(_COMMAND[self._language])
        self._album.take("palette")
        self._hands.press("Escape", "F1")
        self._album.take("keys")
        self._hands.press("Escape", "F9")
        self._album.take("privacy")
        self._hands.press("Escape")

    def _until_chip(self, state: str) -> None:
        until(lambda: self._guichet.words.text(state) in self._main.top.chip.words(), state)

    @property
    def _main(self) -> Shell:
        main = self._guichet.main
        assert main is not None  # noqa: S101 - the tour waited for it
        return main
