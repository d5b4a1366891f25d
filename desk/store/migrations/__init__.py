"""Alembic migrations, from the first table on. They never touch sealed bytes or the log's rows."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.engine import Engine

from desk.errors import Unavailable
from desk.phrase import phrase

NEWEST = "0005"


def upgrade(engine: Engine) -> None:
    """Bring a database to the newest schema."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()


def current(engine: Engine) -> str:
    """The schema version of a database, or '' for an empty one."""
    from sqlalchemy import inspect, text

    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return ""
        return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar())


def require_newest(engine: Engine) -> None:
    """Raise Unavailable unless the database has the schema that this Desk knows."""
    version = current(engine)
    if version != NEWEST:
        raise Unavailable(
            "The database has another schema version",
            phrase("{version}, this Desk needs {newest}", version=version or "none", newest=NEWEST),
            "Run: desk newsroom migrate",
        )
