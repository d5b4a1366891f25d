"""The portal's tables, as SQL for SQLite."""

SCHEMA = """
-- The portal's tables. Nothing in them is embargoed: what is staged lies sealed in files, its key
-- arrives at the instant, and public text is written only after it was opened and checked.

CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

-- Signed roster and policy (the acts that lead to the version pinned), and the public calendar.
CREATE TABLE IF NOT EXISTS pins (
  name TEXT PRIMARY KEY, version INTEGER NOT NULL, body BLOB NOT NULL
);

CREATE TABLE IF NOT EXISTS epochs (
  epoch INTEGER PRIMARY KEY, publisher TEXT NOT NULL, request TEXT NOT NULL UNIQUE
);

CREATE TABLE IF NOT EXISTS bundles (
  address TEXT PRIMARY KEY, stage BLOB NOT NULL, state TEXT NOT NULL, opened_ms INTEGER NOT NULL,
  late_us INTEGER NOT NULL, published_ms INTEGER NOT NULL, visible INTEGER NOT NULL
);

CREATE TABLE IF NOT EXISTS sealed_assets (
  address TEXT NOT NULL, sha256 TEXT NOT NULL, size INTEGER NOT NULL, here INTEGER NOT NULL,
  PRIMARY KEY (address, sha256)
) WITHOUT ROWID;

-- A table of its own, since a commit writes it and must not rewrite anything large.
CREATE TABLE IF NOT EXISTS keys (address TEXT PRIMARY KEY, key BLOB NOT NULL) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS receipts (
  address TEXT NOT NULL, state TEXT NOT NULL, envelope BLOB NOT NULL, PRIMARY KEY (address, state)
);

CREATE TABLE IF NOT EXISTS answers (
  key TEXT PRIMARY KEY, request TEXT NOT NULL, status INTEGER NOT NULL, body BLOB NOT NULL
);

-- What the acts promise of each item in a bundle: known at staging, digests only.
CREATE TABLE IF NOT EXISTS promises (
  address TEXT NOT NULL, place INTEGER NOT NULL, item TEXT NOT NULL, language TEXT NOT NULL,
  number INTEGER NOT NULL, act TEXT NOT NULL, content TEXT NOT NULL, kind TEXT NOT NULL,
  agency TEXT NOT NULL, message TEXT NOT NULL, PRIMARY KEY (address, place)
) WITHOUT ROWID;

-- What the public sees, once `bundles.visible` is 1. `good` 0: a notice, never bytes.
CREATE TABLE IF NOT EXISTS versions (
  id INTEGER PRIMARY KEY, address TEXT NOT NULL, item TEXT NOT NULL, number INTEGER NOT NULL,
  act TEXT NOT NULL, digest TEXT NOT NULL, language TEXT NOT NULL, message TEXT NOT NULL,
  kind TEXT NOT NULL, agency TEXT NOT NULL, at TEXT NOT NULL, first_at TEXT NOT NULL,
  good INTEGER NOT NULL, headline TEXT NOT NULL, summary TEXT NOT NULL, folded TEXT NOT NULL,
  content BLOB NOT NULL, ninjs BLOB NOT NULL, UNIQUE (address, item)
);
CREATE INDEX IF NOT EXISTS versions_item ON versions (item, number);
CREATE INDEX IF NOT EXISTS versions_latest ON versions (language, at, id);
CREATE INDEX IF NOT EXISTS versions_message ON versions (message);

CREATE TABLE IF NOT EXISTS assets (
  version INTEGER NOT NULL, id TEXT NOT NULL, address TEXT NOT NULL, sha256 TEXT NOT NULL,
  size INTEGER NOT NULL, sealed TEXT NOT NULL, media_type TEXT NOT NULL, name TEXT NOT NULL,
  PRIMARY KEY (version, id)
) WITHOUT ROWID;

-- Signed withdrawals: a withdrawn revision never comes back. What is down for a time only
-- (`takedown`) keeps its text here, unseen, until two people put it back.
CREATE TABLE IF NOT EXISTS withdrawals (
  revision TEXT PRIMARY KEY, item TEXT NOT NULL, mode TEXT NOT NULL, note TEXT NOT NULL,
  time TEXT NOT NULL, act BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS withdrawals_item ON withdrawals (item);

-- Takedowns that were lifted (digest of the act): played again they change nothing. `acts`: the
-- takedown and what lifted it.
CREATE TABLE IF NOT EXISTS restores (
  withdrawal TEXT PRIMARY KEY, revision TEXT NOT NULL, item TEXT NOT NULL, time TEXT NOT NULL,
  acts BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS restores_revision ON restores (revision);
"""
