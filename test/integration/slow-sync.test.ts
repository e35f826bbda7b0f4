import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { PartialFile } from '../../src/engine/contents/partial/partial-file.ts';
import { MIB, openWorld, type World } from './harness.ts';
import { oneFile } from './repositories.ts';

const SIZE = 8 * MIB;

afterEach(() => vi.restoreAllMocks());

/** A disk whose `fdatasync` takes its time: 100 MB/s onto a SATA drive. */
function slowSync(delayMs: number): void {
  const { sync } = PartialFile.prototype;
  vi.spyOn(PartialFile.prototype, 'sync').mockImplementation(async function (this: PartialFile) {
    await new Promise((resolve) => setTimeout(resolve, delayMs));
    return sync.call(this);
  });
}

/** Chunks of each content whose hash is in the ledger. */
function hashedChunks({ dataDir }: World): readonly number[] {
  const database = new Sqlite(join(dataDir, 'ledger.db'), { readonly: true });
  const counts = database
    .prepare<[], number>('SELECT count(sha256) FROM chunks GROUP BY blob_id ORDER BY blob_id')
    .pluck()
    .all();
  database.close();
  return counts;
}

describe('a disk that syncs slowly', () => {
  it('costs no chunk hash of a file that ends while a checkpoint is under way', async () => {
    const repositories = Array.from({ length: 3 }, (_, index) => oneFile(SIZE, `org/slow-${index}`));
    await using world = await openWorld(repositories, { conditions: { totalBytesPerSecond: 6_000_000 } });
    slowSync(700);
    const engine = await world.open();
    for (const { id } of repositories) await engine.download({ reference: id });
    expect(hashedChunks(world)).toEqual(repositories.map(() => 8));
  });
});
