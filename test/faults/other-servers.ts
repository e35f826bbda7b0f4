import { testSocksProxy } from '../../src/engine/http/test-socks-proxy.ts';
import * as fault from '../hub/faults/constructors.ts';
import { openWorld, type TestEngine, type World } from '../integration/harness.ts';
import { text, weights } from '../integration/repositories.ts';
import {
  againBytes,
  downloadThrough,
  type FaultyDownload,
  FILE_BYTES,
  FOREVER,
  HUB_INFO,
  HUB_RESOLVE,
  LONGEST_MS,
  MIB,
  ON_CDN,
  REPOSITORY,
  requireRight,
  WEIGHTS,
} from './download-bench.ts';
import { messagesOf } from './messages.ts';
import type { FaultScenario, Finding } from './scenario.ts';

const COMMIT = 'a'.repeat(40);
const OTHER = 'b'.repeat(40);
const [id, other] = ['org/model', 'other.bin'];
const FILES = [weights(WEIGHTS, FILE_BYTES, 'same'), text('config.json', '{}\n'), weights(other, MIB)];
/** What is downloaded where one file is enough. */
const LARGE = { id, files: FILES.slice(0, 1) };
const MODEL = {
  id,
  files: FILES,
  commits: [
    { id: COMMIT, files: FILES },
    { id: OTHER, files: FILES },
  ],
  branches: { main: COMMIT },
};

const row = (name: string, spec: FaultyDownload, mayCostBytes = MIB): FaultScenario => ({
  area: 'Other servers',
  fault: name,
  mayCostBytes,
  run: () => downloadThrough({ repository: MODEL, ...spec }),
});

const always = (match: object, actions: ReturnType<typeof fault.answerWith>) => ({
  match,
  times: FOREVER,
  ...actions,
});
const missing = (route: string) => always({ path: new RegExp(`/${route}/`) }, fault.answerWith(404));
/** Names without sizes, as repository managers list them. */
const names = (paths: readonly string[]) =>
  always(
    HUB_INFO,
    fault.answerWith(
      200,
      JSON.stringify({ sha: COMMIT, siblings: paths.map((path) => ({ rfilename: path })) }),
    ),
  );
const PATHS = FILES.map(({ path }) => path);
const PAGE = '<!doctype html><title>Blocked by Example Corp</title><h1>Not for work</h1>';

/** Servers that are not the Hub, middleboxes, and a Hub that refuses. */
export const OTHER_SERVERS: readonly FaultScenario[] = [
  row('a repository manager without a tree of files, and names without sizes', {
    faults: [names(PATHS), missing('tree')],
  }),
  row('the same, which knows files only one by one', {
    faults: [names(PATHS), missing('tree'), missing('paths-info')],
  }),
  row('a Retry-After date from a server whose clock is 30 minutes ahead', {
    faults: [{ match: ON_CDN, ...fault.answerWith(429, '', fromTheFuture()) }],
  }),
  row('the block page of a company, for ever', {
    faults: [always({ origin: 'hub' }, fault.answerWith(403, PAGE, { 'content-type': 'text/html' }))],
    stopsWith: 'Offline',
  }),
  row('a token that the Hub does not know, and a public model', {
    engine: { token: 'hf_old', tokenSource: 'HF_TOKEN' },
  }),
  row('a gated model whose owners have not answered yet', {
    faults: [
      always(
        HUB_RESOLVE,
        fault.answerWith(403, '', {
          'x-error-code': 'GatedRepo',
          'x-error-message': `Your request to access model ${id} is awaiting a review from the repo authors.`,
        }),
      ),
    ],
    engine: { token: 'hf_local_reader', tokenSource: 'HF_TOKEN' },
    hub: { tokens: { hf_local_reader: { name: 'reader', grants: [] } } },
    stopsWith: 'Gated',
  }),
  {
    area: 'Other servers',
    fault: 'a SOCKS proxy with a password',
    mayCostBytes: 0,
    run: () => throughSocks('right'),
  },
  {
    area: 'Other servers',
    fault: 'a SOCKS proxy that wants another password',
    mayCostBytes: null,
    run: () => throughSocks('wrong'),
  },
  {
    area: 'Other servers',
    fault: 'the history is rewritten, and the commit of a paused download is gone',
    mayCostBytes: MIB,
    run: rewrittenHistory,
  },
];

/** One second after the date of the answer, on a clock that is half an hour ahead. */
function fromTheFuture(): Record<string, string> {
  const ahead = Date.now() + 30 * 60_000;
  return { date: new Date(ahead).toUTCString(), 'retry-after': new Date(ahead + 1000).toUTCString() };
}

async function throughSocks(password: string): Promise<Finding> {
  const proxy = await testSocksProxy({ user: 'me', password: 'right' });
  await using world = await openWorld([REPOSITORY]);
  const ALL_PROXY = `socks5h://me:${password}@127.0.0.1:${proxy.port}`;
  const engine = await world.open({ env: { ALL_PROXY, NO_PROXY: '' } });
  try {
    const { done, failed } = await engine.run({ reference: REPOSITORY.id }, { timeoutMs: LONGEST_MS });
    const messages = messagesOf(engine.events);
    if (password === 'wrong') {
      if (failed?.code !== 'ProxyAuthRequired') throw new Error(`It ended with ${failed?.code}`);
      return { messages, againBytes: null, recoverMs: null, outcome: 'stops and needs the user' };
    }
    if (!done) throw new Error(`It stopped: ${failed?.code} ${failed?.message}`);
    if (proxy.asked.length === 0) throw new Error('The proxy was asked nothing.');
    await requireRight(done.snapshot, REPOSITORY);
    return { messages, againBytes: againBytes(world, REPOSITORY), recoverMs: null, outcome: 'right file' };
  } finally {
    await proxy.close();
  }
}

/** Half of it came at one commit; the branch is at another one now, which has the same large file. */
async function rewrittenHistory(): Promise<Finding> {
  await using world = await openWorld([MODEL]);
  const engine = await world.open();
  const download = await halfOf(world, engine);
  world.hub.setBranch(id, 'main', OTHER);
  world.hub.faults.add(
    always({ path: new RegExp(COMMIT) }, fault.answerWith(404, '', { 'x-error-code': 'RevisionNotFound' })),
  );
  const first = engine.mark();
  await engine.call('downloads.resume', { id: download });
  const { failed } = await engine.ended(download, { since: first });
  if (failed?.code !== 'ChangedUpstream') throw new Error(`It ended with ${failed?.code}`);
  const second = engine.mark();
  await engine.call('downloads.resume', { id: download, acceptChanged: true });
  const { done } = await engine.ended(download, { since: second, timeoutMs: LONGEST_MS });
  if (!done?.snapshot.includes(OTHER)) throw new Error('It did not move to the commit of today.');
  await requireRight(done.snapshot, LARGE);
  return {
    messages: messagesOf(engine.events),
    againBytes: againBytes(world, LARGE),
    recoverMs: null,
    outcome: 'stops, says why; right file of today when accepted',
  };
}

async function halfOf(world: World, engine: TestEngine): Promise<string> {
  world.hub.faults.add({ match: { ...ON_CDN, rangeStart: 3 * MIB }, ...fault.stallBeforeHeaders() });
  const download = await engine.add({ reference: id, workers: 1, include: [WEIGHTS] });
  await engine.waitFor('progress', ({ receivedBytes }) => receivedBytes >= 3 * MIB);
  await engine.call('downloads.pause', { id: download });
  world.hub.faults.clear();
  return download;
}
