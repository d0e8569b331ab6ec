"""How Alembic runs the migrations: on the connection that `upgrade` gives it, in one transaction."""

from alembic import context

from ml_platform.stores.database.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
