"""The database's schema and its versions, by Alembic."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from guichet_sync.domain.errors import NotFound, StoreError

from .database import writing

_LOCK = 0x6775696368  # "guich"


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    return config


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the database to this version's schema, or to an earlier ``revision`` of it; nothing to do is fine.

    :raises StoreError: ``schema_newer``.
    """
    config = _config()
    with writing(engine) as connection:
        if connection.dialect.name == "postgresql":  # two servers may start at once; SQLite has one writer anyway
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        _refuse_newer(_revision(connection), ScriptDirectory.from_config(config))
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def check_current(engine: Engine) -> None:
    """Refuse to work on another schema.

    :raises NotFound: ``not_initialised``. :raises StoreError: ``schema_out_of_date`` or ``schema_newer``.
    """
    with engine.connect() as connection:
        found = _revision(connection)
    if found is None:
        raise NotFound("not_initialised")
    scripts = ScriptDirectory.from_config(_config())
    _refuse_newer(found, scripts)
    if found != scripts.get_current_head():
        raise StoreError("schema_out_of_date")


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _refuse_newer(found: str | None, scripts: ScriptDirectory) -> None:
    """A revision nobody here has heard of was made by a newer version."""
    if found is not None and found not in {each.revision for each in scripts.walk_revisions()}:
        raise StoreError("schema_newer")
