import { setTimeout as sleep } from 'node:timers/promises';
import type { AppError } from '../../shared/contract/errors.ts';
import { classify } from '../errors/classify.ts';

/** How often a full disk or a missing volume is checked again. */
export const DISK_POLL_MS = 3000;

/**
 * Resolves when `look` no longer throws. Calls it after `firstLookMs`, then every {@link DISK_POLL_MS}, and passes what
 * is still wrong to `onStill`. Rejects with the signal's reason.
 */
export async function waitUntil(
  look: () => Promise<void>,
  firstLookMs: number,
  onStill: (error: AppError) => void,
  signal: AbortSignal,
): Promise<void> {
  for (let delayMs = firstLookMs; ; delayMs = DISK_POLL_MS) {
    await sleep(delayMs, undefined, { signal });
    try {
      return await look();
    } catch (error) {
      const failure = classify(error, { disk: 'the cache' });
      const { code } = failure;
      if (code !== 'DiskFull' && code !== 'DiskMissing' && code !== 'DiskPermission') throw error;
      if (code !== 'DiskPermission') onStill(failure);
    }
  }
}
