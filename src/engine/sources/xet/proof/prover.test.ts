import { Agent } from 'undici';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Hub, startHub } from '../../../../../test/hub/hub.ts';
import type { FileDeclaration } from '../../../../../test/hub/repositories/declaration.ts';
import { ask } from '../../../../../test/hub/testing/ask.ts';
import { weightsLike } from '../../../../../test/hub/xet/content-kinds.ts';
import type { XetDeclaration } from '../../../../../test/hub/xet/declaration.ts';
import { XET_DEFAULTS } from '../../../../../test/hub/xet/settings.ts';
import { xorshiftBytes } from '../../../../../test/hub/xet/xorshift.ts';
import { type ByteRanges, totalLength } from '../../../../shared/model/byte-range.ts';
import { DATA_KEY } from '../format/keys.ts';
import { HASH_BYTES } from '../kernel/kernel.ts';
import { wasmKernel } from '../kernel/wasm-kernel.ts';
import { tokenCache } from '../protocol/token-cache.ts';
import { type XetClient, xetClient } from '../protocol/xet-client.ts';
import type { LocalBytes } from './local-bytes.ts';
import { PieceProver } from './prover.ts';

const MIB = 1024 * 1024;
const SIZE = 12 * MIB + 12_345;
const XORB = { xorbBytes: 3 * MIB } as const;
const content = xorshiftBytes(SIZE, 99);
const KINDS: Record<string, XetDeclaration> = {
  modern: XORB,
  legacy: { ...XORB, rule: 'legacy' },
  'shared-tail': { ...XORB, layout: 'shared-tail' },
  'mid-xorb': { ...XORB, layout: 'mid-xorb' },
  single: {},
  'single-legacy': { rule: 'legacy' },
};
const files = Object.entries(KINDS).map(
  ([path, xet]): FileDeclaration => ({ path, kind: 'bytes', content, lfs: true, xet }),
);
const twice = Buffer.concat([
  content.subarray(0, 2 * MIB),
  weightsLike(MIB, 3),
  content.subarray(0, 2 * MIB),
]);
files.push({ path: 'repeats', kind: 'bytes', content: twice, lfs: true, xet: { ...XORB, repeatsFrom: 4 } });

const signal = new AbortController().signal;
const dispatcher = new Agent();
let hub: Hub;
beforeAll(async () => {
  hub = await startHub({ repositories: [{ id: 'org/x', files }] });
});
afterEach(() => {
  expect(hub.violations).toEqual([]);
  Object.assign(hub.xet, XET_DEFAULTS);
  hub.faults.clear();
});
afterAll(async () => {
  await dispatcher.close();
  await hub.close();
});

async function clientFor(path: string): Promise<XetClient> {
  const { headers } = await ask(`${hub.url}/org/x/resolve/main/${path}`, { method: 'HEAD' });
  const askToken = async () => {
    const { body } = await ask(`${hub.url}/api/models/org/x/xet-read-token/main`);
    const { accessToken, exp, casUrl } = JSON.parse(body.toString());
    return { accessToken, expiresAtMs: exp * 1000, casUrl };
  };
  const ref = { hash: String(headers['x-xet-hash']), size: Number(headers['x-linked-size']) };
  const tokens = tokenCache(Date.now);
  return xetClient(ref, { dispatcher, userAgent: 'test', tokens, tokenKey: () => 'x', askToken });
}

/** Local bytes in memory. */
function bytesHere(bytes: Buffer, present: ByteRanges = [{ start: 0, end: bytes.length }]): LocalBytes {
  const kernel = wasmKernel(16 * MIB);
  return {
    present,
    async cut({ start, end }, { rule, borders }) {
      kernel.input.set(bytes.subarray(start, end));
      const lengths: number[] = [];
      const hashes: Uint8Array[] = [];
      for (let at = start; at < end; at += lengths.at(-1)!) {
        const stop = Math.min(end, ...borders.filter((border) => border > at));
        const length = rule === null ? stop - at : kernel.cut(at - start, stop - start, rule);
        lengths.push(length);
        hashes.push(kernel.hash(at - start, at - start + length, DATA_KEY));
      }
      const joined = new Uint8Array(hashes.length * HASH_BYTES);
      for (const [index, hash] of hashes.entries()) joined.set(hash, index * HASH_BYTES);
      return { lengths: Uint32Array.from(lengths), hashes: joined };
    },
  };
}

async function judged(path: string, local: LocalBytes) {
  const prover = (await PieceProver.open(await clientFor(path), signal))!;
  const verdicts = await prover.judge(local, () => undefined, signal);
  const bad = verdicts.flatMap((verdict) => verdict.bad);
  return {
    states: verdicts.map(({ state }) => state),
    methods: [...new Set(verdicts.map(({ method }) => method))],
    rules: [...new Set(verdicts.map(({ rule }) => rule))],
    doubtful: verdicts.filter(({ isDoubtful }) => isDoubtful).length,
    bad,
    badBytes: totalLength(bad),
    provedBytes: totalLength(verdicts.flatMap((verdict) => verdict.proved)),
    verdicts,
  };
}

/** A copy with bytes inverted. */
function damaged(bytes: Buffer, ...offsets: number[]): Buffer {
  const copy = Buffer.from(bytes);
  for (const offset of offsets) copy[offset] = copy[offset]! ^ 0xff;
  return copy;
}
const covers = (ranges: ByteRanges, offset: number) =>
  ranges.some(({ start, end }) => start <= offset && offset < end);
const none = { chunkHashes: false, gapVerification: 'empty' } as const;

describe('right bytes', () => {
  it.each([
    ['modern', 'terms', 'modern'],
    ['legacy', 'terms', 'legacy'],
    ['shared-tail', 'terms', 'modern'],
    ['mid-xorb', 'terms', 'modern'],
    ['repeats', 'terms', 'modern'],
    ['single', 'xorbs', 'modern'],
    ['single-legacy', 'xorbs', 'legacy'],
  ])('of kind %s are all proved by %s', async (path, method, rule) => {
    const local = bytesHere(path === 'repeats' ? twice : content);
    expect(await judged(path, local)).toMatchObject({
      methods: [method],
      rules: [rule],
      bad: [],
      provedBytes: local.present[0]!.end,
    });
  });

  it('are proved by the xorbs where the storage returns no chunk hashes', async () => {
    Object.assign(hub.xet, none);
    expect(await judged('legacy', bytesHere(content))).toMatchObject({
      methods: ['xorbs'],
      provedBytes: SIZE,
    });
  });

  it('are proved by the hash of the file where terms are parts of xorbs', async () => {
    Object.assign(hub.xet, none);
    expect(await judged('mid-xorb', bytesHere(content))).toMatchObject({
      methods: ['file'],
      provedBytes: SIZE,
    });
  });

  it('are proved chunk by chunk where only the deduplication has data', async () => {
    Object.assign(hub.xet, none, { globalDedup: true });
    const half = bytesHere(content, [{ start: 0, end: 7 * MIB }]);
    const { states, provedBytes, methods } = await judged('mid-xorb', half);
    expect(states.slice(0, 2)).toEqual(['proved', 'proved']);
    expect(methods).toContain('chunks');
    expect(provedBytes).toBeGreaterThan(5 * MIB);
  });

  it.each(['empty', 'short'] as const)(
    'are proved although verification hashes are %s',
    async (gapVerification) => {
      hub.xet.gapVerification = gapVerification;
      expect(await judged('modern', bytesHere(content))).toMatchObject({ bad: [], provedBytes: SIZE });
    },
  );

  it('are proved with v1 alone', async () => {
    hub.xet.v2 = 501;
    expect(await judged('modern', bytesHere(content))).toMatchObject({ provedBytes: SIZE });
  });

  it('are never called bad where nothing can be proved', async () => {
    Object.assign(hub.xet, none);
    const half = bytesHere(content, [{ start: 0, end: 7 * MIB }]);
    const { states, bad } = await judged('mid-xorb', half);
    expect(states).toEqual(['unproved', 'unproved', 'unproved']);
    expect(bad).toEqual([]);
  });
});

describe('a part that ends anywhere', () => {
  it.each(['modern', 'legacy', 'mid-xorb', 'single'])(
    'of kind %s is proved up to its torn chunk',
    async (path) => {
      const end = 9_333_333;
      const { bad, provedBytes } = await judged(path, bytesHere(content, [{ start: 0, end }]));
      expect(bad).toEqual([]);
      expect(provedBytes).toBeGreaterThan(end - 131_072);
    },
  );

  it('is proved between holes', async () => {
    const present = [
      { start: 0, end: 4 * MIB },
      { start: 5 * MIB, end: 8 * MIB },
    ];
    const { bad, provedBytes } = await judged('modern', bytesHere(content, present));
    expect(bad).toEqual([]);
    expect(provedBytes).toBeGreaterThan(6 * MIB);
  });
});

describe('a wrong byte', () => {
  it.each(['modern', 'legacy', 'mid-xorb', 'shared-tail', 'single', 'single-legacy'])(
    'in kind %s is narrowed to a chunk by nodes',
    async (path) => {
      for (const offset of [0, 5 * MIB + 17, SIZE - 1]) {
        const { bad, badBytes, provedBytes } = await judged(path, bytesHere(damaged(content, offset)));
        expect(covers(bad, offset)).toBe(true);
        expect(badBytes).toBeLessThanOrEqual(131_072);
        expect(provedBytes).toBeGreaterThan(SIZE - 262_144);
      }
    },
  );

  it('is narrowed to a chunk by the deduplication', async () => {
    Object.assign(hub.xet, none, { globalDedup: true });
    const offset = 5 * MIB + 17;
    const { bad, badBytes } = await judged('mid-xorb', bytesHere(damaged(content, offset)));
    expect(covers(bad, offset)).toBe(true);
    expect(badBytes).toBeLessThanOrEqual(131_072);
  });

  it('is narrowed by the deduplication where xorb hashes prove the rest', async () => {
    Object.assign(hub.xet, none, { globalDedup: true });
    const offset = 5 * MIB + 17;
    const { bad, badBytes, states } = await judged('modern', bytesHere(damaged(content, offset)));
    expect(states.filter((state) => state === 'proved')).toHaveLength(4);
    expect(covers(bad, offset)).toBe(true);
    expect(badBytes).toBeLessThanOrEqual(131_072);
  });

  it('is only doubtful where only xorb hashes are available', async () => {
    Object.assign(hub.xet, none);
    const { bad, states, doubtful } = await judged('modern', bytesHere(damaged(content, 5 * MIB)));
    expect(bad).toEqual([]);
    expect(states.filter((state) => state === 'unproved')).toHaveLength(1);
    expect(doubtful).toBe(1);
  });

  it('and a zeroed hole are both found, and nothing else', async () => {
    const bytes = damaged(content, 1000);
    bytes.fill(0, 6 * MIB, 7 * MIB);
    const { bad, badBytes } = await judged('modern', bytesHere(bytes));
    expect(covers(bad, 1000)).toBe(true);
    for (let at = 6 * MIB; at < 7 * MIB; at += 4096) expect(covers(bad, at)).toBe(true);
    expect(badBytes).toBeLessThan(1.6 * MIB);
  });
});

describe('bytes of another file', () => {
  it('are not called bad: nothing of them is proved', async () => {
    const { states, bad } = await judged('modern', bytesHere(xorshiftBytes(SIZE, 5)));
    expect(new Set(states)).toEqual(new Set(['unproved']));
    expect(bad).toEqual([]);
  });
});

describe('a storage that cannot be used', () => {
  it.each([
    ['lengths that do not add up', { unpackedLengthOff: 1 }],
    ['tokens that are over when they come', { tokenLifetimeSeconds: -5 }],
  ])('is an error with a name: %s', async (_, settings) => {
    Object.assign(hub.xet, settings);
    await expect(judged('modern', bytesHere(content))).rejects.toMatchObject({ name: 'AppError' });
  });

  it('proves nothing with terms out of order', async () => {
    hub.xet.shuffledTerms = true;
    const result = await judged('modern', bytesHere(content));
    expect(result.bad).toEqual([]);
  });

  it.each<[string, string]>([
    ['no JSON', 'nothing'],
    ['JSON of another shape', '{"terms": 5}'],
    [
      'a chunk range over the limit',
      '{"offset_into_first_range":0,"terms":[{"hash":"x","unpacked_length":1,"range":{"start":0,"end":9000}}],"xorbs":{}}',
    ],
  ])('is an error with a name: %s', async (_, body) => {
    const client = await clientFor('modern');
    hub.faults.add({ match: { path: /reconstructions/ }, answer: { status: 200, body }, times: 9 });
    await expect(client.reconstruction(signal)).rejects.toMatchObject({
      code: 'ServerError',
      retryable: false,
    });
  });

  it('is retried after 429, as requested, and after a server error', async () => {
    const client = await clientFor('modern');
    hub.faults.add({
      match: { path: /reconstructions/ },
      answer: { status: 429, headers: { 'retry-after': '0' } },
    });
    expect((await client.reconstruction(signal))?.terms).toHaveLength(5);
  });

  it('is retried once with a new token after 401', async () => {
    const client = await clientFor('modern');
    hub.faults.add({ match: { path: /reconstructions/ }, answer: { status: 401 } });
    expect((await client.reconstruction(signal))?.terms).toHaveLength(5);
  });

  it('never gives away its token in an error', async () => {
    const client = await clientFor('modern');
    hub.faults.add({
      match: { path: /reconstructions/ },
      answer: { status: 403, body: 'Bearer xet_abcdef' },
    });
    await expect(client.reconstruction(signal)).rejects.not.toThrow(/xet_abcdef/);
  });
});
