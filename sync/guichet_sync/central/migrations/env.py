"""Alembic's environment: always on the connection handed over by ``guichet_sync.central.migrate``."""

from alembic import context

from guichet_sync.central.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
