"""What a verb prints: one JSON document, or lines for people. Sentences about failures go to standard error."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable
from typing import Any

from guichet_sync.domain.errors import GuichetError
from guichet_sync.domain.words import Language
from guichet_sync.wording import Words

_CONTROLS = dict.fromkeys((*range(0x09), *range(0x0A, 0x20), *range(0x7F, 0xA0)), " ")
"""Characters that a terminal would obey; a tab separates columns."""


class Output:
    """Standard output and error in one language."""

    def __init__(self, language: Language, *, as_json: bool) -> None:
        self.words = Words(language)
        self._as_json = as_json

    def say(self, document: dict[str, Any], lines: Iterable[str]) -> int:
        """Print the result; the exit status of a verb that did its work."""
        if self._as_json:
            sys.stdout.write(json.dumps(document, ensure_ascii=False) + "\n")
        else:
            sys.stdout.writelines(f"{line.translate(_CONTROLS)}\n" for line in lines)
        sys.stdout.flush()
        return 0

    def warn(self, sentence: str) -> None:
        """Tell something beside the result."""
        sys.stderr.write(f"{sentence.translate(_CONTROLS)}\n")

    def explain(self, error: GuichetError) -> int:
        """Tell what went wrong and what to do; the exit status of a verb that could not."""
        self.warn(str(self.words.error(error)))
        return 1

    def cancelled(self) -> int:
        """Somebody pressed Ctrl-C."""
        self.warn(self.words.text("Annulé."))
        return 1

    def silenced(self) -> int:
        """The reader of standard output is gone: what is left in its buffer has nowhere to go."""
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
