import { randomBytes } from 'node:crypto';
import { appendFile, mkdtemp, readFile, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CopiesFile } from './copies-file.ts';

const OLD = 1;
const block = { start: 5_000_000_000, end: 5_000_001_000 };
const other = { start: 0, end: 1000 };
const first = randomBytes(1000);
const second = randomBytes(1000);

let folder: string;
let path: string;
let open: CopiesFile[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'haulyard-copies-'));
  path = join(folder, 'copies');
  open = [];
});
afterEach(async () => {
  for (const each of open) await each.close();
  await rm(folder, { recursive: true });
});

async function opened(): Promise<CopiesFile> {
  const copies = await CopiesFile.open(path);
  open.push(copies);
  return copies;
}

const add = (copies: CopiesFile, bytes: Buffer, at = block) =>
  copies.add({ ...at, oldCrc: OLD, newCrc: crc32(bytes) }, bytes);
const addEqual = (copies: CopiesFile, at = other) => copies.add({ ...at, oldCrc: OLD, newCrc: OLD }, first);

/** Returns the contents of a file for both blocks. */
async function told(copies: CopiesFile) {
  const kept = copies.copies(block, OLD);
  return {
    seen: [copies.seen(block, OLD), copies.seen(other, OLD)],
    bytes: await Promise.all(kept.map((copy) => copies.bytesOf(copy))),
    storedBytes: copies.storedBytes,
  };
}

describe('CopiesFile', () => {
  it('returns the same after it was reopened', async () => {
    const copies = await opened();
    await add(copies, first);
    await addEqual(copies);
    await add(copies, second);
    await add(copies, first);
    const expected = {
      seen: [[crc32(first), crc32(second), crc32(first)], [OLD]],
      bytes: [first, second],
      storedBytes: 2000,
    };
    expect(await told(copies)).toEqual(expected);
    expect(await told(await opened())).toEqual(expected);
  });

  it('keeps no bytes of copies that are equal', async () => {
    await addEqual(await opened());
    expect((await stat(path)).size).toBeLessThan(50);
  });

  it('returns nothing for a block whose copy in the partial has changed', async () => {
    const copies = await opened();
    await add(copies, first);
    expect([copies.seen(block, OLD + 1), copies.copies(block, OLD + 1)]).toEqual([[], []]);
    expect(copies.seen({ ...block, end: block.end - 1 }, OLD)).toEqual([]);
  });

  it.each([1, 27, 28, 500, 1027])('continues after a note of which a kill left %d bytes', async (left) => {
    const copies = await opened();
    await addEqual(copies);
    const { size } = await stat(path);
    await add(copies, first);
    await copies.close();
    await truncate(path, size + left);
    const again = await opened();
    expect(again.seen(block, OLD)).toEqual([]);
    await add(again, second);
    expect(await told(await opened())).toMatchObject({
      seen: [[crc32(second)], [OLD]],
      bytes: [second],
    });
  });

  it('reads nothing of a file that it did not write, and writes over it', async () => {
    await writeFile(path, randomBytes(5000));
    const copies = await opened();
    expect((await told(copies)).storedBytes).toBe(0);
    await add(copies, first);
    expect((await told(await opened())).bytes).toEqual([first]);
  });

  it('does not give back bytes that changed on the disk', async () => {
    const copies = await opened();
    await add(copies, first);
    const bytes = await readFile(path);
    bytes[100]! ^= 1;
    await writeFile(path, bytes);
    expect((await told(copies)).bytes).toEqual([null]);
    expect((await opened()).seen(block, OLD)).toEqual([]);
  });

  it('can drop the copies, and still returns what was equal', async () => {
    const copies = await opened();
    await add(copies, first);
    await addEqual(copies);
    copies.dropCopies();
    const expected = { seen: [[], [OLD]], bytes: [], storedBytes: 0 };
    expect(await told(copies)).toEqual(expected);
    await add(copies, second, { start: 2000, end: 3000 });
    expect((await opened()).copies({ start: 2000, end: 3000 }, OLD)).toHaveLength(1);
  });

  it('never follows a link', async () => {
    await appendFile(join(folder, 'victim'), 'mine');
    await symlink('victim', path);
    await expect(CopiesFile.open(path)).rejects.toMatchObject({ code: 'DiskPermission' });
  });
});
