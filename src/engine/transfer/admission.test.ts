import { describe, expect, it } from 'vitest';
import { type DialledStream, Dialling } from './admission.ts';
import type { TransferSource } from './transfer-item.ts';

const HUB = 'hub.test';
const CDN = 'cdn.test';

const blob = (host: string | null) => ({ location: { host } }) as TransferSource;
const stream = (over: Partial<DialledStream>): DialledStream => ({
  source: blob(CDN),
  host: CDN,
  isLocating: false,
  isProven: true,
  ...over,
});

interface Hosts {
  readonly waiting?: readonly string[];
  readonly probing?: readonly string[];
}

function dialling(streams: readonly DialledStream[], { waiting = [], probing = [] }: Hosts = {}): Dialling {
  const gates = {
    waitMs: (host: string) => (waiting.includes(host) ? 5000 : 0),
    isProbing: (host: string) => probing.includes(host),
  };
  return new Dialling(new Set(streams), { gates, hubHost: HUB });
}

describe('a blob whose place is not known', () => {
  it('is asked for by one stream, and its other streams wait for the answer', () => {
    const source = blob(null);
    expect(dialling([]).mayOpen(source)).toBe(true);
    const asking = stream({ source, host: HUB, isLocating: true });
    expect(dialling([asking]).mayOpen(source)).toBe(false);
    expect(dialling([asking]).mayOpen(blob(null))).toBe(true);
    expect(dialling([asking]).isLocating).toBe(true);
  });

  it('waits for as long as the Hub has to be left alone', () => {
    expect(dialling([], { waiting: [HUB] }).waitMs(blob(null))).toBe(5000);
    expect(dialling([], { waiting: [HUB] }).waitMs(blob(CDN))).toBe(0);
  });

  it('gets no help from further streams', () => {
    expect(dialling([]).isSteady(blob(null))).toBe(false);
  });
});

describe('a host that has failed', () => {
  const hosts = { probing: [CDN] };

  it('is tried with one stream, until that one has proved it', () => {
    expect(dialling([], hosts).mayOpen(blob(CDN))).toBe(true);
    expect(dialling([stream({ isProven: false })], hosts).mayOpen(blob(CDN))).toBe(false);
    expect(dialling([stream({ isProven: true })], hosts).mayOpen(blob(CDN))).toBe(true);
  });

  it('is no reason to hold back the stream that tries it, or those of other hosts', () => {
    const probe = stream({ isProven: false });
    expect(dialling([probe], hosts).mayFetch(probe)).toBe(true);
    expect(dialling([probe], hosts).mayOpen(blob('other.test'))).toBe(true);
  });

  it('gets no further streams to help it', () => {
    expect(dialling([], hosts).isSteady(blob(CDN))).toBe(false);
    expect(dialling([], { waiting: [CDN] }).isSteady(blob(CDN))).toBe(false);
    expect(dialling([]).isSteady(blob(CDN))).toBe(true);
  });

  it('is not asked for content while it has to be left alone', () => {
    expect(dialling([], { waiting: [CDN] }).mayFetch(stream({}))).toBe(false);
  });
});
