import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { openLedger } from '../../src/engine/ledger/ledger.ts';
import * as fault from '../hub/faults/constructors.ts';
import { openCliWorld } from './cli-world.ts';
import { openWorld } from './harness.ts';
import { oneFile } from './repositories.ts';

const COMMIT = '18e4df760a34d5977a34517d7d1580e07acbb2f1';
const MIB = 2 ** 20;
/** Files of one page of a tree. */
const PAGE = 1000;

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** A Hub of which nothing is known but a list of files, packed, and perhaps its pages as a tree. */
async function hubWithList(list: Buffer, tree: readonly unknown[] = []): Promise<string> {
  const packed = gzipSync(list);
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://hub');
    response.setHeader('content-type', 'application/json');
    if (!url.pathname.includes('/tree/')) {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(packed);
      return;
    }
    const from = Number(url.searchParams.get('cursor') ?? 0);
    if (from + PAGE < tree.length) response.setHeader('link', `<?cursor=${from + PAGE}>; rel="next"`);
    response.end(JSON.stringify(tree.slice(from, from + PAGE)));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const bombOf = (entry: string) =>
  Buffer.from(
    `{"sha":"${COMMIT}","siblings":[${`${entry},`.repeat((63 * MIB) / (entry.length + 1))}${entry}]}`,
  );

/** Writes down the most memory that the process ever had, in KiB; each of its threads does when it ends. */
const PEAK = `data:text/javascript,process.on('exit',()=>process._rawDebug('peak '+process.resourceUsage().maxRSS))`;
const peakMiB = (stderr: string) =>
  Math.max(...[...stderr.matchAll(/^peak (\d+)$/gm)].map(([, kib]) => Number(kib) / 1024));

describe('a list of files', () => {
  it.each(['{}', '[]', '0'])(
    'that unpacks to 63 MB of %s ends a dry run with a clear error and little memory',
    async (entry) => {
      await using world = await openCliWorld([]);
      const endpoint = await hubWithList(bombOf(entry));
      const run = await world.run(['download', 'org/bomb', '--dry-run'], {
        env: { HF_ENDPOINT: endpoint },
        nodeOptions: ['--import', PEAK],
      });
      expect(run.stderr).toContain('didn’t answer like Hugging Face');
      expect(run.code).toBe(2);
      expect(peakMiB(run.stderr)).toBeLessThan(400);
    },
    60_000,
  );

  it('of 100,000 honest files costs a dry run less than 400 MB', async () => {
    const siblings = Array.from({ length: 100_000 }, (_, index) => {
      const name = `data/shard-${String(index).padStart(6, '0')}-of-100000.safetensors`;
      const hash = index.toString(16).padStart(40, '0');
      return {
        rfilename: name,
        size: 1000 + index,
        blobId: hash,
        lfs: { sha256: hash.padEnd(64, 'a'), size: 1000 + index, pointerSize: 134 },
      };
    });
    const tree = siblings.map(({ rfilename, size, blobId, lfs }) => ({
      type: 'file',
      path: rfilename,
      oid: blobId,
      size,
      lfs: { oid: lfs.sha256, size, pointerSize: lfs.pointerSize },
    }));
    await using world = await openCliWorld([]);
    const list = Buffer.from(JSON.stringify({ sha: COMMIT, siblings }));
    const endpoint = await hubWithList(list, tree);
    const run = await world.run(['download', 'org/many', '--dry-run', '--json'], {
      env: { HF_ENDPOINT: endpoint },
      nodeOptions: ['--import', PEAK],
    });
    expect(run.code).toBe(0);
    expect(peakMiB(run.stderr)).toBeLessThan(400);
  }, 60_000);

  it('during which the engine died fails its download at the next start; the others run', async () => {
    await using world = await openWorld([oneFile(MIB, 'org/good'), oneFile(MIB, 'org/deadly', 'other')]);
    const first = await world.open({ autoStart: true, giveUpAfterMs: 60_000 });
    world.hub.faults.add({ match: { path: /^\/api\/models\// }, times: 1000, ...fault.serverError(503) });
    const good = await first.add({ reference: 'org/good' });
    const deadly = await first.add({ reference: 'org/deadly' });
    await first.close();
    const ledger = await openLedger({
      dataDir: world.dataDir,
      runId: 'crashed',
      program: 'a test',
      now: Date.now,
      log: () => {},
      onLost: () => {},
    });
    ledger.parsing.begin(deadly);
    await ledger.close();
    world.hub.faults.clear();

    const second = await world.open({ autoStart: true });
    await second.ended(good);
    const view = await second.view(deadly);
    expect(view).toMatchObject({ state: 'failed', error: { code: 'ServerError' } });
    expect(view.reason).toContain('org/deadly');
    await second.call('downloads.resume', { id: deadly });
    expect((await second.ended(deadly)).done).not.toBeNull();
  });
});
