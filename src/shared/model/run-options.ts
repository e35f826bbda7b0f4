/** Options for the downloads of one caller only, in memory. */
export interface RunOptions {
  /** For the Hub; the engine's own when null or absent. */
  readonly token?: string | null;
  /** A download without progress for this long fails, in milliseconds; the engine's own when absent. */
  readonly giveUpAfterMs?: number | undefined;
  /** True to keep a download that matched nothing as failed in the list; false for a caller that reports it at once. */
  readonly keepsFailures?: boolean | undefined;
  /** False ends a download instead of waiting for space or for a disk; the engine's own when absent. */
  readonly waitsForDisk?: boolean | undefined;
}
