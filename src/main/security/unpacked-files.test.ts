import { appendFile, mkdir, mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createPackageWithOptions } from '@electron/asar';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unpackedHashes } from './asar-header.ts';
import { faultOfUnpacked } from './unpacked-files.ts';

const ENGINE = 'out/engine/entry.js';
const BINARY = 'node_modules/database/module.node';
let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'haulyard-asar-'));
  const files = { [ENGINE]: 'engine', [BINARY]: 'machine code', 'out/main/index.cjs': 'main' };
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, 'app', path)), { recursive: true });
    await writeFile(join(root, 'app', path), content);
  }
  // A real archive, created by the packager's own library.
  await createPackageWithOptions(join(root, 'app'), join(root, 'app.asar'), {
    unpack: '**/{engine/**,*.node}',
  });
});
afterEach(() => rm(root, { recursive: true, force: true }));

const unpacked = (path: string) => join(root, 'app.asar.unpacked', path);

async function fault(platform: NodeJS.Platform = 'linux'): Promise<string | null> {
  const file = await open(join(root, 'app.asar'));
  try {
    return await faultOfUnpacked({
      folder: join(root, 'app.asar.unpacked'),
      hashes: await unpackedHashes(file),
      platform,
    });
  } finally {
    await file.close();
  }
}

describe('files beside the archive', () => {
  it('pass as they were packed', async () => {
    expect(await fault()).toBeNull();
  });

  it('do not pass when one was changed', async () => {
    await appendFile(unpacked(ENGINE), '; more');
    expect(await fault()).toBe(`${ENGINE} was changed`);
  });

  it('do not pass when one is missing', async () => {
    await rm(unpacked(ENGINE));
    expect(await fault()).toBe(`${ENGINE} is missing`);
  });

  it('do not pass when there is one more, which the engine might load instead of its own', async () => {
    await writeFile(unpacked('node_modules/undici.js'), '');
    expect(await fault()).toBe('node_modules/undici.js does not belong there');
  });

  it('may be signed on macOS, which checks the signature of native modules itself', async () => {
    await appendFile(unpacked(BINARY), 'signature');
    expect(await fault('darwin')).toBeNull();
    expect(await fault('linux')).toBe(`${BINARY} was changed`);
  });

  it('are told from an archive only', async () => {
    await writeFile(join(root, 'app.asar'), 'not an archive at all');
    await expect(fault()).rejects.toThrow(/no archive/);
  });
});
