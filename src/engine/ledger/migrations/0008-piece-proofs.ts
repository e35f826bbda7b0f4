/**
 * What the Hub's own hashes said about pieces of a content (terms of Xet storage), so that a restart judges only what changed. `bad` is
 * a list of ranges; an empty one means that the piece is proved. A row holds while the file is the one of `identity`, or while
 * the block checks of its bytes do.
 */
export const pieceProofs = `
CREATE TABLE piece_proofs (
  blob_id    INTEGER NOT NULL REFERENCES blobs (id) ON DELETE CASCADE,
  start_byte INTEGER NOT NULL CHECK (start_byte >= 0),
  end_byte   INTEGER NOT NULL CHECK (end_byte > start_byte),
  identity   TEXT NOT NULL,
  method     TEXT NOT NULL CHECK (method IN ('terms', 'xorbs', 'file', 'nodes', 'chunks')),
  bad        TEXT NOT NULL,
  PRIMARY KEY (blob_id, start_byte)
) STRICT, WITHOUT ROWID;
`;
