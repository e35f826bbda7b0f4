/**
 * Commits that anybody may read, as their Hub said when it was asked. Only they are shared with other machines; of those of before
 * nobody knows, so they are not, until they are asked about again.
 */
export const publicCommits = `
CREATE TABLE public_commits (
  repo        TEXT NOT NULL,
  commit_hash TEXT NOT NULL,
  PRIMARY KEY (repo, commit_hash)
) STRICT, WITHOUT ROWID;
`;
