"""The category of a request, found by its name or by the words people use for it."""

from __future__ import annotations

from PySide6.QtCore import Signal

from guichet_sync.domain.category import Category
from guichet_sync.language import fold

from ..widgets.field import Field
from ..widgets.lookup_field import LookupField, Match
from .context import Context

_MATCHES = 8


class CategoryField(Field):
    """Emits ``chosen`` with the category taken. Words that were typed and not taken choose nothing."""

    chosen = Signal(object)

    def __init__(self, context: Context) -> None:
        words = context.words
        self.lookup = LookupField(words.text("Commencez à taper : nid-de-poule, bac…"))
        super().__init__(words.text("Catégorie (obligatoire)"), self.lookup)
        self._context = context
        self.category: Category | None = None
        self.lookup.typed.connect(self._on_typed)
        self.lookup.chosen.connect(self._on_chosen)
        self.lookup.editingFinished.connect(self._on_left)

    def show_category(self, code: str) -> None:
        """Show a category: its name where it is in use, its bare code where it is not or has not come yet."""
        self.category = next((each for each in self._context.categories if each.code == code), None)
        self.lookup.setText(self._name(self.category) if self.category else code)

    def look_again(self) -> None:
        """Categories came in: the words that found none may find one now."""
        self.show_error("")
        if self.category is None and self.lookup.hasFocus():
            self._on_typed(self.lookup.text())

    def offers_any(self) -> bool:
        """Whether there are categories to choose from yet."""
        return bool(self._context.categories)

    def _on_typed(self, typed: str) -> None:
        if not self.offers_any():
            self.show_error(self._context.words.text("Les catégories arrivent du serveur : elles seront offertes ici."))
        wanted = fold(typed).split()
        found = [each for each, words in self._context.category_words if all(word in words for word in wanted)]
        self.lookup.offer([self._match(each) for each in found[:_MATCHES]] if wanted else [])

    def _on_chosen(self, category: Category) -> None:
        self.show_category(category.code)
        self.show_error("")
        self.chosen.emit(category)

    def _on_left(self) -> None:
        """The field says what is chosen, never what was only typed over it."""
        if self.category is not None and not self.lookup.is_choosing():
            self.lookup.setText(self._name(self.category))

    def _name(self, category: Category) -> str:
        return self._context.words.both(category.name)

    def _match(self, category: Category) -> Match:
        name, service = self._name(category), self._context.service_names().get(category.service)
        return Match("  ·  ".join(filter(None, (name, service))), name, category)
