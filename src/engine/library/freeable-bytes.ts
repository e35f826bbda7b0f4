import type { ScannedSnapshot } from '../cache/scan-repository.ts';

/**
 * Returns the bytes that removing each snapshot frees: every content once, without what another snapshot of its
 * repository shares.
 */
export function freeableBytes(snapshots: readonly ScannedSnapshot[]): ReadonlyMap<ScannedSnapshot, number> {
  const users = new Map<string, number>();
  const contents = new Map(snapshots.map((snapshot) => [snapshot, contentsOf(snapshot)]));
  for (const sizes of contents.values()) {
    for (const content of sizes.keys()) users.set(content, (users.get(content) ?? 0) + 1);
  }
  return new Map(
    snapshots.map((snapshot) => {
      const own = [...(contents.get(snapshot) ?? [])].filter(([content]) => users.get(content) === 1);
      return [snapshot, own.reduce((sum, [, size]) => sum + size, 0)];
    }),
  );
}

/** Groups by content. A file that is not a link to a blob is a separate content. */
function contentsOf({ repo, commit, files }: ScannedSnapshot): ReadonlyMap<string, number> {
  return new Map(
    files.map(({ path, size, hash }) => [
      hash === null ? `${repo} ${commit} ${path}` : `${repo} ${hash}`,
      size,
    ]),
  );
}
