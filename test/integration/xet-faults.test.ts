import { describe, expect, it } from 'vitest';
import {
  answerWith,
  cutAfterBytes,
  cutBeforeHeaders,
  dribble,
  expiredUrl,
  flipBytes,
  forbidden,
  gzipBody,
  invalidRange,
  loginPage,
  redirectLoop,
  refuseRange,
  serverError,
  shiftContentRange,
  shortBody,
  stallAfterBytes,
  stallBeforeHeaders,
  tooManyRequests,
  unauthorized,
  wholeBodyForRange,
  wrongTotal,
} from '../hub/faults/constructors.ts';
import type { FaultActions } from '../hub/faults/fault.ts';
import type { Hub } from '../hub/hub.ts';
import type { RepositoryDeclaration } from '../hub/repositories/declaration.ts';
import type { XetSettings } from '../hub/xet/settings.ts';
import { MIB, ofKind, openWorld } from './harness.ts';
import { expectRightFiles } from './on-disk.ts';
import { WEIGHTS, weights } from './repositories.ts';

const SIZE = 6 * MIB + 4321;
const REPOSITORY: RepositoryDeclaration = {
  id: 'org/xet',
  files: [{ ...weights(WEIGHTS, SIZE, 'xet'), xet: { xorbBytes: 2 * MIB } }],
};
const EVER = Number.POSITIVE_INFINITY;
const XORB = /^\/xorbs\//;
const PLAN = /reconstructions/;
const TOKEN = /xet-read-token/;

const sent = (hub: Hub, path: RegExp): number =>
  hub.requests.filter((each) => path.test(each.path)).reduce((sum, { bytesSent }) => sum + bytesSent, 0);

/** Downloads by Xet from a Hub with these faults; the file must be correct. Returns which transport delivered bytes. */
async function download(settings: Partial<XetSettings>, ...faults: Array<[RegExp, FaultActions, number?]>) {
  await using world = await openWorld([REPOSITORY], { xet: settings });
  for (const [path, actions, times = 1] of faults)
    world.hub.faults.add({ match: { path }, times, ...actions });
  const engine = await world.open();
  const { done, events } = await engine.download(
    { reference: REPOSITORY.id, transport: 'xet', workers: 1 },
    { timeoutMs: 60_000 },
  );
  await expectRightFiles(done.snapshot, REPOSITORY.files!);
  const { hub } = world;
  return { http: sent(hub, /^\/repos\//), xet: sent(hub, XORB), events, hub, log: engine.log };
}

describe.concurrent('Xet continues', { timeout: 90_000 }, () => {
  it.each<[string, Partial<XetSettings>, Array<[RegExp, FaultActions, number?]>]>([
    ['where the second version of reconstructions is not found', { v2: 404 }, []],
    ['where the second version of reconstructions is not supported', { v2: 501 }, []],
    ['after a URL that expired', {}, [[XORB, expiredUrl()]]],
    ['after a URL that was refused with words', {}, [[XORB, forbidden('Request has expired')]]],
    ['after a URL that was refused for its range', {}, [[XORB, invalidRange()]]],
    ['after a token that was refused', {}, [[PLAN, unauthorized()]]],
    ['after 429 that says how long', {}, [[PLAN, tooManyRequests(1)]]],
    ['after 429 that says nothing', {}, [[PLAN, answerWith(429, 'Too many requests')]]],
    ['after a server error of the storage', {}, [[PLAN, serverError()]]],
    ['after a body that was cut', {}, [[XORB, cutAfterBytes(700_000)]]],
    ['after a body that ended early', {}, [[XORB, shortBody(700_000)]]],
    ['where every range is cut short', {}, [[XORB, shortBody(700_000, 'short'), EVER]]],
    ['after a body that fell silent', {}, [[XORB, stallAfterBytes(700_000)]]],
    ['while a body is slow', {}, [[XORB, dribble(400_000)]]],
  ])('%s', async (_, settings, faults) => {
    const { http, xet } = await download(settings, ...faults);
    expect(http).toBe(0);
    expect(xet).toBeGreaterThan(SIZE);
  });

  it('or plain HTTP does, after a body that was reset: nothing of it may have arrived', async () => {
    const { http, xet } = await download({}, [XORB, cutAfterBytes(700_000, { reset: true })]);
    expect(http + xet).toBeGreaterThan(SIZE);
  });
});

describe.concurrent('plain HTTP takes over at once, and the log has the reason,', { timeout: 90_000 }, () => {
  it.each<[string, Partial<XetSettings>, Array<[RegExp, FaultActions, number?]>, RegExp]>([
    ['when every URL has expired', { urlLifetimeSeconds: -5 }, [], /403/],
    [
      'when the storage cannot do what a reconstruction needs',
      {},
      [[PLAN, answerWith(501), EVER]],
      /is not in Xet/,
    ],
    ['when the middle of a file is said to be behind its end', {}, [[PLAN, answerWith(416), EVER]], /416/],
    ['when the storage is busy for long', {}, [[PLAN, tooManyRequests(120), EVER]], /429/],
    ['when the data server is busy', {}, [[XORB, tooManyRequests(1)]], /./],
    ['when the data server fails', {}, [[XORB, serverError(), EVER]], /503/],
    ['when there is no connection to the data server', {}, [[XORB, cutBeforeHeaders(), EVER]], /./],
    ['when the data server never answers', {}, [[XORB, stallBeforeHeaders(), EVER]], /No data/],
    ['when the data server redirects in a circle', {}, [[XORB, redirectLoop(), EVER]], /in a circle/],
    ['when another range comes', {}, [[XORB, shiftContentRange(8), EVER]], /another part/],
    ['when it comes compressed', {}, [[XORB, gzipBody(), EVER]], /compress/],
    ['when a page comes', {}, [[XORB, loginPage(), EVER]], /sign-in|page/],
    ['when a page comes in place of a plan', {}, [[PLAN, loginPage(), EVER]], /no JSON/],
    ['when ranges are not kept', {}, [[XORB, refuseRange(), EVER]], /416/],
    ['when a header of a record is wrong', {}, [[XORB, flipBytes(4), EVER]], /scheme/],
    ['when a term is longer than it should be', { unpackedLengthOff: -1 }, [], /./],
    [
      'when the storage is blocked',
      {},
      [[PLAN, forbidden('Blocked by a proxy.'), EVER]],
      /answered with 403 \(AccessDenied: Blocked by a proxy\)\./,
    ],
    ['when tokens are over when they come', { tokenLifetimeSeconds: -5 }, [], /token was refused/],
    ['when the Hub gives no tokens', {}, [[TOKEN, answerWith(403, 'no'), EVER]], /./],
  ])('%s', async (_, settings, faults, reason) => {
    const { http, log } = await download(settings, ...faults);
    expect(http).toBeGreaterThan(0);
    expect(log.find((line) => line.includes('Xet failed'))).toMatch(reason);
  });
});

describe.concurrent('nothing is lost', { timeout: 90_000 }, () => {
  it.each<[string, FaultActions]>([
    ['when the data server says that a xorb has another size', wrongTotal(123)],
    ['when the data server sends the whole xorb', wholeBodyForRange()],
  ])('%s', async (_, actions) => {
    await download({}, [XORB, actions, EVER]);
  });

  it('by a byte that is damaged in a record: it is found, and the rest comes by plain HTTP', async () => {
    const { http, events } = await download({}, [XORB, flipBytes(100_000)]);
    expect(ofKind(events, 'judged')).toMatchObject([{ arrived: true, bad: 1 }]);
    expect(http).toBeGreaterThan(0);
  });

  it.each<[string, Partial<XetSettings>]>([
    ['told for no term', { gapVerification: 'empty' }],
    ['told for some terms alone', { gapVerification: 'short' }],
    ['not told, nor any other', { chunkHashes: false }],
  ])('by hashes of terms that are %s', async (_, settings) => {
    const { http } = await download(settings);
    expect(http).toBe(0);
  });
});
