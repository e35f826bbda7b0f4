import type { Database } from 'better-sqlite3';

/** A commit that anybody may read. */
export interface PublicCommit {
  readonly repo: string;
  readonly commit: string;
}

/** The `public_commits` table: what may be shared with other machines. */
export function publicCommitsTable(database: Database) {
  const all = database.prepare<[], PublicCommit>(
    'SELECT repo, commit_hash AS "commit" FROM public_commits ORDER BY repo, commit_hash',
  );
  const insert = database.prepare<[string, string]>(
    'INSERT OR IGNORE INTO public_commits (repo, commit_hash) VALUES (?, ?)',
  );
  const removeRepository = database.prepare<[string]>('DELETE FROM public_commits WHERE repo = ?');
  return {
    /** Every commit that was found open to anybody, and whose repository was not found closed since. */
    list: (): PublicCommit[] => all.all(),
    /** Anybody may read this commit. */
    add: (repo: string, commit: string): void => void insert.run(repo, commit),
    /** The repository is gated or private now: nothing of it is shared any more, whatever was known of it. */
    removeRepository: (repo: string): void => void removeRepository.run(repo),
  };
}
