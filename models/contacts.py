"""Projection of enquiries: what the log says of them now, for look-ups."""

from __future__ import annotations

from sqlmodel import Field, SQLModel


class EnquiryRow(SQLModel, table=True):
    """One question of a journalist. `state`: open, answering, answered, declined.

    `due`, `opened`, `closed` are written UTC instants; nothing here says who asked, or what.
    """

    __tablename__ = "enquiries"

    id: str = Field(primary_key=True, max_length=20)
    state: str = Field(index=True, max_length=20)
    language: str = Field(max_length=35)
    agency: str = Field(index=True, max_length=64)
    topic: str = Field(default="", max_length=64)
    contact: str = Field(default="", max_length=20)
    due: str = Field(index=True, max_length=20)
    opened: str = Field(max_length=20)
    item: str = Field(default="", index=True, max_length=20)
    closed: str = Field(default="", max_length=20)
    forgotten: bool = False
