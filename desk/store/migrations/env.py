"""What Alembic runs: one connection, handed over by `desk.store.migrations.upgrade`."""

from alembic import context
from sqlmodel import SQLModel

import models.contacts
import models.items
import models.log
import models.releases
import models.sealed  # noqa: F401

connection = context.config.attributes["connection"]
context.configure(
    connection=connection, target_metadata=SQLModel.metadata, render_as_batch=True,
    compare_type=True,
)  # fmt: skip
with context.begin_transaction():
    context.run_migrations()
