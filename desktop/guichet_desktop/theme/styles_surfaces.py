"""What lies under everything: pages, bars, cards, banners, the toast, tips and menus."""

from __future__ import annotations

from string import Template

SURFACES = Template(
    """
QWidget#root, QWidget#page { background: $bg; }
QFrame#topbar { background: $surface; border: 0; border-bottom: 1px solid $line; }
QFrame#statusbar { background: $surface; border: 0; border-top: 1px solid $line; }
QFrame[card="true"] { background: $surface; border: 1px solid $line; border-radius: ${px10}px; }
QFrame[tone="say"] { background: $tintSoft; border: 0; border-left: 3px solid $brand; border-top-right-radius: ${px8}px;
  border-bottom-right-radius: ${px8}px; }
QFrame[tone="ok"] { background: $okBg; border: 1px solid $okLine; border-radius: ${px8}px; }
QFrame[tone="warn"] { background: $warnBg; border: 1px solid $warnLine; border-radius: ${px8}px; }
QFrame[tone="bad"] { background: $badBg; border: 1px solid $badLine; border-radius: ${px8}px; }
QFrame[tone="info"] { background: $tintSoft; border: 1px solid $infoLine; border-radius: ${px8}px; }
QFrame[tone="warn"] QLabel { color: $warn; }
QFrame[tone="bad"] QLabel { color: $bad; }
QFrame[tone="ok"] QLabel { color: $ok; }
QFrame#toast { background: $text; border: 0; border-radius: ${px8}px; }
QFrame#toast QLabel { color: $surface; font-weight: 500; }
QFrame#toast QPushButton { background: transparent; color: $surface; border: 1px solid $surface; }
QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; border: 0; }
QToolTip { background: $text; color: $surface; border: 1px solid $surface; padding: ${px5}px ${px8}px; font-size: ${px12}px; }
QMenu { background: $surface; color: $text; border: 1px solid $field; padding: ${px4}px; font-size: ${px13}px; }
QMenu::item { padding: ${px6}px ${px24}px ${px6}px ${px10}px; border: 1px solid transparent; border-radius: ${px5}px; }
QMenu::item:selected { background: $tint; color: $onTint; border-color: $brand; }
QMenu::item:disabled { color: $text3; background: transparent; }
QMenu::icon { padding-left: ${px8}px; }
QMenu::indicator { width: ${px20}px; height: ${px20}px; padding-left: ${px4}px; }
QMenu::indicator:checked { image: url("$box_on"); }
QMenu::indicator:unchecked { image: url("$box"); }
QMenu::separator { height: 1px; background: $line; margin: ${px4}px ${px8}px; }
QMenu::right-arrow { image: url("$arrow_right"); width: ${px14}px; height: ${px14}px; right: ${px6}px; }
"""
)
