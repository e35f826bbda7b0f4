import { isAbsolute } from 'node:path';
import { AppError } from '../../shared/contract/errors.ts';
import {
  type Preferences,
  type preferencesChangeSchema,
  preferencesSchema,
} from '../../shared/contract/preferences.ts';
import { createSource } from '../foundation/followed.ts';
import type { Followed } from '../foundation/shell-deps.ts';
import type { Log } from '../logs/log.ts';
import { createJsonFile } from './json-file.ts';

/** A change sent by the page: absent keys keep their value. */
export type PreferencesChange = ReturnType<typeof preferencesChangeSchema.parse>;

/** What the desktop app stores itself. */
export interface PreferencesStore extends Followed<Preferences> {
  /**
   * Resolves to all preferences once the change is on disk. Fails with BadRequest for a folder that is not absolute and
   * with DiskPermission when it cannot be written; nothing is changed then.
   */
  change(change: PreferencesChange): Promise<Preferences>;
}

/** Reads the file; one that is absent or broken yields the defaults. */
export async function openPreferences(path: string, log: Log): Promise<PreferencesStore> {
  const file = createJsonFile({ path, schema: preferencesSchema, log });
  const source = createSource(await file.read(), (error) => log.error(`Preferences: ${String(error)}`));
  let turn: Promise<unknown> = Promise.resolve();

  async function apply(change: PreferencesChange): Promise<Preferences> {
    if (change.cacheDir && !isAbsolute(change.cacheDir)) {
      throw new AppError('BadRequest', 'The cache folder must be a full path, such as /Volumes/Models.');
    }
    const present = Object.entries(change).filter(([, value]) => value !== undefined);
    const next: Preferences = { ...source.current(), ...Object.fromEntries(present) };
    try {
      await file.write(next);
    } catch (cause) {
      log.error(`Settings were not saved: ${String(cause)}`);
      throw new AppError(
        'DiskPermission',
        'The settings couldn’t be saved, so nothing was changed. Check that the disk has room and that you may write to the data folder.',
        { cause },
      );
    }
    source.set(next);
    return next;
  }

  return {
    current: source.current,
    onChange: source.onChange,
    // One at a time: a change applies to the result of the previous one.
    change: (change) => {
      const done = turn.then(() => apply(change));
      turn = done.catch(() => undefined);
      return done;
    },
  };
}
