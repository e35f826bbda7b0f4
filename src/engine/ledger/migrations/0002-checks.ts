/**
 * Results of deep checks get a table of their own: a finished content may be checked that was never downloaded here, and
 * of which nothing else is known.
 */
export const checks = `
CREATE TABLE checks (
  folder     TEXT NOT NULL,
  hash       TEXT NOT NULL,
  checked_at INTEGER NOT NULL,
  ok         INTEGER NOT NULL CHECK (ok IN (0, 1)),
  PRIMARY KEY (folder, hash)
) STRICT, WITHOUT ROWID;

INSERT INTO checks (folder, hash, checked_at, ok)
  SELECT folder, hash, verified_at, verified_ok FROM blobs
  WHERE verified_at IS NOT NULL AND verified_ok IN (0, 1);

ALTER TABLE blobs DROP COLUMN verified_at;
ALTER TABLE blobs DROP COLUMN verified_ok;
`;
