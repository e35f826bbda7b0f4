import { describe, expect, it } from 'vitest';
import { Admission, type AdmittedAttempt } from './admission.ts';
import type { TransferItem } from './transfer-item.ts';

const HUB = 'hub.test';
const CDN = 'cdn.test';

const blob = (host: string | null) => ({ location: { host } }) as TransferItem;
const stream = (over: Partial<AdmittedAttempt>): AdmittedAttempt => ({
  source: blob(CDN),
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
    hubHost: HUB,
    onSingleStream: () => undefined,
  });
}

describe('a blob whose place is not known', () => {
  it('is asked for by one stream, and its other streams wait for the answer', () => {
    const source = blob(null);
    expect(admission([]).canConnect(source)).toBe(true);
    const asking = stream({ source, host: HUB, isLocating: true });
    expect(admission([asking]).canConnect(source)).toBe(false);
    expect(admission([asking]).canConnect(blob(null))).toBe(true);
    expect(admission([asking]).isLocating).toBe(true);
  });

  it('waits for as long as the Hub has to be left alone', () => {
    expect(admission([], { waiting: [HUB] }).waitMs(blob(null))).toBe(5000);
    expect(admission([], { waiting: [HUB] }).waitMs(blob(CDN))).toBe(0);
  });

  it('gets no help from further streams', () => {
    expect(admission([]).isSteady(blob(null))).toBe(false);
  });
});

describe('a host that has failed', () => {
  const hosts = { probing: [CDN] };

  it('is tried with one stream, until that one has proved it', () => {
    expect(admission([], hosts).canConnect(blob(CDN))).toBe(true);
    expect(admission([stream({ isHealthy: false })], hosts).canConnect(blob(CDN))).toBe(false);
    expect(admission([stream({ isHealthy: true })], hosts).canConnect(blob(CDN))).toBe(true);
  });

  it('is no reason to hold back the stream that tries it, or those of other hosts', () => {
    const probe = stream({ isHealthy: false });
    expect(admission([probe], hosts).mayFetch(probe)).toBe(true);
    expect(admission([probe], hosts).canConnect(blob('other.test'))).toBe(true);
  });

  it('gets no further streams to help it', () => {
    expect(admission([], hosts).isSteady(blob(CDN))).toBe(false);
    expect(admission([], { waiting: [CDN] }).isSteady(blob(CDN))).toBe(false);
    expect(admission([]).isSteady(blob(CDN))).toBe(true);
  });

  it('is not asked for content while it has to be left alone', () => {
    expect(admission([], { waiting: [CDN] }).mayFetch(stream({}))).toBe(false);
  });
});

describe('a host that ignores ranges', () => {
  const ignoring = { ignoring: [CDN] };

  it('is sent one stream for a blob, and others for other blobs', () => {
    const source = blob(CDN);
    const one = stream({ source });
    expect(admission([], ignoring).canConnect(source)).toBe(true);
    expect(admission([one], ignoring).canConnect(source)).toBe(false);
    expect(admission([one], ignoring).canConnect(blob(CDN))).toBe(true);
    expect(admission([one, stream({ source })], ignoring).mayFetch(one)).toBe(false);
    expect(admission([one], ignoring).isSteady(source)).toBe(false);
  });

  it('sends a whole file to one stream', () => {
    const source = blob(CDN);
    const whole = stream({ source, isWhole: true });
    const other = stream({ source });
    expect(admission([other]).mayTakeWhole(other)).toBe(true);
    expect(admission([whole, other]).mayTakeWhole(other)).toBe(false);
  });
});
