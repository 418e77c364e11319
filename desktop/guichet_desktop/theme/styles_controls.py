"""Fields and buttons. The line of a focused one is thicker, and what is inside it moves by nothing."""

from __future__ import annotations

from string import Template

CONTROLS = Template(
    """
QLineEdit, QComboBox, QPlainTextEdit, QAbstractSpinBox { background: $surface; color: $text; border: 1px solid $field;
  border-radius: ${px7}px; padding: ${px6}px ${px10}px; font-size: ${px13}px; selection-background-color: $brand;
  selection-color: $onBrand; min-height: ${px18}px; placeholder-text-color: $text3; }
QPlainTextEdit { padding: ${px4}px ${px7}px; }
QLineEdit:focus, QComboBox:focus, QPlainTextEdit:focus, QAbstractSpinBox:focus { border: 2px solid $focus;
  padding: ${px6_1}px ${px10_1}px; }
QPlainTextEdit:focus { padding: ${px4_1}px ${px7_1}px; }
QLineEdit[invalid="true"], QComboBox[invalid="true"], QPlainTextEdit[invalid="true"], QAbstractSpinBox[invalid="true"] {
  border: 2px solid $bad; padding: ${px6_1}px ${px10_1}px; }
QLineEdit[invalid="true"]:focus, QComboBox[invalid="true"]:focus, QPlainTextEdit[invalid="true"]:focus,
QAbstractSpinBox[invalid="true"]:focus { border: 4px solid $bad; padding: ${px6_3}px ${px10_3}px; }
QPlainTextEdit[invalid="true"] { padding: ${px4_1}px ${px7_1}px; }
QPlainTextEdit[invalid="true"]:focus { padding: ${px4_3}px ${px7_3}px; }
QLineEdit:disabled, QComboBox:disabled, QPlainTextEdit:disabled, QAbstractSpinBox:disabled { background: $sunken; color: $text3;
  border: $off; }
QLineEdit:read-only { background: $raised; border-color: $line; }
QLineEdit:read-only:focus { border-color: $focus; }
QLineEdit#search { font-size: ${px17}px; padding: ${px10}px ${px12}px; border-radius: ${px10}px; font-weight: 500; }
QLineEdit#search:focus { padding: ${px10_1}px ${px12_1}px; }
QComboBox { padding-right: ${px28}px; }
QComboBox::drop-down { border: 0; width: ${px28}px; }
QComboBox::down-arrow, QAbstractSpinBox::down-arrow { image: url("$arrow_down"); width: ${px14}px; height: ${px14}px; }
QComboBox::down-arrow:disabled, QAbstractSpinBox::down-arrow:disabled { image: url("$arrow_down_off"); }
QAbstractSpinBox { padding-right: ${px30}px; }
QAbstractSpinBox::up-arrow { image: url("$arrow_up"); width: ${px14}px; height: ${px14}px; }
QAbstractSpinBox::up-arrow:disabled { image: url("$arrow_up_off"); }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { subcontrol-origin: border; border: 0; width: ${px28}px;
  background: transparent; }
QAbstractSpinBox::up-button { subcontrol-position: top right; }
QAbstractSpinBox::down-button { subcontrol-position: bottom right; }
QPushButton { background: $surface; color: $text; border: 1px solid $field; border-radius: ${px7}px;
  padding: ${px6}px ${px14}px; font-size: ${px13}px; font-weight: 600; min-height: ${px20}px; }
QPushButton:hover { background: $raised; border-color: $brand; }
QPushButton:pressed { background: $sunken; }
QPushButton:focus { border: 2px solid $focus; padding: ${px6_1}px ${px14_1}px; }
QPushButton:disabled { color: $text3; border: $off; background: $surface; }
QPushButton[kind="primary"] { background: $brand; color: $onBrand; border: 1px solid $brand; }
QPushButton[kind="primary"]:hover { background: $brandHover; border-color: $brandHover; }
QPushButton[kind="primary"]:focus { background: transparent; border-image: url("$ring") 24 24 24 24 stretch stretch;
  border-width: ${px6}px; border-radius: 0; padding: 1px ${px8}px; }
QPushButton[kind="primary"]:disabled { background: $sunken; color: $text3; border: $off;
  padding: ${px6}px ${px14}px; }
QPushButton[kind="danger"] { color: $bad; border-color: $bad; }
QPushButton[kind="danger"]:hover { background: $badBg; border: 2px solid $bad; padding: ${px6_1}px ${px14_1}px; }
QPushButton[kind="danger"]:focus { border: 2px solid $focus; }
QPushButton[kind="danger"]:disabled { color: $text3; border: $off; }
QPushButton[kind="ghost"] { background: transparent; border: 1px solid transparent; color: $brand; }
QPushButton[kind="ghost"]:hover { background: $tintSoft; border-color: $infoLine; }
QPushButton[kind="ghost"]:focus { border: 2px solid $focus; }
QPushButton[kind="ghost"]:disabled { color: $text3; border-color: transparent; }
QPushButton[kind="chip"] { font-weight: 500; padding: ${px5}px ${px11}px; border: 1px solid $line; }
QPushButton[kind="chip"]:hover { border-color: $brand; }
QPushButton[kind="chip"]:checked { background: $tint; color: $onTint; border: 1px solid $brand; font-weight: 600; }
QPushButton[kind="chip"]:focus { border: 2px solid $focus; padding: ${px5_1}px ${px11_1}px; }
QPushButton[kind="chip"]:disabled { color: $text3; border: $off; }
"""
)
