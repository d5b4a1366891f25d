"""The log: the one table that matters. Everything else but sealed bytes can be made from it."""

from __future__ import annotations

from sqlmodel import Field, SQLModel


class LogRow(SQLModel, table=True):
    """One signed act. `kind`, `subject`, `actor`, `time` are copies for look-ups, not trusted."""

    __tablename__ = "log"

    seq: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    previous: str = Field(unique=True, max_length=64)
    hash: str = Field(unique=True, max_length=64)
    kind: str = Field(index=True, max_length=40)
    subject: str = Field(index=True, max_length=80)
    actor: str = Field(default="", max_length=64)
    time: str = Field(default="", max_length=20)
    digest: str = Field(index=True, max_length=64)
    envelope: bytes
