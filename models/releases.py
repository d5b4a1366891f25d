"""Projections of releases: the calendar, as the log says it now."""

from __future__ import annotations

from sqlmodel import Field, SQLModel


class ReleaseRow(SQLModel, table=True):
    """One calendar entry. `at` is the written UTC instant, `wall` and `zone` what was typed.

    `speaks`: how many contacts said that they can speak to it; `waits_until`: the end of the
    window in which a script opens it, '' when the instant alone does.
    """

    __tablename__ = "releases"

    id: str = Field(primary_key=True, max_length=20)
    at: str = Field(index=True, max_length=20)
    zone: str = Field(max_length=64)
    wall: str = Field(max_length=19)
    code: str = Field(max_length=60)
    slot: str = Field(default="", max_length=64)
    state: str = Field(index=True, max_length=20)
    held: bool = False
    confirmed: bool = False
    basis: str = Field(max_length=64)
    signed: int = 0
    items: int = 0
    channels: int = 0
    note: str = Field(default="", max_length=500)
    speaks: int = 0
    waits_until: str = Field(default="", max_length=20)


class ReleaseItemRow(SQLModel, table=True):
    """Which items a release holds."""

    __tablename__ = "release_items"

    release: str = Field(primary_key=True, max_length=20)
    item: str = Field(primary_key=True, index=True, max_length=20)


class ReleaseChannelRow(SQLModel, table=True):
    """Where a release goes and how far it is there. `opened_ms`: ms since the epoch, or 0."""

    __tablename__ = "release_channels"

    release: str = Field(primary_key=True, max_length=20)
    channel: str = Field(primary_key=True, max_length=64)
    state: str = Field(default="planned", max_length=20)
    opened_ms: int = 0


class HoldRow(SQLModel, table=True):
    """A hold over a release or over everything (`*`), and how many have lifted it."""

    __tablename__ = "holds"

    digest: str = Field(primary_key=True, max_length=64)
    subject: str = Field(index=True, max_length=20)
    person: str = Field(max_length=64)
    time: str = Field(max_length=20)
    lifts: int = 0
    active: bool = True
