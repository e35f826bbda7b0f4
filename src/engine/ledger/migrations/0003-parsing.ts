/**
 * Downloads whose list of files is being read. A row that outlives its process tells the next one which list it did not
 * survive.
 */
export const parsing = `
CREATE TABLE parsing (
  download_id TEXT PRIMARY KEY REFERENCES downloads (id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
`;
