"""Sealed bytes: ciphertexts, and the keys to them wrapped for each reader."""

from __future__ import annotations

from sqlmodel import Field, SQLModel


class SealedRow(SQLModel, table=True):
    """One part of a sealed thing. `kind`: revision, draft, note; `part`: content, notes, asset:…

    `ciphertext` is nonce (12 bytes) and AES-256-GCM output; migrations never touch it.
    """

    __tablename__ = "sealed"

    kind: str = Field(primary_key=True, max_length=20)
    id: str = Field(primary_key=True, max_length=80)
    part: str = Field(primary_key=True, max_length=40)
    subject: str = Field(index=True, max_length=80)
    ciphertext: bytes


class WrapRow(SQLModel, table=True):
    """The key of one sealed thing, wrapped (HPKE) for one reading key (64 hex)."""

    __tablename__ = "wraps"

    kind: str = Field(primary_key=True, max_length=20)
    id: str = Field(primary_key=True, max_length=80)
    reader: str = Field(primary_key=True, max_length=64)
    wrapped: bytes


class DraftRow(SQLModel, table=True):
    """One author's autosaved work on one item; the text lies sealed under kind `draft`.

    `version` is the optimistic lock: a save names the version it saw.
    """

    __tablename__ = "drafts"

    item: str = Field(primary_key=True, max_length=20)
    author: str = Field(primary_key=True, max_length=64)
    base: str = Field(default="", max_length=64)
    version: int = 1
    language: str = Field(default="", max_length=35)
    kind: str = Field(default="", max_length=64)
    agency: str = Field(default="", max_length=64)
    message: str = Field(default="", max_length=20)
    code: str = Field(default="", max_length=60)
    saved: str = Field(default="", max_length=20)
