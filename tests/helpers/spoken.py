"""Both languages: every text that a window shows or says, and those of the other language among them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from babel.messages.pofile import read_po
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QHeaderView, QTableView, QWidget

from guichet_sync import resources
from guichet_sync.domain.words import Language

from .accessible import Problems, called, cells, said, shown

_PROPERTIES = ("text", "placeholderText", "toolTip", "title", "windowTitle")
_WORDS_THAT_TELL = 2
_FIELD = re.compile(r"\\\{\w+\\\}")


def texts(widget: QWidget) -> Iterator[str]:
    """What one widget shows or says, its rows and headings included."""
    interface = QAccessible.queryAccessibleInterface(widget)
    yield from (interface.text(kind) for kind in (QAccessible.Text.Name, QAccessible.Text.Description))
    yield from (str(widget.property(name) or "") for name in _PROPERTIES)
    if isinstance(widget, QComboBox):
        yield from (widget.itemText(place) for place in range(widget.count()))
    if isinstance(widget, QAbstractItemView) and not isinstance(widget, QHeaderView) and widget.model() is not None:
        yield from _cells(widget)


def _cells(view: QAbstractItemView) -> Iterator[str]:
    yield from (said(index) for row in cells(view) for index in row)
    if isinstance(view, QTableView):
        columns = range(view.model().columnCount(QModelIndex()))
        yield from (str(view.model().headerData(column, Qt.Orientation.Horizontal) or "") for column in columns)


def foreign(root: QWidget, language: Language) -> Problems:
    """Texts that are the other language's, of the sentences that differ between both. A part that says it speaks that one may."""
    other = other_language(language)
    found = ((widget, text) for widget in shown(root) if not _speaks_another(widget) for text in dict.fromkeys(texts(widget)))
    return [f"{called(widget)}: {text!r}" for widget, text in found if other.has(text)]


def _speaks_another(widget: QWidget) -> bool:
    """A language's own name is said in that language, which screen readers are told."""
    return widget.testAttribute(Qt.WidgetAttribute.WA_SetLocale)


class Sentences:
    """The sentences of one language, those with fields to fill included."""

    def __init__(self, sentences: set[str]) -> None:
        self._whole = {each for each in sentences if "{" not in each}
        filled = (each for each in sentences if "{" in each and len(re.findall(r"[^\W\d_]{3,}", _bare(each))) >= _WORDS_THAT_TELL)
        self._patterns = re.compile("|".join(f"(?:{_FIELD.sub('.+', re.escape(each))})" for each in filled) or r"(?!)")

    def has(self, text: str) -> bool:
        """Whether ``text`` is one of them."""
        bare = text.strip()
        return bool(bare) and (bare in self._whole or self._patterns.fullmatch(bare) is not None)


def _bare(sentence: str) -> str:
    return re.sub(r"\{\w+\}", "", sentence)


@lru_cache(maxsize=len(Language))
def other_language(language: Language) -> Sentences:
    """The sentences of the other language that this one never uses."""
    french, english = set[str](), set[str]()
    with (resources.folder("i18n") / "en" / "LC_MESSAGES" / "guichet.po").open("rb") as file:
        for message in read_po(file):
            french.update(_forms(message.id))
            english.update(_forms(message.string))
    return Sentences(english - french if language is Language.FR else french - english)


def _forms(sentence: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    return tuple(filter(None, (sentence,) if isinstance(sentence, str) else sentence or ()))
