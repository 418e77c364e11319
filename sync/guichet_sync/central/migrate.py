"""The database's schema and its versions, by Alembic."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from guichet_sync.domain.errors import NotFound, StoreError

from .database import writing


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    return config


def upgrade(engine: Engine) -> None:
    """Bring the database to this version's schema; nothing to do is fine."""
    config = _config()
    with writing(engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def check_current(engine: Engine) -> None:
    """Refuse to work on another schema.

    :raises NotFound: ``not_initialised``. :raises StoreError: ``schema_out_of_date``.
    """
    with engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    if found is None:
        raise NotFound("not_initialised")
    if found != ScriptDirectory.from_config(_config()).get_current_head():
        raise StoreError("schema_out_of_date")
