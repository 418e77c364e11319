"""The line above the list of requests: words, chips, a service, an order."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QSizePolicy, QWidget

from guichet_sync.language import fold
from guichet_sync.store.projection import Order, RequestFilter
from guichet_sync.wording import N_

from ..widgets.flow import FlowLayout
from ..widgets.icon_button import ActionButton
from .context import Context

DEBOUNCE_MS = 150
_SPACING = 8
_FIELD_PX = 260
_CHIPS = ("open_only", "late_only", "mine_only")
_ORDERS = {
    Order.NEWEST: N_("Les plus récentes d’abord"),
    Order.OLDEST: N_("Les plus anciennes d’abord"),
    Order.PROMISED: N_("Par date promise"),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person asked to see; ``chips`` are ids of actions."""

    text: str = ""
    chips: frozenset[str] = frozenset()
    service: str = ""
    order: Order = Order.NEWEST

    @property
    def narrows(self) -> bool:
        """Whether some requests may be left out."""
        return bool(self.text.strip() or self.chips or self.service)

    def filter(self, context: Context) -> RequestFilter:
        """The same as the desk is asked for it; words also name categories. For the desk thread."""
        words = fold(self.text).split()
        named = {word: frozenset(category.code for category, said in context.category_words if word in said) for word in words}
        return RequestFilter(
            mine="mine_only" in self.chips,
            service=self.service,
            open_only="open_only" in self.chips,
            late_on=context.desk.today() if "late_only" in self.chips else None,
            text=self.text,
            named=named,
            order=self.order,
        )


class RequestFilters(QWidget):
    """Emits ``changed`` once a person asked for something else, ``entered`` at Enter in the field.

    ``clear_button`` is there while there is something to clear; it stands where whoever shows the filters has room.
    """

    changed = Signal()
    entered = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.wanted = Wanted()
        self.field = self._made_field()
        self.chips = {name: self._made_chip(name) for name in _CHIPS}
        self.service = self._made_combo(context.words.text("Service"))
        self.order = self._made_combo(context.words.text("Ordre de la liste"))
        clear = context.commands.bind("clear_filters", self.clear, self)
        self.clear_button = ActionButton(context.look, clear, "x", kind="ghost")
        kept = self.clear_button.sizePolicy()
        kept.setRetainSizeWhenHidden(True)  # nothing moves when it comes
        self.clear_button.setSizePolicy(kept)
        self._later = QTimer(self, singleShot=True, interval=DEBOUNCE_MS)
        self._later.timeout.connect(self.changed)
        self._fill_orders()
        self.fill_services()
        self._lay_out()
        context.commands.bind("find_request", self._find, self)
        self._show()

    def _made_field(self) -> QLineEdit:
        words = self._context.words
        field = QLineEdit()
        field.setAccessibleName(words.text("Chercher une requête"))
        field.setPlaceholderText(words.text("Numéro, mots, catégorie ou lieu"))
        field.setClearButtonEnabled(False)
        field.setMinimumWidth(self._context.theme.px(_FIELD_PX))
        field.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        field.textChanged.connect(self._on_typed)
        field.returnPressed.connect(self.entered)
        self._context.look.changed.connect(lambda: field.setMinimumWidth(self._context.theme.px(_FIELD_PX)))
        return field

    def _made_chip(self, name: str) -> ActionButton:
        acting = self._context.commands.bind(name, partial(self._toggle, name), self)
        chip = ActionButton(self._context.look, acting, kind="chip")
        chip.setCheckable(True)
        return chip

    def _made_combo(self, name: str) -> QComboBox:
        combo = QComboBox()
        combo.setAccessibleName(name)
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        combo.activated.connect(self._on_chosen)
        return combo

    def _fill_orders(self) -> None:
        for order, name in _ORDERS.items():
            self.order.addItem(self._context.words.text(name), order)

    def fill_services(self) -> None:
        """The services of this post's copy; the one chosen stays."""
        self.service.clear()
        self.service.addItem(self._context.words.text("Tous les services"), "")
        for code, name in sorted(self._context.service_names().items(), key=lambda each: fold(each[1])):
            self.service.addItem(name, code)
        self.service.setCurrentIndex(max(0, self.service.findData(self.wanted.service)))

    def _lay_out(self) -> None:
        line = FlowLayout(_SPACING, self)
        for part in (self.field, *self.chips.values(), self.service, self.order):
            line.addWidget(part)

    def clear(self) -> None:
        """Ask for all requests, in the order they are in."""
        self._ask(Wanted(order=self.wanted.order))

    def _find(self) -> None:
        self.field.selectAll()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _toggle(self, name: str) -> None:
        self._ask(replace(self.wanted, chips=self.wanted.chips ^ {name}))

    def _on_chosen(self) -> None:
        self._ask(replace(self.wanted, service=self.service.currentData(), order=Order(self.order.currentData())))

    def _on_typed(self, text: str) -> None:
        self.wanted = replace(self.wanted, text=text)
        self._show()
        self._later.start()

    def _ask(self, wanted: Wanted) -> None:
        self.wanted = wanted
        self._show()
        self._later.stop()
        self.changed.emit()

    def _show(self) -> None:
        """Every part says what is asked for; what clears it is there while there is something to clear."""
        wanted = self.wanted
        if self.field.text() != wanted.text:
            self.field.blockSignals(True)  # noqa: FBT003 - Qt's own
            self.field.setText(wanted.text)
            self.field.blockSignals(False)  # noqa: FBT003
        for name, chip in self.chips.items():
            chip.setChecked(name in wanted.chips)
        self.service.setCurrentIndex(max(0, self.service.findData(wanted.service)))
        self.order.setCurrentIndex(self.order.findData(wanted.order))
        if self.clear_button.hasFocus() and not wanted.narrows:
            self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.clear_button.setVisible(wanted.narrows)
        self._context.commands.action("clear_filters").setEnabled(wanted.narrows)
