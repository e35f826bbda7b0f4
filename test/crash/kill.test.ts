import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EngineEvent } from '../../src/shared/contract/events.ts';
import { seededRandom } from '../hub/conditions/random.ts';
import { digestOf } from '../hub/content/digests.ts';
import { type Hub, startHub } from '../hub/hub.ts';
import type { FileDeclaration, RepositoryDeclaration } from '../hub/repositories/declaration.ts';
import { type Place, runCommandLine } from './command-line.ts';
import { FetchedTwice } from './fetched-twice.ts';
import { killAgainAndAgain, sha256Of } from './kill-again-and-again.ts';

const MEGABYTE = 1_000_000;
const SIZE = 24 * MEGABYTE;
const RATE = 8 * MEGABYTE;
const FILE = 'model.safetensors';
const WEIGHTS = {
  path: FILE,
  kind: 'seeded',
  size: SIZE,
  seed: 'crash',
  format: 'safetensors',
  lfs: true,
} as const satisfies FileDeclaration;
const REPOSITORY: RepositoryDeclaration = {
  id: 'org/crash',
  files: [{ path: 'config.json', kind: 'bytes', content: '{}\n' }, WEIGHTS],
};
const CHUNKS = ['--chunk-size', '1MiB'];

describe('a download that is killed', () => {
  let root: string;
  let hub: Hub;
  let place: Place;
  let expected: string;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'haulyard-crash-'));
    hub = await startHub({ repositories: [REPOSITORY], conditions: { totalBytesPerSecond: RATE } });
    place = { dataDir: join(root, 'data'), cacheDir: join(root, 'hub'), endpoint: hub.url };
    const { path: _path, lfs: _lfs, ...source } = WEIGHTS;
    expected = await digestOf({ source, algorithm: 'sha256' });
  });

  afterEach(async () => {
    await hub.close();
    await rm(root, { recursive: true, force: true });
  });

  /** Kills the first run when `isMoment` returns true, lets a second one finish, and returns what was sent twice. */
  async function killAt(isMoment: (event: EngineEvent) => boolean) {
    const accounts = new FetchedTwice();
    const args = ['download', REPOSITORY.id, ...CHUNKS];
    const first = await runCommandLine(args, place, (event, running) => {
      if (isMoment(event)) running.signal('SIGKILL');
    }).ended;
    accounts.take(hub.requests, FILE);
    const second = await runCommandLine(args, place).ended;
    const done = second.events.find((event) => event.event === 'done');
    return { first, second, done, again: accounts.take(hub.requests, FILE).againBytes };
  }

  it('at random moments ends in the right file and fetches at most 2 s of transfer again for each kill', async () => {
    const report = await killAgainAndAgain({
      hub,
      place,
      repo: REPOSITORY.id,
      file: FILE,
      kills: 6,
      longestLifeMs: 2000,
      random: seededRandom(7),
      args: CHUNKS,
    });
    expect(report.sha256).toBe(expected);
    for (const kill of report.kills) expect(kill.againBytes).toBeLessThanOrEqual(2 * RATE);
  }, 60_000);

  it('as soon as the files are known resumes with the same commit', async () => {
    const { first, done } = await killAt(({ event }) => event === 'resolved');
    expect(first.signal).toBe('SIGKILL');
    expect(done).toBeDefined();
  });

  it('after a few chunks keeps these chunks', async () => {
    const { first, second, again } = await killAt(
      (event) => event.event === 'progress' && event.chunksDone >= 8,
    );
    expect(first.signal).toBe('SIGKILL');
    const rescued = second.events.flatMap((event) => (event.event === 'rescued' ? [event.bytes] : []));
    expect(rescued[0]).toBeGreaterThanOrEqual(7 * 1024 * 1024);
    expect(again).toBeLessThanOrEqual(2 * RATE);
  });

  it('while verifying fetches next to nothing again', async () => {
    const { second, done, again } = await killAt(
      (event) => event.event === 'verifying' && event.path === FILE,
    );
    expect(second.code).toBe(0);
    expect(again).toBeLessThanOrEqual(2 * RATE);
    expect(await sha256Of(join(done?.event === 'done' ? done.snapshot : '', FILE))).toBe(expected);
  });

  it('while installing ends in the right file all the same', async () => {
    const { second, done } = await killAt(
      (event) => event.event === 'progress' && event.state === 'installing',
    );
    expect(second.code).toBe(0);
    expect(await sha256Of(join(done?.event === 'done' ? done.snapshot : '', FILE))).toBe(expected);
  });

  it('frees the ledger for the next process at once', async () => {
    const { second } = await killAt((event) => event.event === 'progress' && event.receivedBytes > MEGABYTE);
    expect(second.code).toBe(0);
    expect(second.stderr).not.toContain('using this data folder');
  });
});
