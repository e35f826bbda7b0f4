import type { Dispatcher } from 'undici';
import { describe, expect, it } from 'vitest';
import type { FetchRange, Reconstruction } from '../protocol/reconstruction.ts';
import type { XetClient } from '../protocol/xet-client.ts';
import { DecodeBuffers } from './decode-buffers.ts';
import { XetSource } from './xet-source.ts';

const SIZE = 1_000_000;
const TERM = { start: 0, end: SIZE, xorb: 'x', chunkStart: 100, chunkEnd: 120 };
const RANGE: FetchRange = {
  url: 'https://data.example/xorb?Signature=secret',
  chunkStart: 100,
  chunkEnd: 120,
  start: 5_000_000,
  end: 5_900_000,
};

/** Fetches all of a content whose storage returns this range for it; returns the requests, and the outcome. */
async function fetchFrom(range: FetchRange, isSecure: boolean) {
  const plan: Reconstruction = { terms: [TERM], fetches: new Map([['x', [range]]]) };
  const asked: string[] = [];
  const dispatcher = {
    dispatch({ origin }: Dispatcher.DispatchOptions) {
      asked.push(String(origin));
      throw new Error('no network in this test');
    },
  };
  const source = new XetSource({
    openClient: async () => ({ partialReconstruction: async () => plan }) as unknown as XetClient,
    session: { dispatcher: dispatcher as unknown as Dispatcher, userAgent: 'test' },
    finderHost: 'hub.example',
    path: 'model.bin',
    decode: async () => undefined,
    buffers: new DecodeBuffers(),
    isSecure,
    now: () => 0,
  });
  const { signal } = new AbortController();
  const place = await source.find({ start: 0, end: SIZE }, signal);
  const sink = { isFull: () => false, push: () => undefined };
  const control = { signal, stallTimeoutMs: () => 1000, deliveredBytes: () => 0, hasProgressed: () => false };
  const error: unknown = await place.fetch({ start: 0, end: SIZE }, sink, control).catch((cause) => cause);
  return { asked, error };
}

describe('data of a xorb', () => {
  it('is requested where the storage specifies', async () => {
    expect((await fetchFrom(RANGE, true)).asked).toEqual(['https://data.example']);
  });

  it('of a Hub behind TLS is not requested without TLS', async () => {
    const plain = { ...RANGE, url: 'http://data.example/xorb?Signature=secret' };
    const { asked, error } = await fetchFrom(plain, true);
    expect(asked).toEqual([]);
    expect(error).toMatchObject({ code: 'ServerError', retryable: false });
    expect(String(error)).not.toContain('secret');
    expect((await fetchFrom(plain, false)).asked).toEqual(['http://data.example']);
  });

  it('is not requested when far more would arrive than is wanted', async () => {
    expect((await fetchFrom({ ...RANGE, chunkStart: 44 }, true)).asked).toHaveLength(1);
    const { asked, error } = await fetchFrom({ ...RANGE, chunkStart: 43 }, true);
    expect(asked).toEqual([]);
    expect(error).toMatchObject({ message: expect.stringContaining('far more data') });
  });
});
