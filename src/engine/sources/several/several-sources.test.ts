import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '../../../shared/contract/errors.ts';
import type { ContentSource, RangeSink, SourcePlace } from '../source.ts';
import { type PeerSource, SeveralSources } from './several-sources.ts';
import { SourcePaces } from './source-paces.ts';

const RANGE = { start: 0, end: 1_000_000_000 };
const TICK_MS = 50;

/** A place that sends bytes at a pace until its sink is full. */
function paced(kind: SourcePlace['kind'], host: string, bytesPerSecond: () => number): SourcePlace {
  return {
    kind,
    host,
    name: host,
    async fetch(_, sink, { signal }) {
      while (!sink.isFull()) {
        await new Promise((resolve) => setTimeout(resolve, TICK_MS));
        signal.throwIfAborted();
        const bytes = Math.floor((bytesPerSecond() * TICK_MS) / 1000);
        if (bytes > 0) sink.push(Buffer.alloc(bytes));
      }
    },
  };
}

/** The Hub and some peers at given speeds, on the test's clock. */
function world(speeds: { hub: number; [peer: string]: number }) {
  const paces = new SourcePaces(() => Date.now());
  const told = { excluded: [] as string[], failed: [] as string[], distrusted: 0 };
  const resting = new Set<string>();
  const place = (kind: 'hub' | 'peer', name: string) => paced(kind, name, () => speeds[name] ?? 0);
  const hub: { find: ContentSource['find'] } & ContentSource = {
    host: 'hub',
    finderHost: 'hub',
    find: async () => place('hub', 'hub'),
    distrust: () => {
      told.distrusted += 1;
      return [];
    },
  };
  const peer = (name: string): PeerSource => ({
    key: name,
    place: place('peer', name),
    get isExcluded() {
      return told.excluded.includes(name);
    },
    failed: () => {
      told.failed.push(name);
      resting.add(name);
    },
    succeeded: () => undefined,
    exclude: () => void told.excluded.push(name),
  });
  const names = Object.keys(speeds).filter((name) => name !== 'hub');
  const isHubOpen = { value: true };
  const source = new SeveralSources({
    hub,
    peers: () => names.filter((name) => !told.excluded.includes(name) && !resting.has(name)).map(peer),
    paces,
    mayAsk: () => isHubOpen.value,
    now: () => Date.now(),
    log: () => undefined,
    path: 'model.safetensors',
  });
  return { source, hub, paces, told, isHubOpen };
}

/** Begins an attempt; its sink takes that many bytes. */
async function attempt({ source }: Pick<ReturnType<typeof world>, 'source'>, bytes: number) {
  const place = await source.find({ start: 0, end: bytes }, new AbortController().signal);
  let received = 0;
  const sink: RangeSink = {
    isFull: () => received >= bytes,
    push: (part) => {
      received += part.length;
      return undefined;
    },
  };
  const signal = new AbortController().signal;
  const control = {
    signal,
    stallTimeoutMs: () => 30_000,
    deliveredBytes: () => received,
    hasProgressed: () => true,
  };
  const ended = place.fetch({ start: 0, end: bytes }, sink, control).then(
    () => null,
    (error: AppError) => error,
  );
  return { place, ended, received: () => received };
}

const wait = (ms: number) => vi.advanceTimersByTimeAsync(ms);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('a claim', () => {
  it('goes to a peer that nobody has measured before it goes to the Hub', async () => {
    const all = world({ hub: 1e8, peer: 1e6 });
    expect(all.source.host).toBe('peer');
    expect((await attempt(all, 1e6)).place.kind).toBe('peer');
  });

  it('goes to the Hub while there is no peer', async () => {
    const all = world({ hub: 1e8 });
    expect(all.source.host).toBe('hub');
    expect((await attempt(all, 1e6)).place.kind).toBe('hub');
  });

  it('goes to the peer as long as it is faster, but for a short one a minute', async () => {
    const all = world({ hub: 5e6, peer: 1e8 });
    const kinds: string[] = [];
    for (let nth = 0; nth < 10; nth += 1) {
      const { place, ended } = await attempt(all, 5e7);
      kinds.push(place.kind);
      await wait(1500);
      expect(await ended).toBeNull();
    }
    expect(kinds.filter((kind) => kind === 'hub')).toHaveLength(1);
  });

  it('goes to the Hub where that is much faster', async () => {
    const all = world({ hub: 1e8, peer: 1e6 });
    const first = await attempt(all, 1e8);
    await wait(1000);
    const trial = await attempt(all, 1e8);
    expect(trial.place.kind).toBe('hub');
    await wait(2000);
    // The peer's attempt ended in favor of the Hub, without an error.
    expect(await first.ended).toBeNull();
    expect(first.received()).toBeLessThan(1e7);
    expect((await attempt(all, 1e8)).place.kind).toBe('hub');
  });

  it('uses the peer, however slow, while the Hub cannot be reached', async () => {
    const all = world({ hub: 1e8, peer: 1000 });
    all.isHubOpen.value = false;
    void (await attempt(all, 1e8));
    await wait(10_000);
    expect((await attempt(all, 1e8)).place.kind).toBe('peer');
  });

  it('is divided where both are needed', async () => {
    const all = world({ hub: 2e6, peer: 2e6 });
    const kinds: string[] = [];
    for (let nth = 0; nth < 12; nth += 1) {
      kinds.push((await attempt(all, 1e9)).place.kind);
      await wait(1200);
    }
    expect(new Set(kinds)).toEqual(new Set(['hub', 'peer']));
  });
});

describe('a peer', () => {
  it.each([
    ['sends nothing', 0, 'Offline'],
    ['becomes silent', 1, 'Offline'],
  ])('that %s has lost its claim after three seconds', async (_, before, code) => {
    const speeds = { hub: 1e7, peer: before * 1e7 };
    const all = world(speeds);
    const { ended } = await attempt(all, 1e9);
    await wait(1000);
    speeds.peer = 0;
    await wait(3500);
    expect(await ended).toMatchObject({ code, retryable: true, details: { otherSource: true } });
    expect(all.told.failed).toEqual(['peer']);
    expect((await attempt(all, 1e9)).place.kind).toBe('hub');
  });

  it('that sends a byte now and then loses its claim to a Hub that nobody has measured', async () => {
    const all = world({ hub: 1e7, peer: 25 });
    const { ended } = await attempt(all, 1e9);
    await wait(3000);
    expect(await ended).toBeNull();
    expect((await attempt(all, 1e9)).place.kind).toBe('hub');
  });

  it('whose sink is held by our own disk is not slow', async () => {
    const all = world({ hub: 1e7, peer: 1e7 });
    const place = await all.source.find(RANGE, new AbortController().signal);
    const control = {
      signal: new AbortController().signal,
      stallTimeoutMs: () => 1,
      deliveredBytes: () => 0,
      hasProgressed: () => true,
    };
    let isFull = false;
    const disk = new Promise<void>((resolve) => setTimeout(resolve, 20_000));
    const held: SourcePlace = { ...place };
    const sink: RangeSink = {
      isFull: () => isFull,
      push: () => {
        isFull = true;
        return disk;
      },
    };
    const ended = held.fetch(RANGE, sink, control).then(() => 'well', String);
    await wait(10_000);
    expect(await ended).toBe('well');
    expect(all.told.failed).toEqual([]);
  });
});

describe('wrong bytes', () => {
  it('are traced to their last source', async () => {
    const all = world({ hub: 1e7, one: 1e7, two: 1e7 });
    const place = async () => await all.source.find(RANGE, new AbortController().signal);
    const first = await place();
    first.wrote?.({ start: 0, end: 100 });
    const [guilty] = [first.host];
    expect(all.source.distrust([{ start: 50, end: 51 }])).toEqual([]);
    expect(all.told.excluded).toEqual([guilty]);
    const second = await place();
    expect(second.host).not.toBe(guilty);
    second.wrote?.({ start: 0, end: 100 });
    all.source.distrust([{ start: 50, end: 51 }]);
    expect(all.told.excluded).toHaveLength(2);
    expect(all.told.distrusted).toBe(0);
  });

  it('are the Hub’s where no peer delivered them', async () => {
    const all = world({ hub: 1e7, peer: 1e7 });
    (await all.source.find(RANGE, new AbortController().signal)).wrote?.({ start: 0, end: 100 });
    all.source.distrust([{ start: 100, end: 101 }]);
    expect(all.told).toMatchObject({ excluded: [], distrusted: 1 });
  });

  it('that two peers delivered together exclude neither', async () => {
    const all = world({ hub: 1e7, one: 1e7, two: 1e7 });
    const first = await attempt(all, 1e9);
    // Once one is known, the other one is tried.
    await wait(1000);
    vi.spyOn(all.paces, 'next').mockImplementation((key) => (key === 'two' ? 1e9 : 1));
    const second = await attempt(all, 1e9);
    expect([first.place.host, second.place.host]).toEqual(['one', 'two']);
    first.place.wrote?.({ start: 0, end: 100 });
    second.place.wrote?.({ start: 100, end: 200 });
    all.source.distrust([{ start: 90, end: 110 }]);
    expect(all.told.excluded).toEqual([]);
    all.source.distrust([{ start: 90, end: 100 }]);
    expect(all.told.excluded).toEqual(['one']);
  });

  it('somewhere leave the rest of the content to the Hub, and name what peers delivered', async () => {
    const all = world({ hub: 1e7, peer: 1e7 });
    (await all.source.find(RANGE, new AbortController().signal)).wrote?.({ start: 0, end: 100 });
    expect(all.source.distrust()).toEqual([{ start: 0, end: 100 }]);
    expect(all.source.host).toBe('hub');
    expect((await all.source.find(RANGE, new AbortController().signal)).kind).toBe('hub');
  });
});

it('a trial of a Hub that does not answer is no failure', async () => {
  const all = world({ hub: 1e7, peer: 1e7 });
  all.hub.find = () => Promise.reject(new AppError('Offline', 'The Hub is gone.'));
  await attempt(all, 1e9);
  await wait(1000);
  expect((await attempt(all, 1e9)).place.kind).toBe('peer');
});
