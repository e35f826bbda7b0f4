import { createServer as createTlsServer } from 'node:https';
import { createServer } from 'node:net';
import { TEST_CERTIFICATE, TEST_KEY } from '../../src/engine/http/test-certificate.ts';
import * as fault from '../hub/faults/constructors.ts';
import { startHub } from '../hub/hub.ts';
import { openWorld } from '../integration/harness.ts';
import {
  againBytes,
  downloadThrough,
  type FaultyDownload,
  FOREVER,
  HUB_INFO,
  LONGEST_MS,
  MIB,
  ON_CDN,
  REPOSITORY,
  requireRight,
  SECOND_CHUNK,
} from './download-bench.ts';
import { messagesOf } from './messages.ts';
import type { FaultScenario, Finding } from './scenario.ts';

/** Bytes that are under way when a connection breaks. */
const UNDER_WAY = MIB / 2;

const line = (name: string, spec: FaultyDownload, mayCostBytes = UNDER_WAY): FaultScenario => ({
  area: 'Network',
  fault: name,
  mayCostBytes,
  run: () => downloadThrough(spec),
});

/** The line itself: cuts, silence, slowness, and servers that cannot be reached. */
export const NETWORK: readonly FaultScenario[] = [
  line('connection cut after 300 kB, every time', {
    faults: [{ match: ON_CDN, times: FOREVER, ...fault.cutAfterBytes(300_000) }],
    add: { profile: 'very-weak' },
  }),
  line(
    'connection reset after 300 kB, every time',
    {
      faults: [{ match: ON_CDN, times: FOREVER, ...fault.cutAfterBytes(300_000, { reset: true }) }],
      add: { profile: 'very-weak' },
    },
    20 * UNDER_WAY,
  ),
  line('connection cut before any answer, three times', {
    faults: [{ match: ON_CDN, times: 3, ...fault.cutBeforeHeaders() }],
  }),
  line('silence before the headers', { faults: [{ match: SECOND_CHUNK, ...fault.stallBeforeHeaders() }] }),
  line('silence after the headers', { faults: [{ match: SECOND_CHUNK, ...fault.stallAfterHeaders() }] }),
  line('silence in mid-body', { faults: [{ match: SECOND_CHUNK, ...fault.stallAfterBytes(400_000) }] }),
  line('silence while the files are listed', {
    faults: [{ match: HUB_INFO, ...fault.stallBeforeHeaders() }],
  }),
  line('1 byte a second on one of two streams', {
    faults: [{ match: SECOND_CHUNK, ...fault.dribble(1) }],
    add: { workers: 2 },
  }),
  line('1 byte a second on the only stream', { faults: [{ match: SECOND_CHUNK, ...fault.dribble(1) }] }),
  line('one stream of eight at 2 % of the speed of the others', {
    faults: [{ match: ON_CDN, ...fault.dribble(10_000) }],
    hub: { conditions: { bytesPerSecond: 500_000 } },
    repository: {
      id: 'org/large',
      files: [
        {
          path: 'model.safetensors',
          kind: 'seeded',
          size: 40 * MIB,
          seed: 'large',
          format: 'safetensors',
          lfs: true,
        },
      ],
    },
    add: { workers: 8 },
  }),
  line('every running transfer dropped every 0.3 s with probability ½, ten streams', {
    hub: { conditions: { bytesPerSecond: 500_000, drops: { everySeconds: 0.3, probability: 0.5 } } },
    add: { profile: 'fast', workers: 10 },
  }),
  {
    area: 'Network',
    fault: 'the Hub’s name cannot be found (DNS)',
    mayCostBytes: null,
    run: () => waitsFor('http://hub.invalid', {}, 'hub.invalid'),
  },
  { area: 'Network', fault: 'a certificate that nobody trusts', mayCostBytes: null, run: untrusted },
  {
    area: 'Network',
    fault: 'a proxy that refuses the connection',
    mayCostBytes: null,
    run: () => waitsFor('http://hub.invalid', { HTTP_PROXY: 'http://127.0.0.1:9' }, 'the proxy'),
  },
  { area: 'Network', fault: 'a proxy that answers 403', mayCostBytes: null, run: refusingProxy },
  { area: 'Network', fault: 'a proxy that wants another password', mayCostBytes: null, run: wrongPassword },
  { area: 'Network', fault: 'the Hub is down for the first 3 s', mayCostBytes: 0, run: lateHub },
];

/** A Hub that cannot be reached is waited for, and named. */
async function waitsFor(endpoint: string, env: Record<string, string>, named: string): Promise<Finding> {
  await using world = await openWorld([REPOSITORY]);
  const engine = await world.open({ endpoint, env });
  const id = await engine.add({ reference: REPOSITORY.id });
  await engine.waitFor('retry', ({ attempt }) => attempt === 2, { timeoutMs: LONGEST_MS });
  const { state, reason } = await engine.view(id);
  if (!reason?.includes(named)) throw new Error(`It does not name the reason: ${state}, ${reason}`);
  return {
    messages: messagesOf(engine.events),
    againBytes: null,
    recoverMs: null,
    outcome: 'waits and tries again',
  };
}

async function untrusted(): Promise<Finding> {
  const server = createTlsServer(
    { cert: TEST_CERTIFICATE, key: TEST_KEY },
    (_, response) => void response.end(),
  );
  const port = await listening(server);
  try {
    return await waitsFor(`https://127.0.0.1:${port}`, {}, 'certificate');
  } finally {
    server.close();
  }
}

/** Only the user can change a password: it is not tried again. */
async function wrongPassword(): Promise<Finding> {
  const server = createServer(
    (socket) => void socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n'),
  );
  const port = await listening(server);
  await using world = await openWorld([REPOSITORY]);
  const env = { HTTPS_PROXY: `http://me:wrong@127.0.0.1:${port}` };
  const engine = await world.open({ endpoint: 'https://hub.invalid', env });
  try {
    const { failed } = await engine.run({ reference: REPOSITORY.id });
    if (failed?.code !== 'ProxyAuthRequired') throw new Error(`It ended with ${failed?.code}`);
    return {
      messages: messagesOf(engine.events),
      againBytes: null,
      recoverMs: null,
      outcome: 'stops and needs the user',
    };
  } finally {
    server.close();
  }
}

async function refusingProxy(): Promise<Finding> {
  const server = createServer(
    (socket) => void socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n'),
  );
  const port = await listening(server);
  try {
    return await waitsFor('https://hub.invalid', { HTTPS_PROXY: `http://127.0.0.1:${port}` }, 'proxy');
  } finally {
    server.close();
  }
}

async function lateHub(): Promise<Finding> {
  const probe = createServer();
  const port = await listening(probe);
  await new Promise((resolve) => probe.close(resolve));
  await using world = await openWorld([]);
  const engine = await world.open({ endpoint: `http://127.0.0.1:${port}` });
  const id = await engine.add({ reference: REPOSITORY.id });
  await new Promise((resolve) => setTimeout(resolve, 3000));
  await using late = await startHub({ repositories: [REPOSITORY], port });
  const upMs = Date.now();
  const { done, failed } = await engine.ended(id, { timeoutMs: LONGEST_MS });
  if (!done) throw new Error(`It stopped: ${failed?.code}`);
  await requireRight(done.snapshot, REPOSITORY);
  const [first] = late.requests;
  return {
    messages: messagesOf(engine.events),
    againBytes: againBytes({ ...world, hub: late }, REPOSITORY),
    recoverMs: first ? first.time - upMs : null,
    outcome: 'right file',
  };
}

async function listening(server: ReturnType<typeof createServer>): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return address.port;
}
