import { describe, expect, it } from 'vitest';
import { startHub } from './hub.ts';
import { ask, locate } from './testing/ask.ts';
import { SAMPLE } from './testing/sample.ts';

describe('a Hub', () => {
  it('records each request with its range and outcome', async () => {
    await using hub = await startHub({ repositories: [SAMPLE] });
    const url = await locate(hub.url, 'org/sample', 'model.safetensors');
    await ask(url, { headers: { range: 'bytes=10-19', 'x-mine': 'yes' } });
    const record = await hub.waitForRequest((r) => r.origin === 'cdn' && r.endedAt !== null);
    expect(record).toMatchObject({
      method: 'GET',
      repo: 'org/sample',
      file: 'model.safetensors',
      range: { start: 10, end: 19 },
      status: 206,
      bytesSent: 10,
      aborted: false,
      headers: { 'x-mine': 'yes' },
    });
    expect(record.remotePort).toBeGreaterThan(0);
    expect(hub.requests.map(({ origin }) => origin)).toEqual(['hub', 'cdn']);
  });

  it('lets a test wait until a transfer has made progress', async () => {
    await using hub = await startHub({ repositories: [SAMPLE], conditions: { bytesPerSecond: 500_000 } });
    const asking = ask(await locate(hub.url, 'org/sample', 'model.safetensors'), { silenceMs: 5000 });
    const record = await hub.waitForRequest((r) => r.bytesSent >= 100_000);
    expect(record.bytesSent).toBeLessThan(300_000);
    hub.conditions.set({ bytesPerSecond: null });
    await asking;
  });

  it('gives up waiting for a request that does not come', async () => {
    await using hub = await startHub({ repositories: [] });
    await expect(hub.waitForRequest(() => true, { timeoutMs: 30 })).rejects.toThrow(/within 30 ms/);
  });

  it('answers only what is expected in strict mode', async () => {
    await using hub = await startHub({ repositories: [SAMPLE], strict: true });
    hub.expect({ method: 'GET', path: '/api/models/org/sample' }, 1);
    const url = `${hub.url}/api/models/org/sample`;
    expect([(await ask(url)).status, (await ask(url)).status]).toEqual([200, 500]);
    expect(hub.violations).toMatchObject([{ reason: 'Nobody expected this request.' }]);
  });

  it('refuses declarations that make no sense', async () => {
    const wrong = { ...SAMPLE, branches: { main: 'f'.repeat(40) } };
    await expect(startHub({ repositories: [wrong] })).rejects.toThrow(/has no commit/);
  });

  it('goes on answering while it hashes a large file', async () => {
    await using hub = await startHub({
      repositories: [
        SAMPLE,
        {
          id: 'org/big',
          files: [{ path: 'b', kind: 'seeded', size: 4e8, seed: 'b', format: 'binary', lfs: true }],
        },
      ],
    });
    const order: string[] = [];
    const big = ask(`${hub.url}/api/models/org/big?blobs=true`).then(() => order.push('big'));
    await hub.waitForRequest((r) => r.repo === 'org/big');
    await ask(`${hub.url}/api/models/org/sample`);
    order.push('small');
    await big;
    expect(order).toEqual(['small', 'big']);
  });
});
