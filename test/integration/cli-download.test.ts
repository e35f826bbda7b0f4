import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { GATED } from '../hub/fixtures/odd.ts';
import { catalogOf, type JsonLine, openCliWorld } from './cli-world.ts';
import { bytesOf, contentRequests, expectRightFiles, onlyFile, servedBytes } from './on-disk.ts';
import { oneFile, SMALL_PARAKEET, WEIGHTS } from './repositories.ts';

const REPOSITORY = oneFile(3_000_000);
const ID = REPOSITORY.id;
const ofEvent = (lines: readonly JsonLine[], name: string) => lines.filter(({ event }) => event === name);

describe('haulyard download', () => {
  it('ends with the folder, and the files are right', async () => {
    await using world = await openCliWorld([SMALL_PARAKEET]);
    const { code, stdout, stderr } = await world.run(['download', SMALL_PARAKEET.id]);
    expect([code, stderr]).toEqual([0, '']);
    const [ready, folder = '', cost] = stdout.trimEnd().split('\n').slice(-3);
    expect(ready).toBe(`Ready: ${SMALL_PARAKEET.id}, 5.7 MB, verified`);
    expect(cost).toMatch(/^\d+ s · 5\.7 MB downloaded$/);
    await expectRightFiles(folder, SMALL_PARAKEET.files!);
  });

  it('takes a catalog id and the requested variant', async () => {
    const catalog = catalogOf([
      { id: 'bf16', repo: 'org/big' },
      { id: 'q4', repo: ID },
    ]);
    await using world = await openCliWorld([REPOSITORY], {}, catalog);
    const { code, stdout } = await world.run(['download', 'tiny', '--variant', 'q4']);
    expect(code).toBe(0);
    expect(stdout).toContain('Ready: Tiny Q4, 3.0 MB, verified');
  });

  it('takes an address that was copied from a browser', async () => {
    await using world = await openCliWorld([REPOSITORY]);
    expect(await world.run(['download', `${world.hub.url}/${ID}/tree/main`])).toMatchObject({ code: 0 });
  });

  it('downloads only what the filters leave', async () => {
    await using world = await openCliWorld([SMALL_PARAKEET]);
    const filters = ['--include', '*.json', '--include', '*.txt', '--exclude', 'vocab.*'];
    const { code, json } = await world.run(['download', SMALL_PARAKEET.id, ...filters, '--json']);
    expect(code).toBe(0);
    expect(ofEvent(json(), 'done')).toMatchObject([{ files: [{ path: 'config.json' }] }]);
  });

  it('prints only the folder with --quiet', async () => {
    await using world = await openCliWorld([REPOSITORY]);
    const { stdout, stderr } = await world.run(['download', ID, '--quiet']);
    expect(stderr).toBe('');
    await expectRightFiles(stdout.replace(/\n$/, ''), REPOSITORY.files!);
  });

  it('keeps log lines and details of a failure apart from the JSON lines', async () => {
    await using world = await openCliWorld([GATED]);
    const { json, stderr } = await world.run([
      'download',
      GATED.id,
      '--revision',
      'no',
      '--verbose',
      '--json',
    ]);
    expect(json().at(-1)).toMatchObject({ event: 'failed', code: 'NotFound' });
    expect(stderr).not.toContain('{');
  });

  it('adopts a partial file of another tool', async () => {
    await using world = await openCliWorld([REPOSITORY]);
    const partial = join(world.root, 'left by wget');
    await writeFile(partial, (await bytesOf(onlyFile(REPOSITORY))).subarray(0, 2_000_000));
    const flags = ['--from', `${WEIGHTS}=${partial}`, '--chunk-size', '1MiB'];
    const { code, json } = await world.run(['download', ID, ...flags, '--json']);
    expect(code).toBe(0);
    expect(ofEvent(json(), 'rescued')).toMatchObject([
      { path: WEIGHTS, bytes: 2_000_000, source: 'partial' },
    ]);
    expect(servedBytes(world.hub)).toBeLessThan(1_100_000);
  });

  it('reads the token from standard input', async () => {
    await using world = await openCliWorld([GATED]);
    const result = await world.run(['download', GATED.id, '--token-stdin'], { stdin: 'hf_local_granted\n' });
    expect(result.code).toBe(0);
    expect(result.stdout + result.stderr).not.toContain('hf_local_granted');
  });

  it('keeps to the speed limit of this run, and does not remember it', async () => {
    await using world = await openCliWorld([REPOSITORY]);
    const seconds = async (flags: readonly string[]) => {
      const { json } = await world.run(['download', ID, '--json', ...flags]);
      const [{ stats }] = ofEvent(json(), 'done') as unknown as [{ stats: { seconds: number } }];
      return stats.seconds;
    };
    const limited = await seconds(['--limit', '500KB/s']);
    await world.run(['remove', ID]);
    expect(limited).toBeGreaterThan(4);
    expect(await seconds([])).toBeLessThan(limited / 2);
  });

  it('fetches nothing with --dry-run', async () => {
    await using world = await openCliWorld([REPOSITORY]);
    const { code, json } = await world.run(['download', ID, '--dry-run', '--json']);
    expect(code).toBe(0);
    expect(json()).toMatchObject([
      {
        repo: ID,
        files: [{ path: WEIGHTS, size: expect.any(Number), chunks: 1, present: false }],
        presentBytes: 0,
        neededBytes: expect.any(Number),
        freeBytes: expect.any(Number),
      },
    ]);
    expect(contentRequests(world.hub)).toEqual([]);
    expect((await world.run(['status', '--json'])).json()).toEqual([{ downloads: [], builds: [] }]);
  });
});

describe('haulyard download --json', () => {
  it('prints the whole sequence in the published shapes', async () => {
    await using world = await openCliWorld([REPOSITORY]);
    const { json } = await world.run(['download', ID, '--json', '--chunk-size', '1MiB']);
    const lines = json();
    const download = lines[0]?.download;
    for (const line of lines) {
      expect(Object.keys(line).slice(0, 3)).toEqual(['event', 'time', 'download']);
      expect(line.download).toBe(download);
      expect(line).not.toHaveProperty('seq');
      expect(new Date(String(line.time)).toISOString()).toBe(line.time);
    }
    expect(ofEvent(lines, 'listed')).toEqual([]);
    const size = (await bytesOf(onlyFile(REPOSITORY))).length;
    const file = { path: WEIGHTS, size, hash: expect.stringMatching(/^[0-9a-f]{64}$/) };
    expect(ofEvent(lines, 'resolved')).toMatchObject([
      {
        repo: ID,
        commit: expect.stringMatching(/^[0-9a-f]{40}$/),
        files: [{ ...file, algorithm: 'sha256', chunks: 3 }],
        totalBytes: size,
        presentBytes: 0,
      },
    ]);
    for (const progress of ofEvent(lines, 'progress')) {
      expect(progress).toMatchObject({
        state: expect.any(String),
        receivedBytes: expect.any(Number),
        verifiedBytes: expect.any(Number),
        totalBytes: expect.any(Number),
        bytesPerSecond: expect.any(Number),
        chunksDone: expect.any(Number),
        chunksTotal: expect.any(Number),
        streams: expect.any(Number),
      });
      expect(progress).toHaveProperty('etaSeconds');
    }
    expect(lines.at(-1)).toMatchObject({
      event: 'done',
      snapshot: expect.stringContaining(world.cacheDir),
      files: [{ ...file, blob: expect.stringContaining(world.cacheDir) }],
      stats: {
        seconds: expect.any(Number),
        downloadedBytes: size,
        rescuedBytes: 0,
        wastedBytes: 0,
        retries: 0,
        secondsAfterLastByte: expect.any(Number),
      },
    });
  });

  it('ends with the failed event and no error object when the download fails', async () => {
    await using world = await openCliWorld([GATED]);
    const { code, json, stderr } = await world.run(['download', GATED.id, '--json']);
    expect([code, stderr]).toEqual([3, '']);
    expect(json().at(-1)).toMatchObject({ event: 'failed', code: 'Gated', retryable: false });
    expect(json().filter((line) => 'error' in line)).toEqual([]);
  });

  it('prints each retry', async () => {
    await using world = await openCliWorld([REPOSITORY]);
    world.hub.faults.add({
      match: { origin: 'cdn' },
      cutAfterBytes: { bytes: 1_000_000, reset: false },
    });
    const { code, json } = await world.run(['download', ID, '--json', '--workers', '1']);
    expect(code).toBe(0);
    expect(ofEvent(json(), 'retry')).toMatchObject([
      {
        path: WEIGHTS,
        chunk: 0,
        attempt: 1,
        code: expect.any(String),
        message: expect.any(String),
        delayMs: expect.any(Number),
      },
    ]);
  });
});
