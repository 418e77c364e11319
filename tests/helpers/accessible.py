"""What keeps people out of a window: controls without a name, texts of the other language, targets too small, keys that clash.

Each check walks what is visible below a widget and returns its problems as sentences that name the part; none means it holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QAccessible, QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTableView,
    QTreeView,
    QWidget,
)

from guichet_desktop.actions import ACTIONS

Problems = list[str]
LEAST_TARGET = 24
_CONTROLS = (QAbstractButton, QAbstractSpinBox, QComboBox, QLineEdit, QPlainTextEdit)
_NAME, _DESCRIPTION = QAccessible.Text.Name, QAccessible.Text.Description
_NO_ROLE = {
    QAccessible.Role.NoRole,
    QAccessible.Role.Client,
    QAccessible.Role.Border,
    QAccessible.Role.Pane,
    QAccessible.Role.Window,
}
_ROWS_SEEN = 60


def shown(root: QWidget) -> list[QWidget]:
    """``root`` and the widgets that are visible in it; not those of other windows it owns."""
    inside = [each for each in root.findChildren(QWidget) if each.isVisible() and each.window() is root.window()]
    return [root, *inside]


def focusables(root: QWidget) -> list[QWidget]:
    """The widgets that Tab can come to."""
    return [each for each in shown(root) if takes_tab(each)]


def takes_tab(widget: QWidget) -> bool:
    """Whether Tab comes to this widget itself."""
    by_tab = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    return bool(by_tab) and widget.isEnabled() and widget.isVisible() and widget.focusProxy() is None


def called(widget: QWidget) -> str:
    """How a problem names a widget: its class, what it is called, where it is."""
    name = name_of(widget) or str(widget.property("text") or "") or widget.objectName()
    above = widget.parentWidget()
    while above is not None and type(above).__module__.startswith("PySide6"):
        above = above.parentWidget()
    return f"{type(widget).__name__} {name[:40]!r}" + (f" in {type(above).__name__}" if above is not None else "")


def name_of(widget: QWidget) -> str:
    """What a screen reader calls it."""
    return QAccessible.queryAccessibleInterface(widget).text(_NAME)


# ── names and roles ──────────────────────────────────────────────────────────


def unnamed(root: QWidget) -> Problems:
    """Controls without a name of their own or a fitting role, rows without words, pictures that are read aloud."""
    return [problem for widget in shown(root) for check in _NAMING for problem in check(widget)]


def _control(widget: QWidget) -> Iterator[str]:
    if widget.focusPolicy() is Qt.FocusPolicy.NoFocus or widget.focusProxy() is not None or _is_part(widget):
        return
    name = name_of(widget).strip()
    if not name:
        yield f"{called(widget)}: no name"
    elif name == str(widget.property("placeholderText") or "").strip():
        yield f"{called(widget)}: named by its placeholder"
    role = QAccessible.queryAccessibleInterface(widget).role()
    if role in _NO_ROLE:
        yield f"{called(widget)}: role {role.name} tells nothing"
    if isinstance(widget, QTreeView):
        yield f"{called(widget)}: a tree, where a table would do"


def _is_part(widget: QWidget) -> bool:
    """The inner field of a spin box or an editable combo box is named by what it is a part of."""
    return isinstance(widget.parentWidget(), QAbstractSpinBox | QComboBox)


def _rows(widget: QWidget) -> Iterator[str]:
    if not isinstance(widget, QAbstractItemView) or isinstance(widget, QHeaderView):
        return
    for place, row in enumerate(cells(widget), 1):
        if not any(map(said, row)):
            yield f"{called(widget)}: row {place} says nothing"
    if isinstance(widget, QTableView) and widget.model() is not None:
        columns = range(widget.model().columnCount(QModelIndex()))
        untitled = [place for place in columns if not widget.model().headerData(place, Qt.Orientation.Horizontal)]
        yield from (f"{called(widget)}: column {place + 1} has no heading" for place in untitled)


def cells(view: QAbstractItemView) -> list[list[QModelIndex]]:
    """The first rows of a view, each with its cells: one in a list."""
    model: QAbstractItemModel | None = view.model()  # the bindings' types leave out that a view may have none
    top = QModelIndex()
    if model is None:
        return []
    rows = range(min(_ROWS_SEEN, model.rowCount(top)))
    columns = range(model.columnCount(top) if isinstance(view, QTableView) else 1)
    return [[model.index(row, column, top) for column in columns] for row in rows]


def said(index: QModelIndex | QPersistentModelIndex) -> str:
    """What a screen reader says of a cell."""
    words = (index.data(role) for role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.DisplayRole))
    return next((str(each).strip() for each in words if each), "")


def _picture(widget: QWidget) -> Iterator[str]:
    """A picture that can have the focus, a map, is no decoration."""
    decorates = widget.focusPolicy() is Qt.FocusPolicy.NoFocus
    if decorates and isinstance(widget, QLabel) and not widget.pixmap().isNull() and not widget.text():
        name = name_of(widget)
        if name and name != widget.toolTip():
            yield f"{called(widget)}: a picture that decorates is read aloud"


_NAMING: tuple[Callable[[QWidget], Iterator[str]], ...] = (_control, _rows, _picture)


# ── targets ──────────────────────────────────────────────────────────────────


def small_targets(root: QWidget) -> Problems:
    """What is clicked and is under 24 pixels wide or high."""
    found = []
    for widget in shown(root):
        areas = _row_areas(widget) if isinstance(widget, QAbstractItemView) else [widget.rect()] if _is_target(widget) else []
        small = next((each for each in areas if min(each.width(), each.height()) < LEAST_TARGET), None)
        if small is not None:
            found.append(f"{called(widget)}: {small.width()}×{small.height()} px")
    return found


def _is_target(widget: QWidget) -> bool:
    if isinstance(widget, QAbstractButton) and isinstance(widget.parentWidget(), QLineEdit):
        return widget.cursor().shape() is not Qt.CursorShape.IBeamCursor and _acts(widget)
    if isinstance(widget, QLabel):
        flags = widget.textInteractionFlags()
        return _points(widget) or (bool(flags & Qt.TextInteractionFlag.LinksAccessibleByMouse) and "<a " in widget.text())
    return (isinstance(widget, _CONTROLS) and not _is_part(widget)) or _points(widget)


def _acts(button: QAbstractButton) -> bool:
    """Whether a part inside a field does something: a mere picture there is not pressed."""
    return any(each.isEnabled() and each.receivers("2triggered(bool)") for each in button.actions())


def _points(widget: QWidget) -> bool:
    own = widget.testAttribute(Qt.WidgetAttribute.WA_SetCursor)
    return own and widget.cursor().shape() is Qt.CursorShape.PointingHandCursor


def _row_areas(view: QAbstractItemView) -> list[QRect]:
    if isinstance(view, QHeaderView):
        return [view.rect()] if view.sectionsClickable() and view.count() else []
    areas = (view.visualRect(row[0]) for row in cells(view) if row)
    return [area for area in areas if not area.isEmpty()]


# ── keys ─────────────────────────────────────────────────────────────────────

Bound = tuple[str, str, QWidget | None]
"""A key in Qt's notation, what it does, and where it is heard: None is the whole window."""


def clashing_keys(root: QWidget) -> Problems:
    """Keys that two things hear at one time, keys of AltGr, letters that two labels underline."""
    bound = list(_bound(root))
    found = [
        f"{key} ({what}): AltGr types with Ctrl+Alt" for key, what, _where in bound if {"Ctrl", "Alt"} <= set(key.split("+"))
    ]
    for place, (key, what, where) in enumerate(bound):
        for other_key, other, elsewhere in bound[:place]:
            if key == other_key and _meet(where, elsewhere):
                found.append(f"{key}: {other} and {what}")
    return found


def _meet(where: QWidget | None, elsewhere: QWidget | None) -> bool:
    if where is None or elsewhere is None or where is elsewhere:
        return True
    return where.isAncestorOf(elsewhere) or elsewhere.isAncestorOf(where)


def _bound(root: QWidget) -> Iterator[Bound]:
    widgets = shown(root)
    for shortcut in root.findChildren(QShortcut):
        host = shortcut.parent()
        if isinstance(host, QWidget) and host.isVisible() and shortcut.isEnabled():
            yield from _keys(shortcut.keys(), called(host), shortcut.context(), host)
    for action, host in {id(action): (action, widget) for widget in widgets for action in widget.actions()}.values():
        if action.isEnabled():
            yield from _keys(action.shortcuts(), _doing(action), action.shortcutContext(), host)
    for widget in widgets:
        letter = QKeySequence.mnemonic(_label(widget))
        if not letter.isEmpty():
            yield letter.toString(), called(widget), None


def _keys(keys: Iterable[QKeySequence], what: str, context: Qt.ShortcutContext, host: QWidget) -> Iterator[Bound]:
    everywhere = context in (Qt.ShortcutContext.WindowShortcut, Qt.ShortcutContext.ApplicationShortcut)
    for key in keys:
        yield key.toString(), what, None if everywhere else host


def _doing(action: QAction) -> str:
    return str(action.data() or action.text())


def _label(widget: QWidget) -> str:
    if isinstance(widget, QLabel):
        return widget.text() if widget.buddy() is not None else ""
    return widget.text() if isinstance(widget, QAbstractButton) else ""


# ── everything by its name ───────────────────────────────────────────────────

Excused = Callable[[QAbstractButton], bool]


def out_of_reach(root: QWidget, offered: Iterable[str], excused: Excused = lambda _button: False) -> Problems:
    """Buttons that the palette does not offer: each carries the id of an action; ``offered`` are those bound in the window."""
    known, bound = {each.id for each in ACTIONS}, set(offered)
    found = []
    for button in (each for each in shown(root) if isinstance(each, QAbstractButton)):
        name = button.property("action")
        if isinstance(button.parentWidget(), QLineEdit) or excused(button):
            continue
        if name is None:
            found.append(f"{called(button)}: no action")
        elif name not in known:
            found.append(f"{called(button)}: {name} is not in the table of actions")
        elif name not in bound:
            found.append(f"{called(button)}: {name} is bound to nothing")
    return found
