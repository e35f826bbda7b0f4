import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { commandTable } from '../src/cli/completion/command-table.ts';
import { manualPage } from '../src/cli/completion/manual.ts';

/** Writes `docs/man/haulyard.1` from the commands themselves. */
export const MANUAL_FILE = fileURLToPath(new URL('../docs/man/haulyard.1', import.meta.url));

if (import.meta.main) {
  await mkdir(dirname(MANUAL_FILE), { recursive: true });
  await writeFile(MANUAL_FILE, manualPage(commandTable()));
}
