"""One import: lines become changes, changes enter in one transaction, or nothing does."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, Engine, select, text

from guichet_sync.domain.errors import ImportRefused, LineProblem

from .. import schema
from ..database import writing
from ..instance import Instance
from ..instance import read as read_instance
from ..publish import Change, Publication

BATCH = 1_000
MOST_PROBLEMS = 100
MAX_ID = 200
"""Ids are keys of an index: PostgreSQL takes none of any length."""

Outcome = Change | LineProblem
"""What a line became."""
Line = TypeVar("Line")
Progress = Callable[[int], None]
"""Hears how many records were read."""


@dataclass(frozen=True, slots=True)
class Options:
    """How to import: ``limit`` lines at most (0 is all), a ``map`` of foreign categories, bad lines skipped or not."""

    format: str = ""
    map: Path | None = None
    skip_bad: bool = False
    limit: int = 0


@dataclass(frozen=True, slots=True)
class Work:
    """What an importer reads besides its file."""

    connection: Connection
    instance: Instance
    options: Options

    def limited(self, lines: Iterable[Line]) -> Iterable[Line]:
        """As many of the lines as are wanted."""
        return islice(lines, self.options.limit) if self.options.limit else lines


@dataclass(frozen=True, slots=True)
class Report:
    """What an import did; ``skipped`` are the bad lines it left out (at most 100 named)."""

    imported: int
    skipped: tuple[LineProblem, ...]
    skipped_count: int


Importer = Callable[[Path, Work], Iterable[Outcome]]


def import_file(engine: Engine, importer: Importer, path: Path, options: Options, progress: Progress) -> Report:
    """Import a file, whole or not at all. One import at a time: a second one waits.

    :raises ImportRefused: there are bad lines and they are not to be skipped; nothing is kept.
    """
    with writing(engine) as connection:
        connection.execute(select(schema.instance.c.id).with_for_update())
        on_postgresql = connection.dialect.name == "postgresql"
        if on_postgresql:  # a plan kept from when the tables were small does not suit them any more
            connection.execute(text("SET LOCAL plan_cache_mode = force_custom_plan"))
        publication = Publication(connection, read_instance(connection).tenant, reason="import")
        report = take(publication, importer, path, options, progress)
        publication.commit_order()
        if on_postgresql:  # nor do the plans of the servers that are running
            connection.execute(text("ANALYZE record, feed, number"))
        return report


def take(publication: Publication, importer: Importer, path: Path, options: Options, progress: Progress) -> Report:
    """Take a file into a publication, whose feed rows the caller publishes.

    :raises ImportRefused: there are bad lines and they are not to be skipped.
    """
    work = Work(publication.connection, read_instance(publication.connection), options)
    return _Run(publication, options.skip_bad, progress).take(importer(path, work))


class _Run:
    """The state of one import."""

    def __init__(self, publication: Publication, skip_bad: bool, progress: Progress) -> None:
        self._publication = publication
        self._skip_bad = skip_bad
        self._progress = progress
        self._batch: list[Change] = []
        self._imported = 0
        self._problems: list[LineProblem] = []
        self._bad = 0

    def take(self, outcomes: Iterable[Outcome]) -> Report:
        """Take in all lines."""
        for outcome in outcomes:
            if isinstance(outcome, LineProblem):
                self._note(outcome)
            else:
                self._add(outcome)
        if self._refused:
            raise ImportRefused(tuple(self._problems), self._bad)
        self._flush()
        return Report(self._imported, tuple(self._problems), self._bad)

    @property
    def _refused(self) -> bool:
        return bool(self._bad) and not self._skip_bad

    def _note(self, problem: LineProblem) -> None:
        self._bad += 1
        if len(self._problems) < MOST_PROBLEMS:
            self._problems.append(problem)

    def _add(self, change: Change) -> None:
        self._imported += change.body is not None
        self._batch.append(change)
        if len(self._batch) >= BATCH:
            self._flush()

    def _flush(self) -> None:
        if not self._refused:  # else the file is only read on to name its other bad lines
            self._publication.put(self._batch)
        self._batch = []
        self._progress(self._imported)
