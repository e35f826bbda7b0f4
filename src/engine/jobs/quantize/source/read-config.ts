import { readFile, stat } from 'node:fs/promises';
import { AppError } from '../../../../shared/contract/errors.ts';
import { onDisk } from '../../../errors/cache-error.ts';

/** Configurations of models have a few kilobytes; some list every tensor. */
const MAX_BYTES = 16_000_000;

/** Reads a small JSON object from disk. Throws `BadRequest` when it is something else. */
export async function readJsonObject(path: string): Promise<Record<string, unknown>> {
  const refuse = (why: string) => new AppError('BadRequest', `${path} ${why}. Nothing was changed.`);
  const text = await onDisk('reading', path, async () => {
    if ((await stat(path)).size > MAX_BYTES) throw refuse('is too large to be a configuration');
    return readFile(path, 'utf8');
  });
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw refuse('is not JSON');
  }
  if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) {
    return parsed as Record<string, unknown>;
  }
  throw refuse('is not a JSON object');
}
