import type { Database } from 'better-sqlite3';

/** A public commit. */
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
    /** Returns every commit that was found public, and whose repository was not found closed since. */
    list: (): PublicCommit[] => all.all(),
    /** Records this commit as public. */
    add: (repo: string, commit: string): void => void insert.run(repo, commit),
    /** Records that the repository is gated or private now: nothing of it is shared any more. */
    removeRepository: (repo: string): void => void removeRepository.run(repo),
  };
}
