"""The settings of the keys: every action in a table; Enter on one takes another key for it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from ..actions import ACTIONS, SCOPES, Action, action, shown_key
from ..models.key_rows import KEY_GAP, KeyRow
from ..widgets.announcing import announce
from ..widgets.flow import FlowLayout
from ..widgets.icon_button import ActionButton
from .context import Context
from .key_choice import keys_for, refusal
from .keys_table import KeysTable
from .settings_section import Section

_FEW_KEYS = 3


class KeysSection(Section):
    """Own keys live in the settings, by action; those that are as in the table of actions are not kept."""

    def __init__(self, context: Context) -> None:
        words = context.words
        super().__init__(
            context,
            words.text("Raccourcis"),
            words.text("Entrée sur une commande, puis sa nouvelle touche. Échap laisse celle qu’elle a."),
        )
        self._refused: dict[str, str] = {}
        self.table = KeysTable(context.look, words)
        self.table.key_given.connect(self._on_key)
        self._lay_out()
        context.commands.remapped.connect(self.refresh)
        self.refresh()

    def _lay_out(self) -> None:
        commands, look = self.context.commands, self.context.look
        buttons = FlowLayout(8)
        commands.bind("change_key", self.table.ask_key, self.table)
        self.table.watch(commands.action("change_key"))
        commands.bind("reset_key", self._reset, self)
        commands.bind("reset_keys", self._reset_all, self)
        for name in ("change_key", "reset_key", "reset_keys"):
            buttons.addWidget(ActionButton(look, commands.action(name), action(name).icon))
        self.column.addLayout(buttons)
        self.column.addWidget(self.table)
        self.close_with_trouble()
        self.table.moved.connect(self._on_moved)

    def first(self) -> QWidget:
        """The table."""
        return self.table

    def refresh(self) -> None:
        """Show the keys that all actions have now."""
        self.table.fill([self._row(each) for each in ACTIONS])
        self._allow()

    def _row(self, each: Action) -> KeyRow:
        words, keys = self.words, self.context.commands.keys(each.id)
        shown = self._said(keys)
        remark, refused = self._refused.get(each.id, ""), each.id in self._refused
        if not refused and keys != each.keys:
            remark = words.text("Changée; d’origine : {keys}", keys=self._said(each.keys) or words.text("aucune"))
        return KeyRow(each.id, words.text(each.text), words.text(SCOPES[each.scope]), shown, remark, refused)

    def _said(self, keys: Sequence[str]) -> str:
        """Keys as on the keyboard, both Enters once; of a row of them the first and the last."""
        shown = list(dict.fromkeys(shown_key(key, self.words) for key in keys))
        return KEY_GAP.join(shown) if len(shown) <= _FEW_KEYS else f"{shown[0]}{KEY_GAP}…{KEY_GAP}{shown[-1]}"

    def _on_key(self, name: str, key: str) -> None:
        commands = self.context.commands
        known = {each.id: commands.keys(each.id) for each in ACTIONS}
        sentence = refusal(self.words, known, name, key)
        self._refused = {name: sentence} if sentence else {}
        if sentence:
            self.refresh()
            announce(self.table, sentence, at_once=True)
        elif keys_for(key) != list(commands.keys(name)):
            said = self.words.text("{key} : {name}.", key=shown_key(key, self.words), name=self.words.text(action(name).text))
            self._change(self._own() | {name: keys_for(key)}, said)

    def _own(self) -> dict[str, list[str]]:
        return dict(self.context.preferences.settings.shortcuts)

    def _change(self, own: dict[str, list[str]], said: str) -> None:
        """Keys of one's own, undoable for as long as the notice stands."""
        before = self._own()
        own = {name: keys for name, keys in own.items() if tuple(keys) != action(name).keys}
        self.change(shortcuts=own)
        self.context.notices.say(said, lambda: self.change(shortcuts=before))

    def _reset(self) -> None:
        row = self.table.row()
        if row is not None:
            self._refused = {}
            own = {name: keys for name, keys in self._own().items() if name != row.id}
            self._change(own, self.words.text("Touches d’origine rétablies : {name}.", name=row.name))

    def _reset_all(self) -> None:
        self._refused = {}
        self._change({}, self.words.text("Toutes les touches d’origine sont rétablies."))

    def _on_moved(self) -> None:
        """What was said of another row has been read."""
        row = self.table.row()
        if row is not None and self._refused and row.id not in self._refused:
            self._refused = {}
            self.refresh()
        self._allow()

    def _allow(self) -> None:
        """What can't be done now is not offered."""
        commands, row, own = self.context.commands, self.table.row(), self._own()
        commands.action("change_key").setEnabled(row is not None)
        commands.action("reset_key").setEnabled(row is not None and row.id in own)
        commands.action("reset_keys").setEnabled(bool(own))
