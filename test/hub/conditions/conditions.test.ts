import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Hub, startHub } from '../hub.ts';
import { ask, locate } from '../testing/ask.ts';
import { SAMPLE, WEIGHTS_BYTES } from '../testing/sample.ts';

let hub: Hub;
let url: string;
beforeEach(async () => {
  hub = await startHub({ repositories: [SAMPLE], anyClient: true });
  url = await locate(hub.url, 'org/sample', 'model.safetensors');
});
afterEach(() => hub.close());

const seconds = (ms: number) => ms / 1000;
const first = (bytes: number) => ({ headers: { range: `bytes=0-${bytes - 1}` } });

describe('line conditions', () => {
  it('limit each connection', async () => {
    hub.conditions.set({ bytesPerSecond: 1_000_000 });
    const answers = await Promise.all([ask(url, first(1_000_000)), ask(url, first(1_000_000))]);
    for (const { tookMs, body } of answers) {
      expect(body.length).toBe(1_000_000);
      expect(seconds(tookMs)).toBeGreaterThan(0.9);
      expect(seconds(tookMs)).toBeLessThan(1.8);
    }
  });

  it('limit all connections together and share fairly', async () => {
    hub.conditions.set({ totalBytesPerSecond: 2_000_000 });
    const answers = await Promise.all([1, 2, 3, 4].map(() => ask(url, first(500_000))));
    const slowest = Math.max(...answers.map(({ tookMs }) => seconds(tookMs)));
    expect(slowest).toBeGreaterThan(0.9);
    expect(slowest).toBeLessThan(1.8);
    expect(Math.min(...answers.map(({ tookMs }) => seconds(tookMs)))).toBeGreaterThan(0.7);
  });

  it('change while a transfer runs', async () => {
    hub.conditions.set({ bytesPerSecond: 10 });
    const asking = ask(url);
    await hub.waitForRequest((r) => r.origin === 'cdn' && r.status !== null);
    hub.conditions.set({ bytesPerSecond: null });
    const answer = await asking;
    expect(answer.body.length).toBe(WEIGHTS_BYTES);
    expect(answer.tookMs).toBeLessThan(8000);
  });

  it('delay each answer', async () => {
    hub.conditions.set({ latencyMs: 120 });
    expect((await ask(url, { method: 'HEAD' })).tookMs).toBeGreaterThan(115);
  });

  it('drop running transfers again and again', async () => {
    hub.conditions.set({ bytesPerSecond: 100_000, drops: { everySeconds: 0.2, probability: 1 } });
    const answers = [await ask(url), await ask(url)];
    for (const { error, body } of answers) {
      expect(error).not.toBeNull();
      expect(body.length).toBeLessThan(150_000);
    }
    hub.conditions.set({ bytesPerSecond: null, drops: null });
    expect((await ask(url)).error).toBeNull();
  });

  it('let a share of the connections fall silent', async () => {
    hub.conditions.set({ stalls: { proportion: 1, withinBytes: 500_000 } });
    const answer = await ask(url, { silenceMs: 200 });
    expect(answer.error?.message).toBe('silence');
    expect(answer.body.length).toBeLessThan(600_000);
    expect((await ask(`${hub.url}/api/models/org/sample`)).status).toBe(200);
  });

  it('give a share of the connections a slow edge', async () => {
    hub.conditions.set({ slowEdges: { proportion: 0.5, bytesPerSecond: 20_000 } });
    const answers = await Promise.all(Array.from({ length: 12 }, () => ask(url, first(20_000))));
    const slow = answers.filter(({ tookMs }) => tookMs > 900).length;
    expect(slow).toBeGreaterThan(1);
    expect(slow).toBeLessThan(11);
  });

  it('wait for a client that reads slowly instead of filling memory', async () => {
    const { request } = await import('node:http');
    hub.addRepository({
      id: 'org/huge',
      files: [
        {
          path: 'huge.bin',
          kind: 'seeded',
          size: 50e9,
          seed: 'h',
          format: 'binary',
          lfs: true,
          hash: 'c'.repeat(64),
        },
      ],
    });
    const huge = await locate(hub.url, 'org/huge', 'huge.bin');
    const asking = request(huge, { agent: false }, (response) => response.pause());
    asking.on('error', () => {});
    asking.end();
    const record = await hub.waitForRequest((r) => r.origin === 'cdn' && r.bytesSent > 0);
    const settled = async () => {
      for (let before = -1; before !== record.bytesSent; ) {
        before = record.bytesSent;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    };
    await settled();
    expect(record.bytesSent).toBeLessThan(64_000_000);
    asking.destroy();
    await hub.waitForRequest((r) => r === record && r.aborted);
  });
});
