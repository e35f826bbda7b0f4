import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { onDisk } from '../../../errors/cache-error.ts';
import type { BuildPlan } from '../plan/plan-build.ts';

/** The output files, open for syncing. */
export interface Targets {
  /** Path on disk of each planned file. */
  readonly paths: readonly string[];
  /** Writes what stands in front of the data of each. */
  writeHeads(): Promise<void>;
  /** Resolves when everything written to them is on disk. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Creates the files of a plan with their final length and their headers. Existing content stays. The system rejects a
 * link in place of a file.
 */
export async function openTargets(folder: string, plan: BuildPlan): Promise<Targets> {
  const handles: FileHandle[] = [];
  const paths = plan.files.map(({ target }) => join(folder, target));
  const close = async () => void (await Promise.all(handles.map((handle) => handle.close())));
  const writeHeads = async () => {
    for (const [index, { plan: file }] of plan.files.entries()) {
      const { head } = file.layout;
      await onDisk('writing', paths[index] ?? '', async () => {
        await handles[index]?.write(head, 0, head.length, 0);
      });
    }
  };
  try {
    for (const [index, { plan: file }] of plan.files.entries()) {
      const path = paths[index] ?? '';
      await onDisk('writing', path, async () => {
        const flags = constants.O_RDWR | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0);
        const handle = await open(path, flags, 0o666);
        handles.push(handle);
        await handle.truncate(file.layout.fileBytes);
      });
    }
    await writeHeads();
  } catch (error) {
    await close();
    throw error;
  }
  const sync = () => Promise.all(handles.map((handle) => handle.datasync())).then(() => undefined);
  return { paths, writeHeads, sync: () => onDisk('saving', folder, sync), close };
}
