import { z } from 'zod';
import type { Log } from '../logs/log.ts';
import { createJsonFile } from './json-file.ts';

const coordinate = z.number().int().min(-100_000).max(100_000);
const length = z.number().int().min(1).max(100_000);

const shellStateSchema = z.object({
  /** Where the window was, in desktop points; null at first. */
  bounds: z.object({ x: coordinate, y: coordinate, width: length, height: length }).nullable().default(null),
  isMaximized: z.boolean().default(false),
  /** True when the user has been told that downloads continue after the app is closed. */
  isQuitExplained: z.boolean().default(false),
});

/** State that the shell remembers without a setting. */
export type ShellState = z.infer<typeof shellStateSchema>;

/** The {@link ShellState}, read once and written when it changes. */
export interface ShellMemory {
  current(): ShellState;
  /** Never fails: what could not be written is lost at the next start, which is logged. */
  remember(change: Partial<ShellState>): void;
  /** Resolves when everything was written, or could not be. */
  written(): Promise<void>;
}

/** Reads the file; one that is absent or broken counts as empty. */
export async function openShellMemory(path: string, log: Log): Promise<ShellMemory> {
  const file = createJsonFile({ path, schema: shellStateSchema, log });
  let state = await file.read();
  let last: Promise<void> = Promise.resolve();
  return {
    current: () => state,
    remember: (change) => {
      state = { ...state, ...change };
      last = file.write(state).catch((error: unknown) => {
        log.warn(`${path} was not written: ${String(error)}`);
      });
    },
    written: () => last,
  };
}
