"""Keys and clicks inside a widget are let go by for a moment: what is on the screen is what is being saved."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtWidgets import QWidget

_INPUT = (
    QEvent.Type.KeyPress,
    QEvent.Type.InputMethod,
    QEvent.Type.MouseButtonPress,
    QEvent.Type.MouseButtonDblClick,
    QEvent.Type.Wheel,
)


class Still(QObject):
    """Holds ``widget`` and all that is in it still, its focus where it is; shortcuts go on working."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._widget = widget
        self._holding = False

    def holds(self) -> bool:
        """Whether the widget is held still now."""
        return self._holding

    def hold(self) -> None:
        """Take no input from now on."""
        self._holding = True
        self._application().installEventFilter(self)

    def release(self) -> None:
        """Take input again."""
        self._holding = False
        self._application().removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Eat input that is meant for the widget."""
        return event.type() in _INPUT and isinstance(watched, QWidget) and self._widget.isAncestorOf(watched)

    def _application(self) -> QCoreApplication:
        application = QCoreApplication.instance()
        assert application is not None  # noqa: S101 - there is a widget, so there is one
        return application
