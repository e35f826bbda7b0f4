import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { makeWeights } from '../bench/server/make-weights.ts';
import { flipBytes } from '../hub/faults/constructors.ts';
import { PARAKEET } from '../hub/fixtures/parakeet.ts';
import { startHub } from '../hub/hub.ts';
import type { RepositoryDeclaration } from '../hub/repositories/declaration.ts';
import { killAgainAndAgain } from './kill-again-and-again.ts';

/**
 * Kills the download of a Parakeet-sized model again and again and prints what it cost:
 * `node test/crash/main.ts --kills 20 [--megabytes 500] [--bytes-per-second N] [--transport xet]`. Needs `npm run build`.
 */
const FILE = 'model.safetensors';
const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '20' },
    'longest-life-ms': { type: 'string', default: '2500' },
    /** Share of the kills whose time is counted from the first byte. */
    'from-first-byte': { type: 'string', default: '0' },
    'bytes-per-second': { type: 'string' },
    profile: { type: 'string', default: 'auto' },
    /**
     * A byte in the middle of the file arrives wrong the first time, so that kills hit the comparison of copies as
     * well.
     */
    damage: { type: 'boolean', default: false },
    /** Of a synthetic model instead of Parakeet. */
    megabytes: { type: 'string' },
    /** Other than `http`: the made-up model lies in Xet storage. */
    transport: { type: 'string', default: 'http' },
  },
});
const kills = Number(values.kills);
const root = await mkdtemp(join(tmpdir(), 'haulyard-kills-'));
const limit = values['bytes-per-second'];
const isInXet = values.transport !== 'http';
const megabytes = values.megabytes ?? (isInXet ? '500' : null);
const repository = megabytes === null ? PARAKEET : await madeUp(Number(megabytes) * 1e6);
const hub = await startHub({
  repositories: [repository],
  conditions: limit === undefined ? {} : { totalBytesPerSecond: Number(limit) },
});
if (values.damage) {
  const at = (Number(megabytes ?? '2000') * 1e6) / 2;
  hub.faults.add({ match: { origin: 'cdn', file: FILE, covers: at }, ...flipBytes(at) });
}
try {
  // Packing what lies in Xet storage takes a while, which must not be the life of the first runs.
  await fetch(`${hub.url}/${repository.id}/resolve/main/${FILE}`, { method: 'HEAD', redirect: 'manual' });
  const report = await killAgainAndAgain({
    hub,
    place: { dataDir: join(root, 'data'), cacheDir: join(root, 'hub'), endpoint: hub.url },
    repo: repository.id,
    file: FILE,
    kills,
    longestLifeMs: Number(values['longest-life-ms']),
    fromFirstByte: Number(values['from-first-byte']),
    random: Math.random,
    args: ['--profile', values.profile, '--transport', values.transport],
  });
  // What a run lost may be fetched by a later one; on a line of known speed no estimate is needed.
  const costs = report.kills.map(({ lifeMs, againBytes, againSeconds }) => {
    return { lifeMs, againBytes, seconds: limit === undefined ? againSeconds : againBytes / Number(limit) };
  });
  for (const [index, { lifeMs, againBytes, seconds }] of costs.entries()) {
    const again = `${(againBytes / 1e6).toFixed(1)} MB again, ${seconds.toFixed(2)} s of transfer`;
    console.log(`kill ${index + 1}: after ${Math.round(lifeMs)} ms, ${again}`);
  }
  const sorted = costs.map(({ seconds }) => seconds).sort((a, b) => a - b);
  const total = costs.reduce((sum, { againBytes }) => sum + againBytes, 0);
  const perKill = `median ${at(sorted, 0.5)} s, worst ${at(sorted, 1)} s`;
  console.log(
    `${costs.length} kills; fetched twice per kill: ${perKill}; ${(total / 1e6).toFixed(1)} MB in all`,
  );
  console.log(`exit ${report.last.code}; SHA-256 of the file ${report.sha256}`);
} finally {
  await hub.close();
  await rm(root, { recursive: true, force: true });
}

async function madeUp(size: number): Promise<RepositoryDeclaration> {
  if (isInXet) {
    const { file } = await makeWeights(join(root, 'weights'), size, 'kills');
    const packed = { path: FILE, kind: 'disk', file, lfs: true, xet: { scheme: 'grouped-lz4' } } as const;
    return { id: 'local/made-up', files: [packed] };
  }
  const file = { path: FILE, kind: 'seeded', size, seed: 'kills', format: 'safetensors', lfs: true } as const;
  return { id: 'local/made-up', files: [file] };
}

function at(sorted: readonly number[], share: number): string {
  return (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(2);
}
