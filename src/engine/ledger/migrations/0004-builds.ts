/** Variants that are made here from others on disk, and which units of them are safe: a row of `build_units` means done. */
export const builds = `
CREATE TABLE builds (
  id          TEXT PRIMARY KEY,
  model       TEXT,
  variant     TEXT NOT NULL,
  repo        TEXT NOT NULL,
  commit_hash TEXT NOT NULL,
  cache_dir   TEXT NOT NULL,
  root        TEXT NOT NULL,
  options     TEXT NOT NULL,
  plan        TEXT,
  state       TEXT NOT NULL,
  reason      TEXT,
  error       TEXT,
  outputs     TEXT,
  created_at  INTEGER NOT NULL,
  updated_at  INTEGER NOT NULL
) STRICT;

CREATE TABLE build_units (
  build_id TEXT NOT NULL REFERENCES builds (id) ON DELETE CASCADE,
  unit     INTEGER NOT NULL,
  digest   BLOB NOT NULL,
  PRIMARY KEY (build_id, unit)
) STRICT, WITHOUT ROWID;
`;
