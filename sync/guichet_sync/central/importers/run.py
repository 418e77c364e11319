"""One import: lines become changes, changes enter in one transaction, or nothing does."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine

from guichet_sync.domain.errors import ImportRefused, LineProblem

from ..database import writing
from ..instance import Instance
from ..instance import read as read_instance
from ..publish import Change, Publication

BATCH = 1_000
MOST_PROBLEMS = 100

Outcome = Change | LineProblem
"""What a line became."""


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


@dataclass(frozen=True, slots=True)
class Report:
    """What an import did; ``skipped`` are the bad lines it left out (at most 100 named)."""

    imported: int
    skipped: tuple[LineProblem, ...]
    skipped_count: int


Importer = Callable[[Path, Work], Iterable[Outcome]]


def import_file(engine: Engine, importer: Importer, path: Path, options: Options, progress: Callable[[int], None]) -> Report:
    """Import a file; ``progress`` hears how many records were read.

    :raises ImportRefused: there are bad lines and they are not to be skipped; nothing is kept.
    """
    with writing(engine) as connection:
        instance = read_instance(connection)
        work = Work(connection, instance, options)
        publication = Publication(connection, instance.tenant)
        return _Run(publication, options.skip_bad, progress).take(importer(path, work))


class _Run:
    """The state of one import."""

    def __init__(self, publication: Publication, skip_bad: bool, progress: Callable[[int], None]) -> None:
        self._publication = publication
        self._skip_bad = skip_bad
        self._progress = progress
        self._batch: list[Change] = []
        self._imported = 0
        self._problems: list[LineProblem] = []
        self._bad = 0

    def take(self, outcomes: Iterable[Outcome]) -> Report:
        """Take in all lines, and publish them at the end."""
        for outcome in outcomes:
            if isinstance(outcome, LineProblem):
                self._note(outcome)
            else:
                self._add(outcome)
        if self._problems and not self._skip_bad:
            raise ImportRefused(tuple(self._problems))
        self._flush()
        self._publication.commit_order()
        return Report(self._imported, tuple(self._problems), self._bad)

    def _note(self, problem: LineProblem) -> None:
        self._bad += 1
        if len(self._problems) < MOST_PROBLEMS:
            self._problems.append(problem)

    def _add(self, change: Change) -> None:
        self._imported += 1
        self._batch.append(change)
        if len(self._batch) >= BATCH:
            self._flush()

    def _flush(self) -> None:
        self._publication.put(self._batch)
        self._batch = []
        self._progress(self._imported)
