import { readFile, rename } from 'node:fs/promises';
import type { z } from 'zod';
import type { Log } from '../logs/log.ts';
import { writeAtomically } from './atomic-file.ts';

/** Dependencies of {@link createJsonFile}. */
export interface JsonFileOptions<S extends z.ZodType> {
  readonly path: string;
  /** Must accept `{}`, which stands for a file that is absent or broken. */
  readonly schema: S;
  readonly log: Log;
}

/** A small file of settings. */
export interface JsonFile<T> {
  /** Never fails: an unusable file is renamed to `<name>.broken` and counts as empty. */
  read(): Promise<T>;
  /** Writes one at a time. Fails with the errno of the file system. */
  write(value: T): Promise<void>;
}

/** A file that is read and written on request only. */
export function createJsonFile<S extends z.ZodType>({
  path,
  schema,
  log,
}: JsonFileOptions<S>): JsonFile<z.output<S>> {
  let last: Promise<void> = Promise.resolve();

  async function read(): Promise<z.output<S>> {
    const text = await contentOf(path, log);
    if (text === null) return schema.parse({});
    try {
      return schema.parse(JSON.parse(text));
    } catch {
      log.warn(`${path} cannot be used. It is kept as ${path}.broken, and defaults are used.`);
      await rename(path, `${path}.broken`).catch((error: unknown) => log.warn(String(error)));
      return schema.parse({});
    }
  }

  async function write(value: z.output<S>): Promise<void> {
    const content = `${JSON.stringify(value, null, 2)}\n`;
    const done = last.then(() => writeAtomically(path, content));
    last = done.catch(() => undefined);
    await done;
  }

  return { read, write };
}

async function contentOf(path: string, log: Log): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const isAbsent = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (!isAbsent) log.warn(`${path} cannot be read, defaults are used: ${String(error)}`);
    return null;
  }
}
