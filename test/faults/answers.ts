import * as fault from '../hub/faults/constructors.ts';
import type { FaultActions } from '../hub/faults/fault.ts';
import { weights } from '../integration/repositories.ts';
import {
  downloadThrough,
  type FaultyDownload,
  FILE_BYTES,
  FOREVER,
  HUB_INFO,
  HUB_RESOLVE,
  MIB,
  ON_CDN,
  SECOND_CHUNK,
  WEIGHTS,
} from './download-bench.ts';
import type { FaultScenario } from './scenario.ts';

const answer = (name: string, spec: FaultyDownload, mayCostBytes = MIB): FaultScenario => ({
  area: 'Answers of the server',
  fault: name,
  mayCostBytes,
  run: () => downloadThrough(spec),
});

/** One wrong answer for the second chunk, then right ones. */
const once = (name: string, actions: FaultActions, mayCostBytes = MIB) =>
  answer(name, { faults: [{ match: SECOND_CHUNK, ...actions }] }, mayCostBytes);

const always = (actions: FaultActions, match: object = ON_CDN) => [{ match, times: FOREVER, ...actions }];
/** Every request but those from the first byte of the file. */
const NOT_FROM_START = {
  ...ON_CDN,
  where: ({ range }: { range: { start: number } | null }) => (range?.start ?? 0) > 0,
};

const OTHER_COMMIT = 'b'.repeat(40);
const MOVING = {
  id: 'org/moving',
  commits: [
    { id: 'a'.repeat(40), files: [weights(WEIGHTS, FILE_BYTES, 'first')] },
    { id: OTHER_COMMIT, files: [weights(WEIGHTS, FILE_BYTES, 'second')] },
  ],
  files: [weights(WEIGHTS, FILE_BYTES, 'first')],
  branches: { main: 'a'.repeat(40) },
};

/** A list of files in the place of the Hub's. */
const listed = (siblings: string) => ({
  match: HUB_INFO,
  times: FOREVER,
  answer: {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: `{"sha":"${OTHER_COMMIT}","siblings":[${siblings}]}`,
  },
});
const listedFile = (path: string, size: number) =>
  JSON.stringify({ rfilename: path, size, blobId: 'c'.repeat(40), lfs: { sha256: 'd'.repeat(64), size } });

/** Wrong, late or hostile answers. */
export const ANSWERS: readonly FaultScenario[] = [
  answer('a list of files with twenty million empty entries', {
    faults: [listed(`${'{},'.repeat(20_000_000)}{}`)],
    stopsWith: 'BadRequest',
  }),
  answer('a list of files with one hash and two lengths', {
    faults: [listed([listedFile('a.bin', 5), listedFile('b.bin', 6)].join())],
    stopsWith: 'HashMismatch',
  }),
  answer('a list of files with an empty file that has the hash of another', {
    faults: [listed(listedFile('a.bin', 0))],
    stopsWith: 'HashMismatch',
  }),
  answer('403 after the signed URL has expired', {
    faults: [{ match: SECOND_CHUNK, ...fault.expiredUrl() }],
  }),
  answer('403 for ever from the storage server', {
    faults: always(fault.forbidden('Request has expired')),
    stopsWith: 'ServerError',
  }),
  answer('401 from the Hub in the middle', {
    faults: [
      { match: ON_CDN, times: FOREVER, ...fault.expiredUrl() },
      { match: { ...HUB_RESOLVE, nth: 2 }, times: FOREVER, ...fault.unauthorized() },
    ],
    hub: { tokens: { hf_reader: { grants: 'all' } }, conditions: { totalBytesPerSecond: 6_000_000 } },
    engine: { token: 'hf_reader' },
    stopsWith: 'AuthRequired',
  }),
  once('429 with Retry-After: 2', fault.tooManyRequests(2)),
  once('429 with RateLimit headers only (2 s) and an HTML page', fault.rateLimited(2)),
  answer('429 with RateLimit headers while the files are listed', {
    faults: [{ match: HUB_INFO, ...fault.rateLimited(2) }],
  }),
  ...[500, 502, 503].map((status) => once(`${status} with an HTML page`, fault.serverError(status))),
  answer('503 five times in a row', {
    faults: [{ match: SECOND_CHUNK, times: 5, ...fault.serverError(503) }],
  }),
  once('200 and the whole file for a range', fault.wholeBodyForRange(), 3 * MIB),
  answer(
    '200 and the whole file for every range but the first',
    { faults: always(fault.wholeBodyForRange(), NOT_FROM_START) },
    3 * MIB,
  ),
  answer('200 and the whole file for every range', { faults: always(fault.wholeBodyForRange()) }),
  answer('another size than the Hub lists, for ever', {
    faults: always(fault.wrongTotal(99), SECOND_CHUNK),
    stopsWith: 'ServerError',
  }),
  answer('a gzip-encoded body, for ever', {
    faults: always(fault.gzipBody(), SECOND_CHUNK),
    stopsWith: 'ServerError',
  }),
  once('Content-Range shifted by one byte', fault.shiftContentRange(1)),
  once('Content-Range shifted by a chunk', fault.shiftContentRange(-MIB)),
  once('Content-Range with a wrong total', fault.wrongTotal(99)),
  once('no Content-Range', fault.withHeaders({ 'content-range': null })),
  once('416 with the right size', fault.refuseRange()),
  answer('416 for ever', { faults: always(fault.refuseRange()), stopsWith: 'RangeUnsupported' }),
  once('a gzip-encoded body', fault.gzipBody()),
  once('a short body with right headers', fault.shortBody(250_000)),
  once('a short body with a matching Content-Length', fault.shortBody(250_000, 'short')),
  once('an HTML sign-in page with 200', fault.loginPage()),
  answer('an HTML sign-in page in place of the list of files', {
    faults: always(fault.loginPage(), HUB_INFO),
    stopsWith: 'BadRequest',
  }),
  answer('a redirect loop at the storage server', {
    faults: [{ match: ON_CDN, times: 11, ...fault.redirectLoop() }],
  }),
  answer('a redirect loop at the Hub', {
    faults: [{ match: HUB_RESOLVE, times: 11, ...fault.redirectLoop() }],
  }),
  answer('a redirect to file:///etc/passwd', {
    faults: always(fault.redirectTo('file:///etc/passwd')),
    stopsWith: 'ServerError',
  }),
  answer('a redirect to ftp:', {
    faults: always(fault.redirectTo('ftp://mirror.invalid/model')),
    stopsWith: 'ServerError',
  }),
  answer('the branch moves between the list and the first file', {
    repository: MOVING,
    faults: [{ match: HUB_RESOLVE, ...fault.branchMoves(MOVING.id, 'main', OTHER_COMMIT) }],
  }),
  answer('the Hub names another hash for a path in the middle', {
    faults: [
      { match: ON_CDN, times: 2, ...fault.expiredUrl() },
      { match: { ...HUB_RESOLVE, nth: 2 }, times: FOREVER, ...fault.announceHash(WEIGHTS, 'c'.repeat(64)) },
    ],
    stopsWith: 'ChangedUpstream',
  }),
  answer('the Hub names another size for a path', {
    faults: always(fault.announceSize(WEIGHTS, 3 * MIB), HUB_RESOLVE),
    stopsWith: 'ChangedUpstream',
  }),
  answer(
    'the Hub announces a hash that its file does not have',
    {
      faults: always(fault.announceHash(WEIGHTS, 'c'.repeat(64)), {}),
      stopsWith: 'HashMismatch',
      goesOn: false,
    },
    FILE_BYTES,
  ),
];
