"""The settings of the text's size: a slider and two buttons, the size said between them, the window changing at once."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QSlider, QWidget

from ..widgets.announcing import announce
from ..widgets.frames import row
from ..widgets.icon_button import ActionButton
from ..widgets.labels import label
from .context import Context
from .settings_section import Section
from .text_size import LEAST, MOST, STEP, within


class TextSizeSection(Section):
    """Its buttons are the window's own actions ``smaller`` and ``larger``, bound before this is made."""

    def __init__(self, context: Context) -> None:
        words = context.words
        super().__init__(context, words.text("Taille du texte"), words.text("Tout suit : textes, icônes, boutons."))
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName(words.text("Taille du texte, en pour cent"))
        self.slider.setRange(LEAST, MOST)
        self.slider.setSingleStep(STEP)
        self.slider.setPageStep(2 * STEP)
        self.slider.setTracking(False)
        self.slider.valueChanged.connect(self._on_value)
        self.slider.sliderMoved.connect(lambda percent: self._say(within(percent)))
        self.percent = label("", "percent")
        self._shown = 0
        smaller = ActionButton(context.look, context.commands.action("smaller"), "minus", kind="less", words="")
        larger = ActionButton(context.look, context.commands.action("larger"), "plus", kind="more", words="")
        line = row(smaller, self.slider, larger, self.percent, spacing=12)
        line.setStretch(1, 1)
        self.column.addLayout(line)
        self.column.addWidget(label(words.text("Voici comment se lit une phrase à cette taille."), "say", wrap=True))
        self.close_with_trouble()

    def first(self) -> QWidget:
        """The slider."""
        return self.slider

    def refresh(self) -> None:
        """The size that is set; another one is read aloud."""
        scale = self.context.preferences.settings.scale
        with QSignalBlocker(self.slider):
            self.slider.setValue(scale)
        changed = self._shown not in (0, scale)
        self._shown = scale
        self._say(scale)
        if changed:
            announce(self.percent, self.percent.text())

    def _say(self, percent: int) -> None:
        self.percent.setText(self.words.text("{n} %", n=percent))

    def _on_value(self, percent: int) -> None:
        self.change(scale=within(percent))
