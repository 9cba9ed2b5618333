"""What Alembic runs: the steps, on the connection that it was given."""

from alembic import context

from forwhom.workspace.shape import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transaction_per_migration=False,
)
context.run_migrations()
