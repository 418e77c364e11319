"""Buttons of every kind in every state."""

from __future__ import annotations

from PySide6.QtWidgets import QPushButton, QWidget

from ..widgets.icon_button import IconButton
from .specimen import Bench, Family, Make, Specimen, State, in_states

_KINDS = {
    "": ("Copier", "Copy", "copy"),
    "primary": ("Enregistrer", "Save", "check"),
    "ghost": ("Signaler une erreur", "Report an error", "flag"),
    "danger": ("Supprimer le brouillon", "Delete the draft", "trash-2"),
    "chip": ("English", "Français", ""),
}
_STATES = (State.PLAIN, State.HOVER, State.PRESSED, State.FOCUS, State.DISABLED)


def _button(kind: str, french: str, english: str, icon: str) -> Make:
    return lambda bench: IconButton(bench.look, icon, bench.say(french, english), kind=kind)


def _checked(bench: Bench) -> QWidget:
    made = QPushButton(bench.say("Téléphone", "Phone"))
    made.setProperty("kind", "chip")
    made.setCheckable(True)
    made.setChecked(True)
    return made


def _icon_alone(bench: Bench) -> QWidget:
    return IconButton(bench.look, "panel-left", kind="ghost", name=bench.say("Volet de l’échange", "Interaction pane"))


BUTTONS = Family(
    "buttons",
    (
        *(each for kind, how in _KINDS.items() for each in in_states(kind or "button", _button(kind, *how), *_STATES)),
        *in_states("chip checked", _checked, State.PLAIN, State.FOCUS, State.DISABLED),
        *in_states("icon alone", _icon_alone, State.PLAIN, State.HOVER, State.FOCUS),
        Specimen("end of a call", _button("danger", "Terminer l’appel", "End the call", "phone-off")),
        Specimen("long words", _button("", "Écran de confidentialité et verrouillage", "Privacy screen and lock", "eye-off")),
    ),
)
