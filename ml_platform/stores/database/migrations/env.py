"""How Alembic runs the migrations: on the connection that `upgrade` gives it, in one transaction."""

from alembic import context

from ml_platform.stores.database.schema import REVISION_TABLE, metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
    version_table=REVISION_TABLE,
)
with context.begin_transaction():
    context.run_migrations()
