"""Texts in their roles, pills, key caps, cards, banners, the toast and the chip of the exchange."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ..widgets.frames import Banner, card, row
from ..widgets.labels import keycap, label, pill
from ..widgets.sync_chip import SyncChip
from ..widgets.toast import Toast
from .specimen import Bench, Family, Make, Specimen

_ROLES = {
    "title": ("Dans quel bac vont les feuilles mortes?", "Which bin do dead leaves go in?"),
    "section": ("À vérifier avec la personne", "To check with the person"),
    "label": ("Adresse ou lieu", "Address or place"),
    "say": ("Les feuilles vont dans le bac brun.", "Leaves go in the brown bin."),
    "muted": ("Matières résiduelles", "Waste collection"),
    "meta": ("révisée le 12 nov. 2026", "reviewed on Nov. 12, 2026"),
    "error": ("Il manque le lieu.", "The place is missing."),
    "number": ("C07-0142-V", "C07-0142-V"),
    "brand": ("Guichet", "Guichet"),
    "": ("Texte courant", "Body text"),
}
_PILLS = {
    "ok": ("Vérifiée", "Verified"),
    "warn": ("À réviser", "To review"),
    "bad": ("Refusée", "Refused"),
    "info": ("Suivant", "Next"),
    "mute": ("En file", "Waiting"),
}
_LONG = (
    "Enregistrée ici, à envoyer. Tout est gardé sur le poste et partira au retour du réseau, sans rien à faire.",
    "Saved here, to be sent. Everything is kept on this desk and leaves when the network is back, with nothing to do.",
)
_CHIPS = {
    "online": (("En ligne", "Online"), "ok", ("", "")),
    "offline": (("Hors ligne", "Offline"), "warn", ("3 à envoyer", "3 to send")),
    "working": (("Échange en cours", "Exchanging"), "info", ("12 à envoyer", "12 to send")),
    "refused": (("À corriger", "To correct"), "bad", ("1 refusée", "1 refused")),
    "unknown": (("En attente", "Waiting"), "mute", ("", "")),
}


def _text(role: str, words: tuple[str, str]) -> Make:
    return lambda bench: label(bench.say(*words), role)


def _pill(tone: str, words: tuple[str, str]) -> Make:
    return lambda bench: pill(bench.say(*words), tone)


def _key(key: str) -> Make:
    return lambda _bench: keycap(key)


def _banner(tone: str, role: str = "") -> Make:
    def make(bench: Bench) -> QWidget:
        made = Banner(tone, role)
        made.say(bench.say(*_LONG))
        return made

    return make


def _chip(state: tuple[str, str], tone: str, waiting: tuple[str, str]) -> Make:
    def make(bench: Bench) -> QWidget:
        made = SyncChip(bench.say("État de l’échange", "State of the exchange"))
        made.say(bench.say(*state), tone, bench.say(*waiting))
        return made

    return make


def _card(bench: Bench) -> QWidget:
    made, column = card()
    column.addWidget(label(bench.say("Nouvelle requête", "New request"), "title", wrap=True))
    column.addWidget(label(bench.say(*_LONG), "muted", wrap=True))
    column.addLayout(row(pill(bench.say("Vérifiée", "Verified"), "ok"), None, keycap("Ctrl+R")))
    return made


def _toast(*, undo: bool) -> Make:
    def make(bench: Bench) -> QWidget:
        host = QWidget()
        made = Toast(host)
        layout = QVBoxLayout(host)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(made)
        sentence = bench.say("Réponse donnée, comptée pour cette fiche.", "Answer given, counted for this article.")
        made.say(sentence, bench.say("Annuler", "Undo"), _nothing) if undo else made.say(sentence)
        return host

    return make


def _nothing() -> None:
    """An example is not undone."""


TEXTS = Family(
    "texts",
    (
        *(Specimen(role or "body", _text(role, words)) for role, words in _ROLES.items()),
        *(Specimen(f"pill {tone}", _pill(tone, words)) for tone, words in _PILLS.items()),
        *(Specimen(f"key {key}", _key(key)) for key in ("F2", "Ctrl+K", "Alt+1")),
    ),
)
SURFACES = Family(
    "surfaces",
    (
        Specimen("card", _card, width=320),
        *(Specimen(f"banner {tone}", _banner(tone), width=320) for tone in ("ok", "warn", "bad", "info")),
        Specimen("to say", _banner("say", "say"), width=320),
        Specimen("toast", _toast(undo=False), width=480),
        Specimen("toast with undo", _toast(undo=True), width=480),
        *(Specimen(f"chip {name}", _chip(*how)) for name, how in _CHIPS.items()),
    ),
)
