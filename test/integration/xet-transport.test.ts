import { describe, expect, it } from 'vitest';
import { answerWith, cutAfterBytes, flipBytes, forbidden } from '../hub/faults/constructors.ts';
import type { FaultActions } from '../hub/faults/fault.ts';
import { LOCAL_TOKENS } from '../hub/fixtures/odd.ts';
import type { Hub } from '../hub/hub.ts';
import type { RepositoryDeclaration } from '../hub/repositories/declaration.ts';
import { XET_REPOSITORY } from '../hub/xet/content-kinds.ts';
import { MIB, ofKind, openWorld } from './harness.ts';
import { expectRightFiles } from './on-disk.ts';
import { WEIGHTS, weights } from './repositories.ts';

const SIZE = 12 * MIB + 4321;
const REPOSITORY: RepositoryDeclaration = {
  id: 'org/xet',
  files: [{ ...weights(WEIGHTS, SIZE, 'xet'), xet: { xorbBytes: 2 * MIB } }],
};
const reference = REPOSITORY.id;
const byXet = { reference, transport: 'xet' } as const;

const XORB = /^\/xorbs\//;
const PLAIN = /^\/repos\//;
const sent = (hub: Hub, path: RegExp): number =>
  hub.requests.filter((each) => path.test(each.path)).reduce((sum, { bytesSent }) => sum + bytesSent, 0);
const fault = (hub: Hub, actions: FaultActions, times = 1, path = XORB) =>
  hub.faults.add({ match: { origin: 'cdn', path }, times, ...actions });

describe('a download by Xet', () => {
  it('downloads every kind of content completely, and requests nothing by plain HTTP', async () => {
    await using world = await openWorld([XET_REPOSITORY]);
    const engine = await world.open();
    const { done, events } = await engine.download({ reference: XET_REPOSITORY.id, transport: 'xet' });
    await expectRightFiles(done.snapshot, XET_REPOSITORY.files!);
    expect(sent(world.hub, PLAIN)).toBe(0);
    expect(sent(world.hub, XORB)).toBeGreaterThan(5 * MIB);
    expect(ofKind(events, 'retry')).toEqual([]);
  });

  it('sends neither token to a signed URL', async () => {
    await using world = await openWorld([REPOSITORY], { tokens: LOCAL_TOKENS });
    const engine = await world.open({ token: 'hf_local_reader' });
    await engine.download(byXet);
    const signed = world.hub.requests.filter(({ path }) => XORB.test(path));
    expect(signed.length).toBeGreaterThan(5);
    expect(signed.map(({ headers }) => headers.authorization)).toEqual(signed.map(() => undefined));
  });

  it('is not what `auto` begins with, and not what `http` ever does', async () => {
    for (const transport of ['auto', 'http'] as const) {
      await using world = await openWorld([REPOSITORY]);
      await (await world.open()).download({ reference, transport });
      expect(sent(world.hub, XORB)).toBe(0);
    }
  });

  it('resumes in the middle of a term after a restart', async () => {
    await using world = await openWorld([REPOSITORY], { conditions: { totalBytesPerSecond: 4_000_000 } });
    const first = await world.open();
    // One chunk, so that it stops in the middle of it.
    const id = await first.add({ ...byXet, workers: 1, chunkSizeBytes: 16 * MIB });
    await first.waitFor('progress', ({ receivedBytes }) => receivedBytes > 5 * MIB);
    await first.close();
    world.hub.conditions.set({ totalBytesPerSecond: null });
    const second = await world.open();
    await second.call('downloads.resume', { id });
    const { done } = await second.ended(id);
    await expectRightFiles(done!.snapshot, REPOSITORY.files!);
    // A piece of a xorb too much on each side, and what was on its way when the first one stopped.
    expect(sent(world.hub, XORB)).toBeLessThan(SIZE + 1.5 * MIB);
    expect(sent(world.hub, PLAIN)).toBe(0);
  });

  it('gets a new URL when one is refused, and continues with Xet', async () => {
    await using world = await openWorld([REPOSITORY]);
    fault(world.hub, forbidden());
    const { done } = await (await world.open()).download({ ...byXet, workers: 1 });
    await expectRightFiles(done.snapshot, REPOSITORY.files!);
    expect(sent(world.hub, PLAIN)).toBe(0);
  });

  it('continues with Xet after a connection that dropped midway', async () => {
    await using world = await openWorld([REPOSITORY]);
    fault(world.hub, cutAfterBytes(700_000));
    const { done } = await (await world.open()).download({ ...byXet, workers: 1 });
    await expectRightFiles(done.snapshot, REPOSITORY.files!);
    expect(sent(world.hub, PLAIN)).toBe(0);
  });
});

describe('Xet that does not work is replaced by plain HTTP, without a wait and with the reason', () => {
  const EVER = Number.POSITIVE_INFINITY;
  it.each<[string, (hub: Hub) => void]>([
    ['URLs that are refused again and again', (hub) => void fault(hub, forbidden(), EVER)],
    ['a storage that knows no file', (hub) => void fault(hub, answerWith(404), EVER, /reconstructions/)],
    ['a storage that is blocked', (hub) => void fault(hub, answerWith(403, 'blocked'), EVER, /^\/v[12]\//)],
    [
      'terms that do not add up',
      (hub) => {
        hub.xet.unpackedLengthOff = -1;
      },
    ],
    [
      'terms in another order',
      (hub) => {
        hub.xet.shuffledTerms = true;
      },
    ],
    ['records that nobody writes', (hub) => void fault(hub, flipBytes(1, 0), EVER)],
    [
      'another answer than data',
      (hub) => void fault(hub, answerWith(200, '<html>', { 'content-type': 'text/html' }), EVER),
    ],
    [
      'tokens that are over when they come',
      (hub) => {
        hub.xet.tokenLifetimeSeconds = -5;
      },
    ],
  ])('%s', async (_, breakIt) => {
    await using world = await openWorld([REPOSITORY]);
    breakIt(world.hub);
    const engine = await world.open();
    const { done } = await engine.download({ ...byXet, workers: 2 });
    await expectRightFiles(done.snapshot, REPOSITORY.files!);
    expect(sent(world.hub, PLAIN)).toBeGreaterThan(0);
  });
});
