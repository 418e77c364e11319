"""A window that binds the whole table of actions, and tells on standard output what each key did: one JSON object a line."""

from __future__ import annotations

import json
import sys
from functools import partial

from PySide6.QtCore import QSocketNotifier, QTimer
from PySide6.QtGui import QShortcut, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QApplication, QLineEdit, QListView, QMainWindow, QVBoxLayout, QWidget

from guichet_desktop.actions import ACTIONS, Scope
from guichet_desktop.screens.commands import Commands
from guichet_sync.domain.words import Language
from guichet_sync.wording import Words
from tests.helpers.keyboards import LAST_KEY


class BoundWindow(QMainWindow):
    """A page for each scope, one shown at a time, each with a field and a list."""

    def __init__(self) -> None:
        super().__init__()
        self._commands = Commands(Words(Language.FR), {}, self)
        self._done: list[str] = []
        body = QWidget()
        column = QVBoxLayout(body)
        self._pages: dict[Scope, QWidget] = {scope: QWidget() for scope in Scope if scope is not Scope.EVERYWHERE}
        self._field, self._list = QLineEdit(), QListView()
        rows = QStandardItemModel(self)
        for name in ("un", "deux"):
            rows.appendRow(QStandardItem(name))
        self._list.setModel(rows)
        for part in (self._field, self._list, *self._pages.values()):
            column.addWidget(part)
        self.setCentralWidget(body)
        for each in ACTIONS:
            self._commands.bind(each.id, partial(self._done.append, each.id), self._pages.get(each.scope, body))
        QShortcut(LAST_KEY, self, self._tell)
        self._heard = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read, self)
        self._heard.activated.connect(self._on_asked)

    def begin(self) -> None:
        """Say that keys are heard, once they are."""
        if self.isActiveWindow():
            _say({"ready": True})
        else:
            self.activateWindow()
            QTimer.singleShot(10, self.begin)

    def _on_asked(self) -> None:
        asked = json.loads(sys.stdin.readline())
        for scope, page in self._pages.items():
            page.setVisible(scope.value == asked["scope"])
        self._field.clear()
        (self._field if asked["in_field"] else self._list).setFocus()
        _say({"shown": asked["scope"]})

    def _tell(self) -> None:
        _say({"done": self._done, "text": self._field.text()})
        self._done.clear()
        self._field.clear()


def _say(what: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    app = QApplication(sys.argv[:1])
    window = BoundWindow()
    window.show()
    window.begin()
    sys.exit(app.exec())
