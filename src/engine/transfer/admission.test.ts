import { describe, expect, it } from 'vitest';
import { Admission, type AdmittedAttempt } from './admission.ts';
import type { TransferItem } from './transfer-item.ts';

const HUB = 'hub.test';
const CDN = 'cdn.test';

const blob = (host: string | null) => ({ source: { host, finderHost: HUB } }) as TransferItem;
const stream = (over: Partial<AdmittedAttempt>): AdmittedAttempt => ({
  item: blob(CDN),
  host: CDN,
  isLocating: false,
  isHealthy: true,
  isWhole: false,
  ...over,
});

interface Hosts {
  readonly waiting?: readonly string[];
  readonly probing?: readonly string[];
  readonly ignoring?: readonly string[];
}

function admission(
  streams: readonly AdmittedAttempt[],
  { waiting = [], probing = [], ignoring = [] }: Hosts = {},
): Admission {
  const hostBackoff = {
    waitMs: (host: string) => (waiting.includes(host) ? 5000 : 0),
    isProbing: (host: string) => probing.includes(host),
  };
  const rangeSupport = { isIgnoring: (host: string) => ignoring.includes(host), ignored: () => false };
  return new Admission(new Set(streams), {
    hostBackoff,
    rangeSupport,
    onSingleStream: () => undefined,
  });
}

describe('a content whose location is not known', () => {
  it('is located by one attempt, and its other attempts wait for the answer', () => {
    const item = blob(null);
    expect(admission([]).canConnect(item)).toBe(true);
    const asking = stream({ item, host: HUB, isLocating: true });
    expect(admission([asking]).canConnect(item)).toBe(false);
    expect(admission([asking]).canConnect(blob(null))).toBe(true);
    expect(admission([asking]).isLocating).toBe(true);
  });

  it('waits for as long as the Hub must be left alone', () => {
    expect(admission([], { waiting: [HUB] }).waitMs(blob(null))).toBe(5000);
    expect(admission([], { waiting: [HUB] }).waitMs(blob(CDN))).toBe(0);
  });

  it('gets no additional attempts', () => {
    expect(admission([]).isSteady(blob(null))).toBe(false);
  });
});

describe('a host that has failed', () => {
  const hosts = { probing: [CDN] };

  it('is tried with one attempt until that one succeeds', () => {
    expect(admission([], hosts).canConnect(blob(CDN))).toBe(true);
    expect(admission([stream({ isHealthy: false })], hosts).canConnect(blob(CDN))).toBe(false);
    expect(admission([stream({ isHealthy: true })], hosts).canConnect(blob(CDN))).toBe(true);
  });

  it('does not hold back the attempt that tries it, or attempts at other hosts', () => {
    const probe = stream({ isHealthy: false });
    expect(admission([probe], hosts).mayFetch(probe)).toBe(true);
    expect(admission([probe], hosts).canConnect(blob('other.test'))).toBe(true);
  });

  it('gets no additional attempts', () => {
    expect(admission([], hosts).isSteady(blob(CDN))).toBe(false);
    expect(admission([], { waiting: [CDN] }).isSteady(blob(CDN))).toBe(false);
    expect(admission([]).isSteady(blob(CDN))).toBe(true);
  });

  it('is not asked for content while it must be left alone', () => {
    expect(admission([], { waiting: [CDN] }).mayFetch(stream({}))).toBe(false);
  });
});

describe('a host that ignores ranges', () => {
  const ignoring = { ignoring: [CDN] };

  it('is sent one attempt for a content, and others for other contents', () => {
    const item = blob(CDN);
    const one = stream({ item });
    expect(admission([], ignoring).canConnect(item)).toBe(true);
    expect(admission([one], ignoring).canConnect(item)).toBe(false);
    expect(admission([one], ignoring).canConnect(blob(CDN))).toBe(true);
    expect(admission([one, stream({ item })], ignoring).mayFetch(one)).toBe(false);
    expect(admission([one], ignoring).isSteady(item)).toBe(false);
  });

  it('sends a whole file to one attempt', () => {
    const item = blob(CDN);
    const whole = stream({ item, isWhole: true });
    const other = stream({ item });
    expect(admission([other]).mayTakeWhole(other)).toBe(true);
    expect(admission([whole, other]).mayTakeWhole(other)).toBe(false);
  });
});
