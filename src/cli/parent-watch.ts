/** The part of `process` that {@link endWithLauncher} needs. */
export interface LaunchedProcess {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly channel?: { unref(): void } | null | undefined;
  on(event: 'disconnect', listener: () => void): unknown;
}

/**
 * When this process was started by the launcher in index.ts, calls `end` as soon as the launcher is gone: a SIGKILL
 * cannot be forwarded, and a download that nobody sees must not continue.
 */
export function endWithLauncher(self: LaunchedProcess, end: () => void): void {
  if (self.env.HAULYARD_LAUNCHER !== '1' || self.channel === undefined || self.channel === null) return;
  self.on('disconnect', end);
  // The listener would otherwise keep this process alive after its work is done.
  self.channel.unref();
}
