"""What a program of the post writes down about itself: rotating files under the profile, without a personal datum or a secret.

Our own records name reason codes, files and ids. Whatever else comes (a library's warning, an exception's message) could quote
what a person typed: of a library only a template that its arguments were kept out of is written, else only where it spoke; of an
exception only its type and where it happened.
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
    r"|[0-9A-Za-z_+/=-]{32,}"  # a key, a token
)


class Redacted(logging.Formatter):
    """One line a record, personal data and secrets taken out."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as a line."""
        line = f"{self.formatTime(record)} {record.levelname} {record.name}: {_said(record)}"
        return line + (where(record.exc_info[1]) if record.exc_info and record.exc_info[1] else "")


def _said(record: logging.LogRecord) -> str:
    """What a record may say. A library's text without arguments may have been put together from anything."""
    if record.name.partition(".")[0] in _OURS:
        said = record.getMessage()
    else:
        said = str(record.msg) if record.args else f"{record.filename}:{record.lineno}"
    return _PERSONAL.sub("…", " ".join(said.split()))


def where(error: BaseException) -> str:
    """The type of an exception and the innermost places it passed through; never its message."""
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    places = " < ".join(f"{Path(each.filename).name}:{each.lineno}" for each in reversed(frames))
    return f" [{type(error).__name__} at {places}]"


class _ProfileLog(RotatingFileHandler):
    """A file of the log folder, made when there is something to write, in a profile that exists: looking never begins one."""

    def __init__(self, folder: Path, program: str) -> None:
        name = folder / f"{program}.log"
        super().__init__(name, maxBytes=_MAX_BYTES, backupCount=_KEPT_FILES, encoding="utf-8", delay=True)
        self._folder = folder
        self.setFormatter(Redacted())

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record; where that can't be done, nothing is: work goes on."""
        if self._folder.parent.is_dir():
            try:
                self._folder.mkdir(mode=0o700, exist_ok=True)
            except OSError:
                return
            super().emit(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging calls it so
        """A full disk is no reason to print the record, as ``logging`` would, on standard error."""


@contextmanager
def written_to(folder: Path, program: str) -> Iterator[None]:
    """Write what the block logs to ``folder/program.log``."""
    handler = _ProfileLog(folder, program)
    root = logging.getLogger()
    root.addHandler(handler)
    try:
        yield
    finally:
        root.removeHandler(handler)
        handler.close()
