import type { CommandArgs } from '../../../shared/contract/commands.ts';
import { AppError } from '../../../shared/contract/errors.ts';
import type { RemoveReport } from '../../../shared/model/library.ts';
import type { Failure, RemoveSeveralReport } from '../../../shared/model/upkeep.ts';
import { classify } from '../../errors/classify.ts';

/** Removes one model after the other. Throws only `Cancelled`. */
export async function removeSeveral(
  { items }: CommandArgs<'library.removeSeveral'>,
  remove: (item: CommandArgs<'library.remove'>) => Promise<RemoveReport>,
  signal: AbortSignal,
): Promise<RemoveSeveralReport> {
  const removed: RemoveReport[] = [];
  const failed: Failure[] = [];
  for (const item of items) {
    signal.throwIfAborted();
    try {
      removed.push(await remove(item));
    } catch (cause) {
      signal.throwIfAborted();
      const error = cause instanceof AppError ? cause : classify(cause);
      failed.push({ of: item.reference, error: error.toData() });
    }
  }
  return { removed, failed, freedBytes: removed.reduce((sum, { freedBytes }) => sum + freedBytes, 0) };
}
