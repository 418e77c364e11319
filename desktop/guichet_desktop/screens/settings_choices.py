"""Settings of which one is chosen among few: the language, the theme, the way one works."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QLocale, QSignalBlocker, Qt
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QRadioButton, QVBoxLayout, QWidget

from guichet_sync.domain.spaces import CAPTURING_ROLES
from guichet_sync.wording import N_

from ..widgets.flow import FlowLayout
from ..widgets.labels import label
from ..widgets.theme_sample import ThemeSample
from .context import Context
from .language_choice import OWN_NAMES
from .modes import MODE_NAMES, Mode, mode_of
from .settings_section import Section

_THEMES = {
    "system": (N_("Comme le système"), ("light", "dark")),
    "light": (N_("Clair"), ("light",)),
    "dark": (N_("Sombre"), ("dark",)),
    "contrast": (N_("Contraste élevé"), ("contrast",)),
}
_SAYS = {
    Mode.PHONE: N_("L’appel en cours est à gauche de la recherche."),
    Mode.COUNTER: N_("La visite en cours est à gauche de la recherche."),
    Mode.SERVICE: N_("Ni appel ni visite : la recherche, les requêtes et le formulaire."),
}


class _Choice(QButtonGroup):
    """Buttons by value, of which one is chosen; ``chosen`` is called with the value of another one."""

    def __init__(self, buttons: Mapping[str, QAbstractButton], chosen: Callable[[str], None], parent: QWidget) -> None:
        super().__init__(parent)
        self.buttons_by_value = dict(buttons)
        self._chosen = chosen
        for button in buttons.values():
            self.addButton(button)
            button.toggled.connect(self._on_toggled)

    def show(self, value: str) -> None:
        """Show which is chosen, without choosing it."""
        button = self.buttons_by_value[value]
        with QSignalBlocker(button):
            button.setChecked(True)
        for each in self.buttons_by_value.values():  # Tab comes to the chosen one, arrows go to the others
            each.setFocusPolicy(Qt.FocusPolicy.StrongFocus if each is button else Qt.FocusPolicy.ClickFocus)
            each.update()

    def current(self) -> QAbstractButton:
        """The chosen button."""
        return next(each for each in self.buttons_by_value.values() if each.isChecked())

    def _on_toggled(self, checked: bool) -> None:
        if checked:
            here = self.checkedButton()
            self._chosen(next(value for value, button in self.buttons_by_value.items() if button is here))


class LanguageSection(Section):
    """French or English."""

    def __init__(self, context: Context) -> None:
        words = context.words
        super().__init__(context, words.text("Langue"), words.text("Celle de l’écran; ce qui est tapé reste comme il est."))
        buttons = {language.value: QRadioButton(name) for language, name in OWN_NAMES.items()}
        self.choice = _Choice(buttons, lambda value: self.change(language=value), self)
        for value, button in buttons.items():
            button.setLocale(QLocale(value))  # its name is read aloud in that language
            self.column.addWidget(button)
        self.close_with_trouble()

    def first(self) -> QWidget:
        """The language that is spoken."""
        return self.choice.current()

    def refresh(self) -> None:
        """The language of this window, whatever the file says: it may have been started in another one."""
        self.choice.show(self.words.language.value)


class AppearanceSection(Section):
    """The theme, each with a small picture of itself."""

    def __init__(self, context: Context) -> None:
        words = context.words
        super().__init__(context, words.text("Apparence"), words.text("Les couleurs de toutes les pages."))
        buttons = {value: ThemeSample(context.look, words.text(name), themes) for value, (name, themes) in _THEMES.items()}
        self.choice = _Choice(buttons, lambda value: self.change(theme=value), self)
        samples = FlowLayout(2)
        for button in buttons.values():
            samples.addWidget(button)
        self.column.addLayout(samples)
        self.close_with_trouble()

    def first(self) -> QWidget:
        """The theme that is worn."""
        return self.choice.current()

    def refresh(self) -> None:
        """The theme that is set."""
        self.choice.show(self.context.preferences.settings.theme)


class ModeSection(Section):
    """What stands on the left of the home page."""

    def __init__(self, context: Context) -> None:
        words = context.words
        super().__init__(
            context, words.text("Mode de travail"), words.text("Par où les gens vous joignent. Rien d’autre ne change.")
        )
        role = context.desk.person.role
        by_role = words.text("Selon mon rôle : {mode}", mode=words.text(MODE_NAMES[mode_of(role, "")]))
        buttons = {"": self._add(by_role, words.text("Il suit votre rôle s’il change."))}
        if role in CAPTURING_ROLES:
            buttons |= {mode.value: self._add(words.text(MODE_NAMES[mode]), words.text(says)) for mode, says in _SAYS.items()}
        self.choice = _Choice(buttons, lambda value: self.change(mode=value), self)
        self.close_with_trouble()

    def _add(self, name: str, says: str) -> QRadioButton:
        button = QRadioButton(name)
        button.setAccessibleDescription(says)
        beside = label(says, "meta", wrap=True)
        beside.setIndent(self.context.look.theme.px(30))
        block = QVBoxLayout()
        block.setSpacing(0)
        block.addWidget(button)
        block.addWidget(beside)
        self.column.addLayout(block)
        return button

    def first(self) -> QWidget:
        """The mode that is set."""
        return self.choice.current()

    def refresh(self) -> None:
        """The mode that is set."""
        mode = self.context.preferences.settings.mode
        self.choice.show(mode if mode in self.choice.buttons_by_value else "")
