/** What holds for the downloads of one caller only, in memory. */
export interface RunOptions {
  /** For the Hub; that of the engine when null or absent. */
  readonly token?: string | null;
  /** A download without progress for so long fails, in milliseconds; the engine's own when absent. */
  readonly giveUpAfterMs?: number | undefined;
  /** True to keep a download that named nothing as failed, to be seen in a list; false for a caller that tells it at once. */
  readonly keepsFailures?: boolean | undefined;
  /** False ends a download in place of waiting for room or for a disk; the engine's own when absent. */
  readonly waitsForDisk?: boolean | undefined;
}
