/**
 * A check is about a file, not about a name: it holds only while the file is the one that was hashed. Results without a file's
 * identity cannot be told to hold, so those of before are dropped and the contents are hashed again when they are next needed.
 */
export const checksOfFiles = `
DROP TABLE checks;
CREATE TABLE checks (
  path       TEXT PRIMARY KEY,
  identity   TEXT NOT NULL,
  hash       TEXT NOT NULL,
  checked_at INTEGER NOT NULL,
  ok         INTEGER NOT NULL CHECK (ok IN (0, 1))
) STRICT, WITHOUT ROWID;
`;
