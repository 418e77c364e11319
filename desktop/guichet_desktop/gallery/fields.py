"""Fields: empty, filled, with the focus, wrong, out of reach."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtWidgets import QComboBox, QLineEdit, QSpinBox, QWidget

from ..widgets.date_field import DateField
from ..widgets.field import Field
from ..widgets.lookup_field import LookupField
from ..widgets.note_edit import NoteEdit
from ..widgets.phone_field import PhoneField
from ..widgets.secret_edit import SecretEdit
from .specimen import Bench, Family, Make, Specimen, State, in_states

_DAY = date(2026, 12, 3)
_FIELD_PX = 270


def _field(french: str, english: str, editor: Callable[[Bench], QWidget], error: tuple[str, str] | None = None) -> Make:
    def make(bench: Bench) -> QWidget:
        made = Field(bench.say(french, english), editor(bench))
        if error:
            made.show_error(bench.say(*error))
        return made

    return make


def _empty(bench: Bench) -> QWidget:
    return LookupField(bench.say("Adresse, lieu ou repère", "Address, place or landmark"))


def _filled(bench: Bench) -> QWidget:
    return QLineEdit(bench.say("1425, rue des Érables", "1425 rue des Érables"))


def _read_only(bench: Bench) -> QWidget:
    made = QLineEdit(bench.say("Saisi ailleurs", "Typed elsewhere"))
    made.setReadOnly(True)
    return made


def _note(bench: Bench) -> QWidget:
    made = NoteEdit(10_000, bench.look.theme.px(90))
    made.setPlainText(
        bench.say("Bac brun non vidé mardi. Trois sacs de papier.", "Brown bin not emptied on Tuesday. Three paper bags.")
    )
    return made


def _search(bench: Bench) -> QWidget:
    made = QLineEdit(bench.say("feuilles mortes", "dead leaves"))
    made.setObjectName("search")
    made.setAccessibleName(bench.say("Rechercher", "Search"))
    return made


def _combo(bench: Bench) -> QWidget:
    made = QComboBox()
    made.addItems([bench.say("Collecte non effectuée", "Missed collection"), bench.say("Nid-de-poule", "Pothole")])
    return made


def _number(bench: Bench) -> QWidget:
    """The line in a spin box takes its room from margins: the sheet's padding does not reach it."""
    made = QSpinBox()
    made.lineEdit().setTextMargins(bench.look.theme.px(8), 0, 0, 0)
    made.setRange(0, 99)
    made.setValue(12)
    return made


def _day(bench: Bench) -> QWidget:
    made = DateField(bench.words, lambda: date(2026, 11, 24))
    made.show_date(_DAY)
    return made


def _phone(bench: Bench) -> QWidget:
    made = PhoneField(bench.words)
    made.show_phone("450 555-0142")
    return made


def _secret(bench: Bench) -> QWidget:
    made = SecretEdit(bench.look, bench.say("Montrer le mot de passe", "Show the password"))
    made.setText("mot de passe")
    return made


_EVERY = (State.PLAIN, State.HOVER, State.FOCUS, State.DISABLED)
_MISSING = (
    "Il manque le lieu. Donnez une adresse, un lieu connu ou un repère.",
    "The place is missing. Give an address or a landmark.",
)
FIELDS = Family(
    "fields",
    (
        *in_states("empty", _field("Adresse ou lieu", "Address or place", _empty), *_EVERY, width=_FIELD_PX),
        *in_states("filled", _field("Adresse ou lieu", "Address or place", _filled), *_EVERY, width=_FIELD_PX),
        *in_states("wrong", _field("Lieu", "Place", _filled, _MISSING), State.PLAIN, State.FOCUS, width=_FIELD_PX),
        Specimen("read only", _field("Adresse ou lieu", "Address or place", _read_only), width=_FIELD_PX),
        *in_states("note", _field("Description", "Description", _note), State.PLAIN, State.FOCUS, width=_FIELD_PX),
        Specimen("note, wrong", _field("Description", "Description", _note, _MISSING), width=_FIELD_PX),
        *in_states("list", _field("Catégorie", "Category", _combo), *_EVERY, width=_FIELD_PX),
        *in_states("number", _field("Nombre de bacs", "Number of bins", _number), *_EVERY, width=_FIELD_PX),
        *in_states("date", _field("Date", "Date", _day), State.PLAIN, State.FOCUS, width=_FIELD_PX),
        *in_states("phone", _field("Téléphone", "Phone", _phone), State.PLAIN, State.FOCUS, width=_FIELD_PX),
        *in_states("secret", _field("Mot de passe", "Password", _secret), State.PLAIN, State.FOCUS, width=_FIELD_PX),
        *in_states("search", _search, State.PLAIN, State.FOCUS, width=420),
    ),
)
