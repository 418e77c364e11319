"""Lists, tables, what opens over a field, read texts, scroll bars."""

from __future__ import annotations

from string import Template

LISTS = Template(
    """
QListView, QTextBrowser { background: transparent; border: 2px solid transparent; border-radius: ${px6}px; outline: 0;
  color: $text; font-size: ${px13}px; selection-background-color: $brand; selection-color: $onBrand; }
QListView::item { min-height: ${px24}px; }
QListView:focus, QTextBrowser:focus { border-color: $focus; }
QComboBox QAbstractItemView, QListView#popup { background: $surface; color: $text; border: 1px solid $field; border-radius: 0;
  outline: 0; selection-background-color: $tint; selection-color: $onTint; font-size: ${px13}px; padding: ${px4}px; }
QComboBox QAbstractItemView::item, QListView#popup::item { padding: ${px6}px ${px8}px; border-radius: ${px5}px;
  border: 1px solid transparent; min-height: ${px18}px; }
QComboBox QAbstractItemView::item:selected, QListView#popup::item:selected { background: $tint; color: $onTint;
  border-color: $brand; }
QTableView { background: $surface; alternate-background-color: $raised; color: $text; border: 2px solid $line;
  border-radius: ${px8}px; gridline-color: $line; outline: 0; font-size: ${px13}px; selection-background-color: $tint;
  selection-color: $text; }
QTableView:focus { border-color: $focus; }
QTableView:disabled { color: $text3; }
QHeaderView::section:disabled { color: $text3; }
QTableView::item { padding: ${px4}px ${px8}px; border: 0; }
QTableView::item:hover { background: $raised; }
QTableView::item:selected { background: $tint; color: $text; }
QTableView::item:selected:focus { border: 2px solid $brand; padding: ${px4_2}px ${px8_2}px; }
QTableView QTableCornerButton::section { background: $surface; border: 0; }
QHeaderView { background: transparent; border: 0; }
QHeaderView::section { background: $surface; color: $text2; font-size: ${px12}px; font-weight: 600; border: 0;
  border-bottom: 1px solid $field; padding: ${px6}px ${px8}px; min-height: ${px16}px; text-align: left; }
QHeaderView::section:horizontal:first { border-top-left-radius: ${px6}px; }
QHeaderView::section:horizontal:last { border-top-right-radius: ${px6}px; }
QHeaderView::section:horizontal:only-one { border-top-left-radius: ${px6}px; border-top-right-radius: ${px6}px; }
QHeaderView::section:hover { color: $text; background: $raised; }
QHeaderView::down-arrow { image: url("$arrow_down"); width: ${px14}px; height: ${px14}px; }
QHeaderView::up-arrow { image: url("$arrow_up"); width: ${px14}px; height: ${px14}px; }
QAbstractScrollArea::corner { background: transparent; border: 0; }
QScrollBar:vertical { background: transparent; width: ${px12}px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: ${px12}px; margin: 0; }
QScrollBar::handle { background: $field; border-radius: ${half6}px; margin: ${px3}px; }
QScrollBar::handle:vertical { min-height: ${px32}px; }
QScrollBar::handle:horizontal { min-width: ${px32}px; }
QScrollBar::handle:hover { background: $brand; }
QScrollBar::add-line, QScrollBar::sub-line { height: 0; width: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
"""
)
