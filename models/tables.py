"""The tables as SQLAlchemy's core takes them. Made by `python -m desk.store.tabling`.

Do not edit: the classes beside this file are the definition. Statements take the tables from here,
which spares commands the import of sqlmodel. Nothing of ours is imported.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, MetaData, String, Table

METADATA = MetaData()

DRAFTS = Table(
    "drafts",
    METADATA,
    Column("item", String(20), primary_key=True),
    Column("author", String(64), primary_key=True),
    Column("base", String(64), nullable=False, default=""),
    Column("version", Integer, nullable=False, default=1),
    Column("language", String(35), nullable=False, default=""),
    Column("kind", String(64), nullable=False, default=""),
    Column("agency", String(64), nullable=False, default=""),
    Column("message", String(20), nullable=False, default=""),
    Column("code", String(60), nullable=False, default=""),
    Column("saved", String(20), nullable=False, default=""),
)
ENQUIRIES = Table(
    "enquiries",
    METADATA,
    Column("id", String(20), primary_key=True),
    Column("state", String(20), nullable=False, index=True),
    Column("language", String(35), nullable=False),
    Column("agency", String(64), nullable=False, index=True),
    Column("topic", String(64), nullable=False, default=""),
    Column("contact", String(20), nullable=False, default=""),
    Column("due", String(20), nullable=False, index=True),
    Column("opened", String(20), nullable=False),
    Column("item", String(20), nullable=False, default="", index=True),
    Column("closed", String(20), nullable=False, default=""),
    Column("forgotten", Boolean, nullable=False, default=False),
)
HOLDS = Table(
    "holds",
    METADATA,
    Column("digest", String(64), primary_key=True),
    Column("subject", String(20), nullable=False, index=True),
    Column("person", String(64), nullable=False),
    Column("time", String(20), nullable=False),
    Column("lifts", Integer, nullable=False, default=0),
    Column("active", Boolean, nullable=False, default=True),
)
ITEMS = Table(
    "items",
    METADATA,
    Column("id", String(20), primary_key=True),
    Column("language", String(35), nullable=False),
    Column("kind", String(64), nullable=False, index=True),
    Column("agency", String(64), nullable=False),
    Column("message", String(20), nullable=False, default="", index=True),
    Column("code", String(60), nullable=False, default=""),
    Column("latest", String(64), nullable=False, default=""),
    Column("number", Integer, nullable=False, default=0),
    Column("state", String(20), nullable=False, default="draft", index=True),
    Column("waiting_for", String(64), nullable=False, default="", index=True),
    Column("public", String(20), nullable=False, default="none"),
    Column("at", String(20), nullable=False, default=""),
    Index("ix_items_agency_id", "agency", "id"),
    Index("ix_items_list", "at", "id", "agency", "kind", "language", "state"),
)
LOG = Table(
    "log",
    METADATA,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("previous", String(64), nullable=False, unique=True),
    Column("hash", String(64), nullable=False, unique=True),
    Column("kind", String(40), nullable=False, index=True),
    Column("subject", String(80), nullable=False, index=True),
    Column("actor", String(64), nullable=False, default=""),
    Column("time", String(20), nullable=False, default=""),
    Column("digest", String(64), nullable=False, index=True),
    Column("envelope", LargeBinary, nullable=False),
)
PUBLIC_TEXTS = Table(
    "public_texts",
    METADATA,
    Column("revision", String(64), primary_key=True),
    Column("item", String(20), nullable=False, index=True),
    Column("language", String(35), nullable=False),
    Column("headline", String, nullable=False),
    Column("content", String, nullable=False),
)
RELEASE_CHANNELS = Table(
    "release_channels",
    METADATA,
    Column("release", String(20), primary_key=True),
    Column("channel", String(64), primary_key=True),
    Column("state", String(20), nullable=False, default="planned"),
    Column("opened_ms", Integer, nullable=False, default=0),
)
RELEASE_ITEMS = Table(
    "release_items",
    METADATA,
    Column("release", String(20), primary_key=True),
    Column("item", String(20), primary_key=True, index=True),
)
RELEASES = Table(
    "releases",
    METADATA,
    Column("id", String(20), primary_key=True),
    Column("at", String(20), nullable=False, index=True),
    Column("zone", String(64), nullable=False),
    Column("wall", String(19), nullable=False),
    Column("code", String(60), nullable=False),
    Column("slot", String(64), nullable=False, default=""),
    Column("state", String(20), nullable=False, index=True),
    Column("held", Boolean, nullable=False, default=False),
    Column("confirmed", Boolean, nullable=False, default=False),
    Column("basis", String(64), nullable=False),
    Column("signed", Integer, nullable=False, default=0),
    Column("items", Integer, nullable=False, default=0),
    Column("channels", Integer, nullable=False, default=0),
    Column("note", String(500), nullable=False, default=""),
    Column("speaks", Integer, nullable=False, default=0),
    Column("waits_until", String(20), nullable=False, default=""),
)
REVISIONS = Table(
    "revisions",
    METADATA,
    Column("digest", String(64), primary_key=True),
    Column("item", String(20), nullable=False, index=True),
    Column("id", String(20), nullable=False, unique=True),
    Column("number", Integer, nullable=False),
    Column("parent", String(64), nullable=False, default=""),
    Column("author", String(64), nullable=False),
    Column("time", String(20), nullable=False),
    Column("state", String(20), nullable=False),
    Column("steps_done", String(400), nullable=False, default=""),
    Column("released_in", String(20), nullable=False, default=""),
)
SEALED = Table(
    "sealed",
    METADATA,
    Column("kind", String(20), primary_key=True),
    Column("id", String(80), primary_key=True),
    Column("part", String(40), primary_key=True),
    Column("subject", String(80), nullable=False, index=True),
    Column("ciphertext", LargeBinary, nullable=False),
)
WRAPS = Table(
    "wraps",
    METADATA,
    Column("kind", String(20), primary_key=True),
    Column("id", String(80), primary_key=True),
    Column("reader", String(64), primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
)
