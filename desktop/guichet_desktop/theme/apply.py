"""Dressing the application: fonts, palette, style sheet."""

from __future__ import annotations

from PySide6.QtGui import QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from guichet_sync import resources

from . import icons
from .stylesheet import stylesheet
from .theme import Theme

_FAMILY = "Inter"
_STYLE = "fusion"
_ROLES = {
    QPalette.ColorRole.Window: "bg",
    QPalette.ColorRole.WindowText: "text",
    QPalette.ColorRole.Base: "surface",
    QPalette.ColorRole.AlternateBase: "raised",
    QPalette.ColorRole.Text: "text",
    QPalette.ColorRole.PlaceholderText: "text3",
    QPalette.ColorRole.Button: "surface",
    QPalette.ColorRole.ButtonText: "text",
    QPalette.ColorRole.Highlight: "brand",
    QPalette.ColorRole.HighlightedText: "onBrand",
    QPalette.ColorRole.Link: "brand",
    QPalette.ColorRole.ToolTipBase: "text",
    QPalette.ColorRole.ToolTipText: "surface",
}


def load_fonts() -> None:
    """Make the shipped fonts known, once."""
    if _FAMILY not in QFontDatabase.families():
        for path in sorted(resources.folder("fonts").glob("*.ttf")):
            QFontDatabase.addApplicationFont(str(path))


def prepare(app: QApplication) -> None:
    """What every theme needs and only the disk has: fonts, icons; and the style under the sheet, set once (10 ms)."""
    load_fonts()
    icons.preload()
    if app.style().objectName() != _STYLE:
        app.setStyle(_STYLE)


def apply_theme(app: QApplication, theme: Theme) -> None:
    """Dress the prepared application in ``theme``."""
    font = QFont(_FAMILY)
    font.setPixelSize(theme.px(13))
    app.setFont(font)
    palette = QPalette()
    for role, token in _ROLES.items():
        palette.setColor(role, theme.colour(token))
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, theme.colour("text3"))
    app.setPalette(palette)
    app.setStyleSheet(stylesheet(theme))
