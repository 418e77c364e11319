"""What is chosen from: boxes, one of several, a slider, tabs, themes; and a bar."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QProgressBar, QRadioButton, QSlider, QTabBar, QVBoxLayout, QWidget

from ..widgets.choice_group import ChoiceGroup
from ..widgets.field import Field
from ..widgets.theme_sample import ThemeSample
from .specimen import Bench, Family, Make, Specimen, State, in_states


def _box(state: Qt.CheckState) -> Make:
    def make(bench: Bench) -> QWidget:
        made = QCheckBox(bench.say("Avis de confidentialité lu à la personne", "Privacy notice read to the person"))
        made.setTristate(state is Qt.CheckState.PartiallyChecked)
        made.setCheckState(state)
        return made

    return make


def _radios(bench: Bench) -> QWidget:
    host = QWidget()
    column = QVBoxLayout(host)
    column.setContentsMargins(0, 0, 0, 0)
    group = QButtonGroup(host)
    for place, words in enumerate((("Requête", "Request"), ("Information", "Information"), ("Plainte", "Complaint"))):
        button = QRadioButton(bench.say(*words))
        button.setChecked(place == 0)
        group.addButton(button)
        column.addWidget(button)
    return host


def _slider(bench: Bench) -> QWidget:
    made = QSlider(Qt.Orientation.Horizontal)
    made.setAccessibleName(bench.say("Taille du texte", "Text size"))
    made.setRange(100, 200)
    made.setValue(130)
    return made


def _tabs(bench: Bench) -> QWidget:
    made = QTabBar()
    for words in (("Recherche", "Search"), ("Requête", "Request"), ("Historique", "History")):
        made.addTab(bench.say(*words))
    made.setDrawBase(False)
    made.setAccessibleName(bench.say("Volets", "Panes"))
    return made


def _bar(bench: Bench) -> QWidget:
    made = QProgressBar(textVisible=False)
    made.setAccessibleName(bench.say("Première copie", "First copy"))
    made.setRange(0, 100)
    made.setValue(64)
    return made


def _group(bench: Bench) -> QWidget:
    choices = (("brown", bench.say("Bac brun", "Brown bin")), ("blue", bench.say("Bac bleu", "Blue bin")))
    made = ChoiceGroup(choices)
    made.choose({"brown"})
    field = Field(bench.say("Quels bacs?", "Which bins?"), made, made.tell)
    field.show_error(bench.say("Il manque la réponse.", "The answer is missing."))
    return field


def _theme(*themes: str, chosen: bool = False) -> Make:
    def make(bench: Bench) -> QWidget:
        made = ThemeSample(
            bench.look, bench.say("Sombre", "Dark") if len(themes) == 1 else bench.say("Système", "System"), themes
        )
        made.setChecked(chosen)
        return made

    return make


CHOICES = Family(
    "choices",
    (
        *in_states("box", _box(Qt.CheckState.Unchecked), State.PLAIN, State.FOCUS, State.DISABLED),
        *in_states("box checked", _box(Qt.CheckState.Checked), State.PLAIN, State.FOCUS, State.DISABLED),
        *in_states("box mixed", _box(Qt.CheckState.PartiallyChecked), State.PLAIN, State.FOCUS, State.DISABLED),
        *in_states("one of several", _radios, State.PLAIN, State.FOCUS, State.DISABLED, width=160),
        Specimen("any of several, wrong", _group, width=220),
        *in_states("theme", _theme("dark"), State.PLAIN, State.FOCUS),
        Specimen("theme chosen", _theme("light", "dark", chosen=True)),
        *in_states("slider", _slider, State.PLAIN, State.FOCUS, State.DISABLED, width=220),
        *in_states("tabs", _tabs, State.PLAIN, State.FOCUS, State.DISABLED),
        Specimen("progress", _bar, width=220),
    ),
)
