/**
 * Files and folders that the user chose in main's own dialogs or dropped, as reported by the preload. The page can name
 * no others: code in it could otherwise test whether any file exists, or have any folder written to.
 */
export interface OfferedPaths {
  offer(path: string): void;
  has(path: string): boolean;
  /** Returns true once for each offer. */
  take(path: string): boolean;
}

/** Nobody chooses more files than this and then uses the first. */
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
