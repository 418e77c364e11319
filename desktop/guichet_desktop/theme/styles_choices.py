"""Check boxes, radio buttons, sliders, tabs, progress."""

from __future__ import annotations

from string import Template

CHOICES = Template(
    """
QCheckBox, QRadioButton { color: $text; spacing: ${px6}px; font-size: ${px13}px; min-height: ${px24}px; background: transparent; }
QCheckBox:disabled, QRadioButton:disabled { color: $text3; }
QCheckBox::indicator, QRadioButton::indicator { width: ${px24}px; height: ${px24}px; }
QCheckBox::indicator:unchecked { image: url("$box"); }
QCheckBox::indicator:checked { image: url("$box_on"); }
QCheckBox::indicator:indeterminate { image: url("$box_mixed"); }
QCheckBox::indicator:unchecked:focus { image: url("$box_focus"); }
QCheckBox::indicator:checked:focus { image: url("$box_on_focus"); }
QCheckBox::indicator:indeterminate:focus { image: url("$box_mixed_focus"); }
QCheckBox::indicator:unchecked:disabled { image: url("$box_off"); }
QCheckBox::indicator:checked:disabled { image: url("$box_on_off"); }
QCheckBox::indicator:indeterminate:disabled { image: url("$box_mixed_off"); }
QCheckBox[invalid="true"]::indicator:unchecked { image: url("$box_bad"); }
QRadioButton::indicator:unchecked { image: url("$radio"); }
QRadioButton::indicator:checked { image: url("$radio_on"); }
QRadioButton::indicator:unchecked:focus { image: url("$radio_focus"); }
QRadioButton::indicator:checked:focus { image: url("$radio_on_focus"); }
QRadioButton::indicator:unchecked:disabled { image: url("$radio_off"); }
QRadioButton::indicator:checked:disabled { image: url("$radio_on_off"); }
QSlider { min-height: ${px24}px; background: transparent; }
QSlider::groove:horizontal { height: ${px4}px; background: $field; border-radius: ${half4}px; }
QSlider::sub-page:horizontal { background: $brand; border-radius: ${half4}px; }
QSlider::handle:horizontal { width: ${px20}px; height: ${px20}px; margin: -${px8}px 0; background: transparent;
  image: url("$knob"); }
QSlider::handle:horizontal:hover { image: url("$knob_hover"); }
QSlider:focus { border: 2px solid $focus; border-radius: ${px6}px; }
QSlider::groove:horizontal:disabled, QSlider::sub-page:horizontal:disabled { background: $line; }
QSlider::handle:horizontal:disabled { image: url("$knob_off"); }
QTabWidget::pane { border: 0; border-top: 1px solid $line; }
QTabBar { background: transparent; font-size: ${px13}px; font-weight: 600; }
QTabBar::tab { background: transparent; color: $text2; padding: ${px7}px ${px14}px; border: 2px solid transparent;
  border-bottom: 3px solid transparent; min-height: ${px20}px; }
QTabBar::tab:hover { background: $raised; color: $text; }
QTabBar::tab:selected { color: $brand; border-bottom-color: $brand; }
QTabBar::tab:selected:focus { border: 2px solid $focus; border-bottom: 3px solid $focus; border-radius: ${px5}px; }
QTabBar::tab:disabled { color: $text3; }
QTabBar::tab:selected:disabled { border-bottom-color: $text3; }
QProgressBar { background: $sunken; border: 1px solid $line; border-radius: ${half8}px; max-height: ${px8_2}px;
  min-height: ${px8_2}px; text-align: center; color: transparent; }
QProgressBar::chunk { background: $brand; border-radius: ${half6}px; }
"""
)
