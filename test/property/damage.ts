import { existsSync } from 'node:fs';
import { open, rm, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import type { ByteRange } from '../../src/shared/model/byte-range.ts';
import { REPO_FOLDER } from './cache-folder.ts';
import type { RightFile } from './content.ts';
import type { Damage } from './scenario.ts';

/** Where things lie that can be damaged. */
export interface Disk {
  readonly cacheDir: string;
  readonly dataDir: string;
  readonly files: readonly RightFile[];
}

/** What was damaged: bytes of a content, or the ledger. Null when there was nothing to damage. */
export type Damaged =
  | { readonly what: 'bytes'; readonly hash: string; readonly range: ByteRange; readonly silent: boolean }
  /** Without the ledger nobody knows where in a partial the streams had stopped: these contents may be compared. */
  | { readonly what: 'ledger'; readonly partials: readonly string[] }
  | null;

/** Damages the disk as told. The engine must be closed or the download paused; the ledger only when it is closed. */
export async function inflict(damage: Damage, disk: Disk): Promise<Damaged> {
  if (damage.kind === 'delete the ledger') {
    for (const suffix of ['', '-wal', '-shm'])
      await rm(join(disk.dataDir, `ledger.db${suffix}`), { force: true });
    const partials = disk.files.filter(({ hash }) => existsSync(partialOf(disk, hash)));
    return { what: 'ledger', partials: partials.map(({ hash }) => hash) };
  }
  const file = disk.files[damage.file % disk.files.length];
  if (!file) return null;
  const { hash, bytes } = file;
  const partial = partialOf(disk, hash);
  const there = await stat(partial).catch(() => null);
  if (!there || there.size === 0) return null;
  if (damage.kind === 'delete') {
    await rm(partial);
    return { what: 'bytes', hash, range: { start: 0, end: bytes.length }, silent: false };
  }
  const at = Math.min(there.size - 1, Math.floor(damage.at * there.size));
  if (damage.kind === 'truncate') {
    await truncate(partial, at);
    return { what: 'bytes', hash, range: { start: at, end: bytes.length }, silent: false };
  }
  await flipBit(partial, at);
  return { what: 'bytes', hash, range: { start: at, end: at + 1 }, silent: true };
}

function partialOf({ cacheDir }: Disk, hash: string): string {
  return join(cacheDir, REPO_FOLDER, 'blobs', `${hash}.haulyard.incomplete`);
}

async function flipBit(path: string, at: number): Promise<void> {
  const file = await open(path, 'r+');
  try {
    const byte = Buffer.alloc(1);
    await file.read(byte, 0, 1, at);
    byte[0]! ^= 1 << (at % 8);
    await file.write(byte, 0, 1, at);
  } finally {
    await file.close();
  }
}
