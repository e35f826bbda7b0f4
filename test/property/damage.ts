import { existsSync } from 'node:fs';
import { open, readFile, rm, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type ByteRange,
  type ByteRanges,
  missingRanges,
  totalLength,
} from '../../src/shared/model/byte-range.ts';
import { REPO_FOLDER } from './cache-folder.ts';
import type { RightFile } from './content.ts';
import { unfinishedRanges } from './ledger-view.ts';
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
  /** Without the ledger the partials alone must show what was written. */
  | { readonly what: 'ledger'; readonly partials: readonly SilentPartial[] }
  | null;

/** A partial that the ledger knows nothing of any more. */
export interface SilentPartial {
  readonly hash: string;
  /** Bytes that cannot be distinguished from a hole: they may be fetched again. */
  readonly unknown: ByteRanges;
  /** A hole that cannot be distinguished from content: then all of it may be compared. */
  readonly mayCompare: boolean;
}

/** The unit in which file systems keep holes, and in which a program without the ledger can look for content. */
const PAGE_BYTES = 4096;

/** What a partial shows by itself: pages that are not empty, without the zeros at the ends of a row. */
async function readSilent({ hash, bytes }: RightFile, disk: Disk): Promise<SilentPartial> {
  const there = await readFile(partialOf(disk, hash));
  const known: ByteRange[] = [];
  for (let start = 0; start < there.length; start += PAGE_BYTES) {
    const end = Math.min(there.length, start + PAGE_BYTES);
    if (isEmpty(there, start, end)) continue;
    const last = known.at(-1);
    if (last?.end === start) known[known.length - 1] = { start: last.start, end };
    else known.push({ start, end });
  }
  const trimmed = known.map((range) => trimZeros(there, range));
  const whole = { start: 0, end: bytes.length };
  return {
    hash,
    unknown: trimmed.reduce<ByteRanges>(
      (unknown, range) => unknown.flatMap((each) => missingRanges([range], each)),
      [whole],
    ),
    mayCompare: trimmed.some(({ start, end }) => there.compare(bytes, start, end, start, end) !== 0),
  };
}

function trimZeros(there: Buffer, { start, end }: ByteRange): ByteRange {
  let [from, to] = [start, end];
  while (there[from] === 0) from += 1;
  while (there[to - 1] === 0) to -= 1;
  return { start: from, end: to };
}

function isEmpty(there: Buffer, start: number, end: number): boolean {
  return there.subarray(start, end).every((byte) => byte === 0);
}

/**
 * Damages the disk as requested. The engine must be closed or the download paused; the ledger only when it is closed.
 */
export async function inflict(damage: Damage, disk: Disk): Promise<Damaged> {
  if (damage.kind === 'delete the ledger') {
    for (const suffix of ['', '-wal', '-shm'])
      await rm(join(disk.dataDir, `ledger.db${suffix}`), { force: true });
    const partials = disk.files.filter(({ hash }) => existsSync(partialOf(disk, hash)));
    return { what: 'ledger', partials: await Promise.all(partials.map((file) => readSilent(file, disk))) };
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
  if (damage.kind === 'flip unfinished') {
    const unfinished = unfinishedRanges(disk.dataDir, hash);
    const offset = offsetAt(unfinished, Math.floor(damage.at * totalLength(unfinished)));
    if (offset === null || offset >= there.size) return null;
    await flipBit(partial, offset);
    return { what: 'bytes', hash, range: { start: offset, end: offset + 1 }, silent: true };
  }
  const at = Math.min(there.size - 1, Math.floor(damage.at * there.size));
  if (damage.kind === 'truncate') {
    await truncate(partial, at);
    return { what: 'bytes', hash, range: { start: at, end: bytes.length }, silent: false };
  }
  await flipBit(partial, at);
  return { what: 'bytes', hash, range: { start: at, end: at + 1 }, silent: true };
}

/** The offset in a file of the n-th byte of some ranges; null when they have fewer. */
function offsetAt(ranges: ByteRanges, nth: number): number | null {
  let left = nth;
  for (const { start, end } of ranges) {
    if (left < end - start) return start + left;
    left -= end - start;
  }
  return null;
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
