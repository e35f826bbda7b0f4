import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** A separate volume, visible to one child process only. Needs Linux and permission to create namespaces. */
const inVolume = (megabytes: number, folder: string, command: string) =>
  spawnSync(
    'unshare',
    [
      '--mount',
      '--map-root-user',
      'sh',
      '-c',
      `mount -t tmpfs -o size=${megabytes}m,mode=700 none ${folder} && exec ${command}`,
    ],
    { encoding: 'utf8' },
  );

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'haulyard-full-'));
});
afterAll(() => rm(folder, { recursive: true }));

const canMount = inVolume(1, tmpdir(), 'true').status === 0;

describe.runIf(canMount)('a ledger on a full disk', () => {
  /** Runs steps on a small volume; resolves to their results, in order. */
  const run = async (steps: string): Promise<unknown[]> => {
    const script = join(folder, 'program.mjs');
    const volume = await mkdtemp(join(folder, 'volume-'));
    await writeFile(
      script,
      `
      import { appendFileSync, rmSync } from 'node:fs';
      import { openLedger, openLedgerReader } from ${JSON.stringify(new URL('ledger.ts', import.meta.url).href)};
      const dataDir = ${JSON.stringify(volume)};
      const filler = dataDir + '/filler';
      const fill = () => { try { for (;;) appendFileSync(filler, Buffer.alloc(4096)); } catch (error) { report.push(error.code); } };
      const report = [];
      const attempt = async (work) => { try { await work(); report.push('ok'); } catch (error) { report.push(error.code); } };
      const open = (runId) => openLedger({ dataDir, runId, program: 'test', now: Date.now, log: () => undefined, onLost: () => undefined });
      const chunks = (id, count) => [{ blobId: id, rows: Array.from({ length: count }, (_, index) =>
        ({ index, received: [{ start: index, end: index + 1 }], sha256: 'ab'.repeat(32), suspect: false, checks: [] })) }];
      const blob = { folder: '/f', hash: 'h', algorithm: 'sha256', size: 5000, chunkBytes: 1 };
      ${steps}
      console.log(JSON.stringify(report));`,
    );
    const { stdout, stderr } = inVolume(4, volume, `${process.execPath} ${script}`);
    expect(stderr).toBe('');
    return JSON.parse(stdout) as unknown[];
  };

  it('opens for its owner, and for a reader', async () => {
    const report = await run(`
      await (await open('a')).close();
      fill();
      await attempt(async () => openLedgerReader(dataDir, Date.now).close());
      await attempt(async () => (await open('b')).close());`);
    expect(report).toEqual(['ENOSPC', 'ok', 'ok']);
  });

  it('fails to commit with DiskFull, and commits the same once there is room', async () => {
    const report = await run(`
      const ledger = await open('a');
      const { id } = ledger.blobs.ensure(blob);
      fill();
      await attempt(() => ledger.commit({ chunks: chunks(id, 5000), counters: [] }));
      report.push(ledger.chunks.list(id).length);
      rmSync(filler);
      await attempt(() => ledger.commit({ chunks: chunks(id, 5000), counters: [] }));
      report.push(ledger.chunks.list(id).length);
      await ledger.close();`);
    expect(report).toEqual(['ENOSPC', 'DiskFull', 0, 'ok', 5000]);
  });
});
