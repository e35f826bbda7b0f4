/**
 * Files and folders that the user handed over by main's own dialogs or by a drop, which the preload tells of. The page can name no
 * other: code in it could otherwise ask whether any file exists, or have any folder written to.
 */
export interface OfferedPaths {
  offer(path: string): void;
  has(path: string): boolean;
  /** True once for each offer. */
  take(path: string): boolean;
}

/** Nobody hands over more files than this and then uses the first. */
const MOST_PATHS = 200;

/** Remembers until the app ends. */
export function createOfferedPaths(): OfferedPaths {
  const paths = new Set<string>();
  return {
    offer: (path) => {
      if (path === '') return;
      paths.delete(path);
      paths.add(path);
      const [oldest] = paths;
      if (paths.size > MOST_PATHS && oldest !== undefined) paths.delete(oldest);
    },
    has: (path) => paths.has(path),
    take: (path) => paths.delete(path),
  };
}
