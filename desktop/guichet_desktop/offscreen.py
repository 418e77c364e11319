"""Windows that nobody sits at: the tour and the gallery run with or without a display."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

_SCREEN = {"name": "desk", "x": 0, "y": 0, "width": 1920, "height": 1080, "logicalDpi": 96, "dpr": 1}


def application(folder: Path) -> QApplication:
    """The application: off-screen unless told otherwise, on a screen as large as a desk's (Qt's own is of 800 × 800).

    ``folder`` must last as long as the application starts.
    """
    qInstallMessageHandler(_report)
    if os.environ.setdefault("QT_QPA_PLATFORM", "offscreen") == "offscreen":
        configuration = folder / "screen.json"
        configuration.write_text(json.dumps({"screens": [_SCREEN]}), encoding="utf-8")
        os.environ["QT_QPA_PLATFORM"] = f"offscreen:configfile={configuration}"
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)  # noqa: S101 - this process has no other
    return app


def _report(kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    """What Qt says, but for what the off-screen platform can't do: raise a window, tell its size."""
    if not message.startswith("This plugin does not support"):
        sys.stderr.write(f"{kind.name}: {message}\n")
