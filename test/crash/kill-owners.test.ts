import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { seededRandom } from '../hub/conditions/random.ts';
import { digestOf } from '../hub/content/digests.ts';
import { startHub } from '../hub/hub.ts';
import { killOwners } from './kill-owners.ts';

const FILE = 'model.safetensors';
const source = { kind: 'seeded', size: 24_000_000, seed: 'owners', format: 'safetensors' } as const;

it('programs that wait for one download and are killed at random end in the right file, with one owner at any time', async () => {
  const root = await mkdtemp(join(tmpdir(), 'haulyard-owners-'));
  const hub = await startHub({
    repositories: [{ id: 'org/owners', files: [{ path: FILE, lfs: true, ...source }] }],
    conditions: { totalBytesPerSecond: 1_000_000 },
  });
  try {
    const report = await killOwners({
      hub,
      place: { dataDir: join(root, 'data'), cacheDir: join(root, 'hub'), endpoint: hub.url },
      repo: 'org/owners',
      file: FILE,
      kills: 6,
      programs: 3,
      longestPauseMs: 1200,
      random: seededRandom(5),
    });
    expect(report.kills).toBe(6);
    expect(report.twoOwners).toEqual([]);
    expect(report.ends.map(({ code, stderr }) => [code, stderr])).toEqual([
      [0, ''],
      [0, ''],
      [0, ''],
    ]);
    expect(report.sha256).toBe(await digestOf({ source, algorithm: 'sha256' }));
  } finally {
    await hub.close();
    await rm(root, { recursive: true, force: true });
  }
}, 120_000);
