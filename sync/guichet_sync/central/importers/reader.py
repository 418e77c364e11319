"""Reading import files as what they are: input from outside, possibly hostile."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from guichet_sync.domain.errors import InvalidInput, LineProblem

MAX_LINE = 4 * 1024 * 1024
MAX_FILE = 2 * 1024 * 1024 * 1024

Row = tuple[int, dict[str, Any]]
"""A 1-based line number and what the line says."""


def open_text(path: Path) -> IO[str]:
    """The file as text, unpacked where its name ends in ``.gz``; undecodable bytes become U+FFFD.

    :raises InvalidInput: ``file_unreadable`` if it can't be opened.
    """
    try:
        raw: IO[bytes] = gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb")  # type: ignore[assignment]
    except OSError:
        raise InvalidInput("file_unreadable", field="file", file=path.name) from None
    return io.TextIOWrapper(raw, encoding="utf-8-sig", errors="replace", newline="")


def json_lines(path: Path) -> Iterator[Row | LineProblem]:
    """Objects of a JSON-lines file."""
    with open_text(path) as file:
        number, read = 0, 0
        while line := file.readline(MAX_LINE):
            number, read = number + 1, read + len(line)
            if read > MAX_FILE:
                yield LineProblem(number, "file_too_large")
                return
            if line.strip():
                yield _object(number, line)


def _object(number: int, line: str) -> Row | LineProblem:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return LineProblem(number, "malformed_line")
    return (number, value) if isinstance(value, dict) else LineProblem(number, "malformed_line")


def csv_rows(path: Path, columns: frozenset[str]) -> Iterator[Row | LineProblem]:
    """Rows of a CSV file by column name.

    :raises InvalidInput: ``columns_missing`` if the heading lacks one of ``columns``.
    """
    with open_text(path) as file:
        reader = csv.DictReader(file, strict=True)
        missing = columns - set(reader.fieldnames or ())
        if missing:
            raise InvalidInput("columns_missing", field="file", columns=", ".join(sorted(missing)))
        while True:
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error:
                yield LineProblem(reader.line_num, "malformed_line")
                continue
            if None in row or None in row.values():
                yield LineProblem(reader.line_num, "malformed_line")
            else:
                yield reader.line_num, dict(row)


def json_document(path: Path) -> Any:
    """A whole JSON file.

    :raises InvalidInput: ``malformed_file``, with the line where it breaks.
    """
    with open_text(path) as file:
        try:
            return json.loads(file.read(MAX_FILE))
        except json.JSONDecodeError as error:
            raise InvalidInput("malformed_file", field="file", line=error.lineno) from None
        except (ValueError, RecursionError):
            raise InvalidInput("malformed_file", field="file", line=1) from None


def columns_of(path: Path) -> frozenset[str]:
    """The heading of a CSV file."""
    with open_text(path) as file:
        return frozenset(next(csv.reader([file.readline(MAX_LINE)]), []))
