import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { sampleDownload } from '../../../src/main/tray/sample-downloads.ts';
import type { DownloadView } from '../../../src/shared/model/download.ts';

const BUILT = fileURLToPath(new URL('../../../', import.meta.url));
const STUB = fileURLToPath(new URL('entry.cjs', import.meta.url));

/** What the stub says is going on; its type keeps it true to the contract. */
const DOWNLOAD: DownloadView = sampleDownload({ repo: 'org/stub', model: null, variant: null });

/**
 * Makes a folder with the built app in it and the stub in place of the engine. Without `"type": "module"`, so that the stub also loads
 * where utility processes take CommonJS alone (before Electron 28).
 */
export async function makeStubbedApp(folder: string): Promise<void> {
  await mkdir(join(folder, 'out', 'engine'), { recursive: true });
  for (const part of ['out/main', 'out/preload', 'out/renderer', 'resources']) {
    await cp(join(BUILT, part), join(folder, part), { recursive: true });
  }
  await cp(STUB, join(folder, 'out', 'engine', 'entry.js'));
  await writeFile(join(folder, 'out', 'engine', 'download.json'), JSON.stringify(DOWNLOAD));
  const manifest = {
    name: 'haulyard',
    productName: 'Haulyard',
    version: '0.0.1',
    main: 'out/main/index.cjs',
  };
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
}
