/**
 * `downloads` and `files` are what the user asked for; `blobs` and `chunks` are what is safe on disk. Chunks belong
 * to a content, not to a download: two downloads of one blob share its bytes.
 */
export const initial = `
CREATE TABLE lock (
  id           INTEGER PRIMARY KEY CHECK (id = 1),
  run_id       TEXT NOT NULL,
  program      TEXT NOT NULL,
  host         TEXT NOT NULL,
  pid          INTEGER NOT NULL,
  process_start TEXT NOT NULL,
  heartbeat_at INTEGER NOT NULL
) STRICT;

CREATE TABLE settings (
  key   TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE hosts (
  host       TEXT PRIMARY KEY,
  streams    INTEGER NOT NULL CHECK (streams > 0),
  updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE downloads (
  id               TEXT PRIMARY KEY,
  position         INTEGER NOT NULL,
  repo             TEXT NOT NULL,
  revision         TEXT NOT NULL,
  commit_hash      TEXT,
  model            TEXT,
  variant          TEXT,
  endpoint         TEXT NOT NULL,
  cache_dir        TEXT NOT NULL,
  state            TEXT NOT NULL,
  reason           TEXT,
  error            TEXT,
  options          TEXT NOT NULL,
  active_ms        INTEGER NOT NULL DEFAULT 0,
  downloaded_bytes INTEGER NOT NULL DEFAULT 0,
  rescued_bytes    INTEGER NOT NULL DEFAULT 0,
  wasted_bytes     INTEGER NOT NULL DEFAULT 0,
  retries          INTEGER NOT NULL DEFAULT 0,
  after_last_byte_ms INTEGER NOT NULL DEFAULT 0,
  created_at       INTEGER NOT NULL,
  updated_at       INTEGER NOT NULL
) STRICT;

CREATE TABLE files (
  download_id TEXT NOT NULL REFERENCES downloads (id) ON DELETE CASCADE,
  path        TEXT NOT NULL,
  size        INTEGER NOT NULL CHECK (size >= 0),
  hash        TEXT NOT NULL,
  algorithm   TEXT NOT NULL CHECK (algorithm IN ('sha256', 'git-sha1')),
  installed   INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (download_id, path)
) STRICT, WITHOUT ROWID;

CREATE TABLE blobs (
  id          INTEGER PRIMARY KEY,
  folder      TEXT NOT NULL,
  hash        TEXT NOT NULL,
  algorithm   TEXT NOT NULL,
  size        INTEGER NOT NULL CHECK (size >= 0),
  chunk_bytes INTEGER NOT NULL CHECK (chunk_bytes > 0),
  verified_at INTEGER,
  verified_ok INTEGER,
  UNIQUE (folder, hash)
) STRICT;

CREATE TABLE chunks (
  blob_id  INTEGER NOT NULL REFERENCES blobs (id) ON DELETE CASCADE,
  idx      INTEGER NOT NULL CHECK (idx >= 0),
  received TEXT NOT NULL,
  sha256   BLOB CHECK (sha256 IS NULL OR length(sha256) = 32),
  suspect  INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (blob_id, idx)
) STRICT, WITHOUT ROWID;

CREATE TABLE events (
  id          INTEGER PRIMARY KEY,
  download_id TEXT NOT NULL,
  time        INTEGER NOT NULL,
  body        TEXT NOT NULL
) STRICT;
CREATE INDEX events_by_download ON events (download_id, id);
`;
