"""``guichet --tour DIR``: one call in each language, and a page that shows its pictures side by side."""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtWidgets import QApplication

from guichet_sync.domain.words import Language

from .. import contact_sheet
from ..app import GuichetApp, Options
from ..contact_sheet import Group
from ..loopback import LoopbackCentral
from ..offscreen import application
from ..profiles import PASSPHRASE_VARIABLE
from .album import USUAL, Album
from .call import Call
from .hands import live


def run(pictures: Path) -> int:
    """Take the tour in both languages and write ``index.html``; the exit status.

    :raises TimeoutError: a step does not come. :raises OSError: a picture can't be written. The server is ended then too.
    """
    pictures.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="guichet-tour-") as folder:
        app = application(Path(folder))
        os.environ[PASSPHRASE_VARIABLE] = secrets.token_urlsafe(12)
        central = LoopbackCentral(Path(folder) / "central")
        central.load_city()
        with central.running():
            groups = [_taken(app, central, Path(folder), language.value, pictures) for language in Language]
    contact_sheet.write(pictures, "Guichet: the guided tour", groups)
    return 0


def _taken(app: QApplication, central: LoopbackCentral, folder: Path, language: str, pictures: Path) -> Group:
    """One call, in one language."""
    options = Options(folder / f"profile-{language}", central.url, language, USUAL[0].theme)
    with _window(app, options) as guichet:
        album = Album(pictures, language, guichet.window, guichet.look)
        Call(guichet, central, album, language).take()
    return album.group()


@contextmanager
def _window(app: QApplication, options: Options) -> Iterator[GuichetApp]:
    """The window, closed at the end; no caret blinks in it."""
    blink = app.cursorFlashTime()
    app.setCursorFlashTime(0)
    guichet = GuichetApp(app, options)
    guichet.start()
    try:
        yield guichet
    finally:
        guichet.window.close()
        app.setCursorFlashTime(blink)
        live()
