"""A field that takes the next key pressed, whatever it does elsewhere."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QKeyCombination, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QWidget

_MODIFIERS = frozenset(
    {
        Qt.Key.Key_Control,
        Qt.Key.Key_Shift,
        Qt.Key.Key_Alt,
        Qt.Key.Key_AltGr,
        Qt.Key.Key_Meta,
        Qt.Key.Key_CapsLock,
        Qt.Key.Key_NumLock,
        Qt.Key.Key_unknown,
    }
)
_LEAVING = frozenset({Qt.Key.Key_Escape, Qt.Key.Key_Tab, Qt.Key.Key_Backtab})
_NO_ALT_GR = ~(Qt.KeyboardModifier.GroupSwitchModifier | Qt.KeyboardModifier.KeypadModifier)


class KeyCapture(QLineEdit):
    """Emits ``captured`` with the key in Qt's notation ("Ctrl+J"), ``left`` on Esc or Tab: the focus is never kept here.

    AltGr is told as what it is on many systems, Ctrl+Alt; Enter of the number pad as Return.
    """

    captured = Signal(str)
    left = Signal()

    def __init__(self, name: str, prompt: str, parent: QWidget | None = None) -> None:
        super().__init__(prompt, parent)
        self.setReadOnly(True)
        self.setCursorPosition(0)
        self.selectionChanged.connect(self._show_prompt)  # a view selects what its editor has
        self.setAccessibleName(name)
        self.setAccessibleDescription(prompt)
        self.setProperty("kind", "capture")

    def _show_prompt(self) -> None:
        if self.hasSelectedText():
            self.deselect()

    def event(self, event: QEvent) -> bool:
        """Take keys before shortcuts and the focus do."""
        if event.type() is QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            self._take(event)
            return True
        return super().event(event)

    def _take(self, event: QKeyEvent) -> None:
        key, modifiers = Qt.Key(event.key()), event.modifiers()
        if key in _MODIFIERS:
            return
        if key in _LEAVING and modifiers in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier):
            self.left.emit()
            return
        if modifiers & Qt.KeyboardModifier.GroupSwitchModifier:
            modifiers |= Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
        pressed = Qt.Key.Key_Return if key is Qt.Key.Key_Enter else key
        combination = QKeyCombination(modifiers & _NO_ALT_GR, pressed)
        self.captured.emit(QKeySequence(combination).toString(QKeySequence.SequenceFormat.PortableText))
