import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { seededRandom } from '../hub/conditions/random.ts';
import { digestOf } from '../hub/content/digests.ts';
import { startHub } from '../hub/hub.ts';
import { killOwners } from './kill-owners.ts';

/**
 * Several programs wait for one download, and one after the other is killed: `node test/crash/owners-main.ts --kills 100`. Prints what it
 * cost; exit code 1 when something was not as it must be. Needs `npm run build`.
 */
const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '100' },
    programs: { type: 'string', default: '3' },
    megabytes: { type: 'string', default: '200' },
    seed: { type: 'string', default: String(Date.now() % 100_000) },
  },
});
const source = {
  kind: 'seeded',
  size: Number(values.megabytes) * 1e6,
  seed: 'owners',
  format: 'safetensors',
} as const;
const FILE = 'model.safetensors';
const repository = { id: 'local/owners', files: [{ path: FILE, lfs: true, ...source }] };
const root = await mkdtemp(join(tmpdir(), 'haulyard-owners-'));
const hub = await startHub({ repositories: [repository], conditions: { totalBytesPerSecond: 2_000_000 } });
try {
  console.log(`seed ${values.seed}`);
  const report = await killOwners({
    hub,
    place: { dataDir: join(root, 'data'), cacheDir: join(root, 'hub'), endpoint: hub.url },
    repo: repository.id,
    file: FILE,
    kills: Number(values.kills),
    programs: Number(values.programs),
    longestPauseMs: 1500,
    random: seededRandom(Number(values.seed)),
  });
  const sorted = [...report.withoutOwnerMs].sort((a, b) => a - b);
  const at = (share: number) =>
    Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
  console.log(`${report.kills} kills, ${report.ownerKills} of them of the owner`);
  console.log(`without an owner: median ${at(0.5)} ms, 95 % ${at(0.95)} ms, worst ${at(1)} ms`);
  console.log(`two owners at once: ${report.twoOwners.length === 0 ? 'never' : report.twoOwners.join(', ')}`);
  console.log(`exit codes of those who waited to the end: ${report.ends.map(({ code }) => code).join(' ')}`);
  for (const { code, stderr, events } of report.ends)
    if (code !== 0) console.log(stderr, JSON.stringify(events.slice(-2)).slice(0, 600));
  const isRight = report.sha256 === (await digestOf({ source, algorithm: 'sha256' }));
  console.log(`the file is ${isRight ? 'right' : 'WRONG'}`);
  const isGood =
    isRight && report.twoOwners.length === 0 && at(1) <= 5000 && report.ends.every(({ code }) => code === 0);
  process.exitCode = isGood ? 0 : 1;
} finally {
  await hub.close();
  await rm(root, { recursive: true, force: true });
}
