"""``guichet``: the window."""

from __future__ import annotations

import argparse
import hashlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtNetwork import QLocalServer, QLocalSocket
from PySide6.QtWidgets import QApplication

from .app import GuichetApp, Options

_ANSWER_MS = 500


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="guichet", description="The window of a desk.")
    parser.add_argument("--profile", type=Path)
    parser.add_argument("--server", default="", metavar="URL")
    parser.add_argument("--lang", choices=["fr", "en"], default="")
    parser.add_argument("--theme", choices=["light", "dark", "contrast", "system"], default="")
    parser.add_argument("--scale", type=int, default=0, metavar="PERCENT")
    parser.add_argument("--tour", type=Path, metavar="DIR", help="drive the window through a call and take pictures")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Show the window until it is closed; the exit status."""
    options = _parser().parse_args(arguments)
    if options.tour:
        from .tour import run

        return run(options.tour)
    os.umask(0o077)  # what the window and the processes it starts write is its person's alone
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)  # noqa: S101 - this process has no other
    profile = options.profile or _default_profile()
    if is_open(profile):
        return 0
    guichet = GuichetApp(app, Options(profile, options.server, options.lang, options.theme, options.scale))
    door = answer_second_starts(profile, guichet)
    guichet.start()
    status = app.exec()
    door.close()
    guichet.close()
    return status


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
