"""Reading import files as what they are: input from outside, possibly hostile."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from guichet_sync.domain.errors import InvalidInput, LineProblem

MAX_LINE = 4 * 1024 * 1024
MAX_FILE = 4 * 1024 * 1024 * 1024
MAX_DOCUMENT = 256 * 1024 * 1024

Row = tuple[int, dict[str, Any]]
"""A 1-based line number and what the line says."""


@contextmanager
def open_text(path: Path) -> Iterator[IO[str]]:
    """The file as text, unpacked where its name ends in ``.gz``; undecodable bytes become lone surrogates.

    :raises InvalidInput: ``file_unreadable`` if it can't be opened, ``file_damaged`` if it can't be unpacked to its end.
    """
    try:
        with _opened(path) as raw, io.TextIOWrapper(raw, encoding="utf-8-sig", errors="surrogateescape", newline="") as text:
            yield text
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise InvalidInput("file_damaged", field="file", file=path.name) from None
    except OSError:
        raise InvalidInput("file_unreadable", field="file", file=path.name) from None


def _opened(path: Path) -> IO[bytes]:
    return gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb")  # type: ignore[return-value]


def content_digest(path: Path) -> str:
    """What tells one file from another, whatever their names.

    :raises InvalidInput: ``file_unreadable``.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        raise InvalidInput("file_unreadable", field="file", file=path.name) from None


def json_lines(path: Path) -> Iterator[Row | LineProblem]:
    """Objects of a JSON-lines file."""
    with open_text(path) as file:
        for number, line in _lines(file):
            if isinstance(line, LineProblem):
                yield line
            elif line.strip():
                yield _object(number, line)


def _lines(file: IO[str]) -> Iterator[tuple[int, str | LineProblem]]:
    """Lines within bounds: what is too long is left out whole, the next line keeps its number."""
    number, read = 0, 0
    while line := file.readline(MAX_LINE):
        number, read = number + 1, read + len(line)
        if len(line) == MAX_LINE and not line.endswith("\n"):
            while (rest := file.readline(MAX_LINE)) and not rest.endswith("\n"):
                read += len(rest)
            yield number, LineProblem(number, "line_too_long")
        else:
            yield number, line
        if read > MAX_FILE:
            yield number, LineProblem(number, "file_too_large")
            return


def _object(number: int, line: str) -> Row | LineProblem:
    if not _is_utf8(line):
        return LineProblem(number, "not_utf8")
    try:
        value = _json(line)
    except (ValueError, RecursionError):
        return LineProblem(number, "malformed_line")
    return (number, value) if isinstance(value, dict) else LineProblem(number, "malformed_line")


def _is_utf8(text: str) -> bool:
    """Whether all bytes could be decoded."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _json(text: str) -> Any:
    """:raises ValueError: it is no JSON, or holds what a database can't (NUL, half a character) or JSON has not (NaN)."""
    value = json.loads(text, parse_constant=_refuse)
    if "\\u" in text:
        json.dumps(value, ensure_ascii=False).encode()
        if "\\u0000" in text:
            raise ValueError
    return value


def _refuse(_constant: str) -> None:
    raise ValueError


def csv_rows(path: Path, columns: frozenset[str]) -> Iterator[Row | LineProblem]:
    """Rows of a CSV file by column name; a row of several lines is known by its first.

    :raises InvalidInput: ``columns_missing`` if the heading lacks one of ``columns``.
    """
    with open_text(path) as file:
        reader = csv.DictReader(_rows_within(file), strict=True)
        missing = columns - _heading(reader)
        if missing:
            raise InvalidInput("columns_missing", field="file", columns=", ".join(sorted(missing)))
        while True:
            number = reader.line_num + 1
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error:
                yield LineProblem(number, "malformed_line")
            else:
                yield _row(number, row)


def _rows_within(file: IO[str]) -> Iterator[str]:
    """Lines for the CSV reader: an overlong one reaches it as a line it can't take."""
    for _number, line in _lines(file):
        yield "\x00\n" if isinstance(line, LineProblem) else line


def _heading(reader: csv.DictReader[str]) -> set[str]:
    try:
        return set(reader.fieldnames or ())
    except csv.Error:
        raise InvalidInput("malformed_file", field="file", line=1) from None


def _row(number: int, row: dict[str | Any, str | Any]) -> Row | LineProblem:
    if None in row or None in row.values():
        return LineProblem(number, "malformed_line")
    text = "".join(row.values())
    if not _is_utf8(text):
        return LineProblem(number, "not_utf8")
    return LineProblem(number, "malformed_line") if "\x00" in text else (number, dict(row))


def json_document(path: Path) -> Any:
    """A whole JSON file.

    :raises InvalidInput: ``malformed_file`` with the line where it breaks, ``file_too_large`` or ``not_utf8``.
    """
    with open_text(path) as file:
        text = file.read(MAX_DOCUMENT + 1)
    if len(text) > MAX_DOCUMENT:
        raise InvalidInput("file_too_large", field="file", file=path.name)
    if not _is_utf8(text):
        raise InvalidInput("not_utf8", field="file", file=path.name)
    try:
        return _json(text)
    except json.JSONDecodeError as error:
        raise InvalidInput("malformed_file", field="file", line=error.lineno) from None
    except (ValueError, RecursionError):
        raise InvalidInput("malformed_file", field="file", line=1) from None


def columns_of(path: Path) -> frozenset[str]:
    """The heading of a CSV file."""
    with open_text(path) as file:
        return frozenset(_heading(csv.DictReader([file.readline(MAX_LINE)])))


def list_in(document: Any, key: str) -> list[Any]:
    """The list under a key of a JSON document; one that is not there is empty.

    :raises InvalidInput: ``malformed_file`` if it is no list, or the document no object.
    """
    found = document.get(key, []) if isinstance(document, dict) else None
    if not isinstance(found, list):
        raise InvalidInput("malformed_file", field="file", line=1)
    return found
