"""``guichet``: the window."""

from __future__ import annotations

import argparse
import hashlib
import logging
import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import Qt
from PySide6.QtNetwork import QLocalServer, QLocalSocket
from PySide6.QtWidgets import QApplication

from .app import GuichetApp, Options

_ANSWER_MS = 500
_log = logging.getLogger(__name__)


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = argparse.ArgumentParser(prog="guichet", description="The window of a desk.")
    top.add_argument("--profile", type=Path)
    top.add_argument("--server", default="", metavar="URL")
    top.add_argument("--lang", choices=["fr", "en"], default="")
    top.add_argument("--theme", choices=["light", "dark", "contrast", "system"], default="")
    top.add_argument("--scale", type=int, default=0, metavar="PERCENT")
    top.add_argument("--tour", type=Path, metavar="DIR", help="drive the window through a call and take pictures")
    top.add_argument("--gallery", type=Path, metavar="DIR", help="take pictures of every part of the screens, in every look")
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Show the window until it is closed; the exit status."""
    options = parser().parse_args(arguments)
    if options.tour:
        from .tour.run import run

        return run(options.tour)
    if options.gallery:
        from .gallery.run import run as show_parts

        return show_parts(options.gallery)
    profile = options.profile or _default_profile()
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)  # noqa: S101 - this process has no other
    if is_open(profile):
        return 0
    return _show(app, Options(profile, options.server, options.lang, options.theme, options.scale))


def _show(app: QApplication, options: Options) -> int:
    from guichet_sync.store.folders import ProfileFolder

    from .diagnostics import written_to
    from .profiles import private_files

    with private_files(), written_to(ProfileFolder(options.profile).log, "guichet"):
        sys.excepthook = _write_down
        guichet = GuichetApp(app, options)
        try:
            door = answer_second_starts(options.profile, guichet)
            guichet.window.closing.connect(door.close)
            guichet.start()
            return app.exec()
        finally:
            guichet.close()


def _write_down(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """An exception that nobody foresaw, in what Qt called: the window goes on, the log says where it happened."""
    _log.error("%s in the window", kind.__name__, exc_info=(kind, error, trace))


def _default_profile() -> Path:
    from .profiles import default_path

    return default_path()


def _door_name(profile: Path) -> str:
    return "guichet-" + hashlib.sha256(str(profile.resolve()).encode()).hexdigest()[:24]


def is_open(profile: Path) -> bool:
    """Whether a window of this profile is open already; it then comes to the front."""
    socket = QLocalSocket()
    socket.connectToServer(_door_name(profile))
    if not socket.waitForConnected(_ANSWER_MS):
        return False
    socket.write(b"show\n")
    socket.waitForBytesWritten(_ANSWER_MS)
    socket.disconnectFromServer()
    return True


def answer_second_starts(profile: Path, guichet: GuichetApp) -> QLocalServer:
    """Where a second start of this profile knocks; it brings the window to the front. Only this person's programs may."""
    server = QLocalServer()
    server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
    QLocalServer.removeServer(_door_name(profile))

    def raise_window() -> None:
        server.nextPendingConnection().deleteLater()
        guichet.window.setWindowState(guichet.window.windowState() & ~Qt.WindowState.WindowMinimized)
        guichet.window.raise_()
        guichet.window.activateWindow()

    server.newConnection.connect(raise_window)
    server.listen(_door_name(profile))
    return server


if __name__ == "__main__":
    sys.exit(main())
