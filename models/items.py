"""Projections of items and revisions: what the log says of them now, for look-ups.

Each column is an index of the signed record and never an authority: nobody judges by one, and
`desk newsroom rebuild` compares them all with the log.
"""

from __future__ import annotations

from sqlalchemy import Index
from sqlmodel import Field, SQLModel


class ItemRow(SQLModel, table=True):
    """One publishable piece in one language. `public`: none, live, corrected, withdrawn.

    `at`: when the newest revision was written (UTC). The list of items is read from
    `ix_items_list` alone, in its order and whatever it is filtered by.
    """

    __tablename__ = "items"
    __table_args__ = (
        Index("ix_items_list", "at", "id", "agency", "kind", "language", "state"),
        Index("ix_items_agency_id", "agency", "id"),
    )

    id: str = Field(primary_key=True, max_length=20)
    language: str = Field(max_length=35)
    kind: str = Field(index=True, max_length=64)
    agency: str = Field(max_length=64)
    message: str = Field(default="", index=True, max_length=20)
    code: str = Field(default="", max_length=60)
    latest: str = Field(default="", max_length=64)
    number: int = 0
    state: str = Field(default="draft", index=True, max_length=20)
    waiting_for: str = Field(default="", index=True, max_length=64)
    public: str = Field(default="none", max_length=20)
    at: str = Field(default="", max_length=20)


class RevisionRow(SQLModel, table=True):
    """One sealed snapshot, by the digest of its act. `state`: submitted, approved, returned, …"""

    __tablename__ = "revisions"

    digest: str = Field(primary_key=True, max_length=64)
    item: str = Field(index=True, max_length=20)
    id: str = Field(unique=True, max_length=20)
    number: int
    parent: str = Field(default="", max_length=64)
    author: str = Field(max_length=64)
    time: str = Field(max_length=20)
    state: str = Field(max_length=20)
    steps_done: str = Field(default="", max_length=400)
    released_in: str = Field(default="", max_length=20)


class PublicRow(SQLModel, table=True):
    """The text of a released and verified revision, in clear: it is public now."""

    __tablename__ = "public_texts"

    revision: str = Field(primary_key=True, max_length=64)
    item: str = Field(index=True, max_length=20)
    language: str = Field(max_length=35)
    headline: str
    content: str
