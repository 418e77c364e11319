"""The style sheet, made of tokens. Widgets say what they are by dynamic properties: ``role``, ``tone``, ``kind``, ``card``.

Two habits of Qt shape it: a radius of more than half a height is dropped without a word, and ``*`` font sizes beat ``setFont``.
"""

from __future__ import annotations

from string import Template

from guichet_sync import resources

from .styles_overlay import OVERLAYS
from .styles_shell import SHELL
from .styles_parts import PARTS
from .theme import Theme

_TEXT = Template(
    """
QLabel { background: transparent; color: $text; font-size: ${px13}px; }
QLabel[role="title"] { font-size: ${px20}px; font-weight: 600; }
QLabel[role="section"] { font-size: ${px15}px; font-weight: 600; }
QLabel[role="label"] { font-size: ${px12}px; font-weight: 600; color: $text2; }
QLabel[role="say"] { font-size: ${px15}px; color: $text; }
QLabel[role="muted"] { color: $text2; }
QLabel[role="meta"] { font-size: ${px12}px; color: $text2; }
QLabel[role="error"] { font-size: ${px12}px; color: $bad; font-weight: 500; }
QLabel[role="number"] { font-size: ${px22}px; font-weight: 600; }
QLabel[role="brand"] { font-size: ${px15}px; font-weight: 600; }
QLabel[pill="ok"] { color: $ok; background: $okBg; }
QLabel[pill="warn"] { color: $warn; background: $warnBg; }
QLabel[pill="bad"] { color: $bad; background: $badBg; }
QLabel[pill="info"] { color: $onTint; background: $tint; }
QLabel[pill="mute"] { color: $text2; background: $sunken; }
QLabel[pill] { border-radius: ${px9}px; padding: 2px 9px; font-size: ${px12}px; font-weight: 600; border: 1px solid $pillLine; }
QLabel[keycap="true"] { background: $raised; border: 1px solid $line; border-bottom: 2px solid $line; border-radius: 5px;
  padding: 1px 6px; font-size: ${px11}px; font-weight: 600; color: $text2; }
"""
)
_SURFACES = Template(
    """
QWidget#root, QWidget#page { background: $bg; }
QFrame#topbar { background: $surface; border: 0; border-bottom: 1px solid $line; }
QFrame#statusbar { background: $surface; border: 0; border-top: 1px solid $line; }
QFrame[card="true"] { background: $surface; border: 1px solid $line; border-radius: 10px; }
QFrame[tone="say"] { background: $tintSoft; border: 0; border-left: 3px solid $brand; border-top-right-radius: 8px;
  border-bottom-right-radius: 8px; }
QFrame[tone="ok"] { background: $okBg; border: 1px solid $okLine; border-radius: 8px; }
QFrame[tone="warn"] { background: $warnBg; border: 1px solid $warnLine; border-radius: 8px; }
QFrame[tone="bad"] { background: $badBg; border: 1px solid $badLine; border-radius: 8px; }
QFrame[tone="info"] { background: $tintSoft; border: 1px solid $tint; border-radius: 8px; }
QFrame[tone="warn"] QLabel { color: $warn; }
QFrame[tone="bad"] QLabel { color: $bad; }
QFrame[tone="ok"] QLabel { color: $ok; }
QFrame#toast { background: $text; border: 0; border-radius: 8px; }
QFrame#toast QLabel { color: $surface; font-weight: 500; }
QFrame#toast QPushButton { background: transparent; color: $surface; border: 1px solid $surface; }
QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; border: 0; }
QToolTip { background: $text; color: $surface; border: 0; padding: 6px 8px; }
"""
)
_CONTROLS = Template(
    """
QLineEdit, QComboBox, QPlainTextEdit { background: $surface; color: $text; border: 1px solid $field; border-radius: 7px;
  padding: 6px 10px; font-size: ${px13}px; selection-background-color: $brand; selection-color: $onBrand; }
QLineEdit:focus, QComboBox:focus, QPlainTextEdit:focus { border: 2px solid $focus; padding: 5px 9px; }
QLineEdit[invalid="true"], QComboBox[invalid="true"], QPlainTextEdit[invalid="true"] { border: 2px solid $bad; padding: 5px 9px; }
QLineEdit#search { font-size: ${px17}px; padding: 10px 12px; border-radius: 10px; font-weight: 500; }
QLineEdit#search:focus { padding: 9px 11px; }
QComboBox::drop-down { border: 0; width: 28px; }
QComboBox::down-arrow { image: url("$chevron"); width: 14px; height: 14px; }
QComboBox QAbstractItemView, QListView#popup { background: $surface; color: $text; border: 1px solid $field; outline: 0;
  selection-background-color: $tint; selection-color: $text; font-size: ${px13}px; }
QListView#popup { padding: 4px; }
QListView#popup::item { padding: 6px 8px; border-radius: 5px; }
QListView#popup::item:selected { background: $tint; color: $onTint; }
QPushButton { background: $surface; color: $text; border: 1px solid $field; border-radius: 7px; padding: 6px 14px;
  font-size: ${px13}px; font-weight: 600; min-height: ${px20}px; }
QPushButton:hover { background: $raised; border-color: $brand; }
QPushButton:focus { border: 2px solid $focus; padding: 5px 13px; }
QPushButton:disabled { color: $text3; border-color: $line; }
QPushButton[kind="primary"] { background: $brand; color: $onBrand; border: 1px solid $brand; }
QPushButton[kind="primary"]:hover { background: $brandHover; }
QPushButton[kind="primary"]:focus { border: 3px solid $focusOnBrand; padding: 4px 12px; }
QPushButton[kind="primary"]:disabled { background: $sunken; color: $text3; border-color: $line; }
QPushButton[kind="ghost"] { background: transparent; border: 1px solid transparent; color: $brand; }
QPushButton[kind="ghost"]:hover { background: $tintSoft; }
QPushButton[kind="ghost"]:focus { border: 2px solid $focus; }
QPushButton[kind="chip"] { font-weight: 500; padding: 5px 11px; border: 1px solid $line; }
QPushButton[kind="chip"]:checked { background: $tint; color: $onTint; border: 1px solid $brand; font-weight: 600; }
QCheckBox { color: $text; spacing: 8px; font-size: ${px13}px; min-height: 24px; background: transparent; }
QCheckBox::indicator { width: 18px; height: 18px; border: 1px solid $field; border-radius: 4px; background: $surface; }
QCheckBox::indicator:focus { border: 2px solid $focus; }
QCheckBox::indicator:checked { background: $brand; border-color: $brand; image: url("$check"); }
QListView, QTextBrowser { background: transparent; border: 0; outline: 0; color: $text; font-size: ${px13}px; }
QTextBrowser:focus { border: 2px solid $focus; border-radius: 6px; }
QProgressBar { background: $sunken; border: 0; border-radius: 4px; max-height: 8px; min-height: 8px; }
QProgressBar::chunk { background: $brand; border-radius: 4px; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 2px; }
QScrollBar::handle:vertical { background: $field; border-radius: 3px; min-height: 32px; }
QScrollBar::add-line, QScrollBar::sub-line { height: 0; width: 0; }
"""
)
_SIZES = range(1, 200)


def stylesheet(theme: Theme) -> str:
    """The style sheet of a theme."""
    contrast = theme.name == "contrast"
    icons = resources.folder("icons")
    colours = theme.colours
    values = {
        **colours,
        **{f"px{size}": str(theme.px(size)) for size in _SIZES},
        **{f"{tone}Line": colours[tone] if contrast else colours[f"{tone}Bg"] for tone in ("ok", "warn", "bad")},
        "pillLine": colours["line"] if contrast else "transparent",
        "focusOnBrand": colours["text"],
        "railFocus": colours["railText"],
        "chevron": (icons / f"chevron-{theme.name}.svg").as_posix(),
        "check": (icons / f"check-{theme.name}.svg").as_posix(),
    }
    return "".join(part.substitute(values) for part in (_TEXT, _SURFACES, _CONTROLS, OVERLAYS, PARTS, SHELL))
