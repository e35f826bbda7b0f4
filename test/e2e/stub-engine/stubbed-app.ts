import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { sampleDownload } from '../../../src/main/tray/sample-downloads.ts';
import {
  type CommandResult,
  DEFAULT_SETTINGS,
  type EngineCommandName,
} from '../../../src/shared/contract/commands.ts';
import type { DownloadView } from '../../../src/shared/model/download.ts';

const BUILT = fileURLToPath(new URL('../../../', import.meta.url));
const STUB = fileURLToPath(new URL('entry.cjs', import.meta.url));

/** The state the stub reports. */
const DOWNLOAD: DownloadView = sampleDownload({ repo: 'org/stub', model: null, variant: null });

/** What it answers to what every page asks; the types keep it true to the contract. */
const ANSWERS: Partial<{ readonly [Name in EngineCommandName]: CommandResult<Name> }> = {
  snapshot: { runId: '', seq: 0, downloads: [], builds: [], settings: DEFAULT_SETTINGS },
  'settings.get': DEFAULT_SETTINGS,
  'catalog.get': { version: 1, models: [] },
  'catalog.presence': [],
  'hardware.get': {
    chip: 'Stub',
    memoryBytes: 16e9,
    budgetBytes: 12e9,
    bandwidthGBps: null,
    assumed: false,
    translated: false,
    models: [],
  },
  'library.list': { models: [], partials: [], made: [], warnings: [] },
};

/**
 * Creates a folder with the built app in it and the stub in place of the engine. Without `"type": "module"`, so that
 * the stub also loads where utility processes support CommonJS alone (before Electron 28).
 */
export async function makeStubbedApp(folder: string): Promise<void> {
  await mkdir(join(folder, 'out', 'engine'), { recursive: true });
  for (const part of ['out/main', 'out/preload', 'out/renderer', 'resources']) {
    await cp(join(BUILT, part), join(folder, part), { recursive: true });
  }
  await cp(STUB, join(folder, 'out', 'engine', 'entry.js'));
  await writeFile(
    join(folder, 'out', 'engine', 'answers.json'),
    JSON.stringify({ ...ANSWERS, download: DOWNLOAD }),
  );
  const manifest = {
    name: 'haulyard',
    productName: 'Haulyard',
    version: '0.0.1',
    main: 'out/main/index.cjs',
  };
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
}
