"""What a program of the post writes down about itself: rotating files under the profile, without a personal datum or a secret.

Our own records name reason codes, files and ids. Whatever else comes (a library's warning, an exception's message) could quote
what a person typed: of a library only the constant template is kept, of an exception only its type and where it happened.
"""

from __future__ import annotations

import logging
import re
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from logging.handlers import RotatingFileHandler
from pathlib import Path

_OURS = ("guichet_sync", "guichet_desktop")
_MAX_BYTES, _KEPT_FILES = 1_000_000, 3
_FRAMES = 6
_PERSONAL = re.compile(
    r"[^\s@]+@[^\s@]+"  # an address of electronic mail
    r"|\+?\d[\d\s().-]{5,}\d"  # a telephone number, or a longer one
    r"|\b[0-9A-Za-z_-]{32,}\b"  # a key, a token
)


class Redacted(logging.Formatter):
    """One line a record, personal data and secrets taken out."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as a line."""
        ours = record.name.startswith(_OURS)
        said = record.getMessage() if ours else str(record.msg)
        line = f"{self.formatTime(record)} {record.levelname} {record.name}: {_PERSONAL.sub('…', ' '.join(said.split()))}"
        return line + (where(record.exc_info[1]) if record.exc_info and record.exc_info[1] else "")


def where(error: BaseException) -> str:
    """The type of an exception and the innermost places it passed through; never its message."""
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    places = " < ".join(f"{Path(each.filename).name}:{each.lineno}" for each in reversed(frames))
    return f" [{type(error).__name__} at {places}]"


@contextmanager
def written_to(folder: Path, program: str) -> Iterator[None]:
    """Write what the block logs to ``folder/program.log``; where that can't be written, nothing is: work goes on."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        yield
        return
    handler = RotatingFileHandler(
        folder / f"{program}.log", maxBytes=_MAX_BYTES, backupCount=_KEPT_FILES, encoding="utf-8", delay=True
    )
    handler.setFormatter(Redacted())
    root = logging.getLogger()
    root.addHandler(handler)
    try:
        yield
    finally:
        root.removeHandler(handler)
        handler.close()
