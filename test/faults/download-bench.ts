import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EngineOptions } from '../../src/engine/engine.ts';
import type { CommandInput } from '../../src/shared/contract/commands.ts';
import type { ErrorCode } from '../../src/shared/contract/errors.ts';
import type { Fault } from '../hub/faults/fault.ts';
import type { RequestRecord } from '../hub/http/request-log.ts';
import type { HubOptions } from '../hub/hub.ts';
import type { FileDeclaration, RepositoryDeclaration } from '../hub/repositories/declaration.ts';
import { MIB, openWorld, type TestEngine, type World } from '../integration/harness.ts';
import { bytesOf, contentRequests, servedBytes } from '../integration/on-disk.ts';
import { oneFile, WEIGHTS } from '../integration/repositories.ts';
import { messagesOf } from './messages.ts';
import type { Finding } from './scenario.ts';

/** The file of most scenarios: five whole chunks of 1 MiB and a short one. */
export const FILE_BYTES = 5 * MIB + 77;
export const REPOSITORY = oneFile(FILE_BYTES, 'org/model');
export { MIB, WEIGHTS };

/** Slow enough that hardly a byte is under way when a connection is cut. */
const LINE = { totalBytesPerSecond: 6_000_000 };
/** A download that has not ended by then hangs. */
export const LONGEST_MS = 150_000;

export const FOREVER = Number.POSITIVE_INFINITY;
export const ON_CDN = { origin: 'cdn' } as const;
/** The second chunk of the file. */
export const SECOND_CHUNK = { origin: 'cdn', rangeStart: MIB } as const;
export const HUB_INFO = { path: /^\/api\/models\// } as const;
export const HUB_RESOLVE = { path: /\/resolve\// } as const;

/** A download with faults. */
export interface FaultyDownload {
  readonly faults?: readonly Fault[];
  readonly repository?: RepositoryDeclaration;
  readonly hub?: Omit<HubOptions, 'repositories'>;
  readonly engine?: Partial<EngineOptions>;
  readonly add?: Partial<CommandInput<'downloads.add'>>;
  /** The error that it must stop with; it must then continue once the faults are gone. */
  readonly stopsWith?: ErrorCode;
  /** False where going on is of no use, for instance because the Hub itself is wrong. */
  readonly goesOn?: boolean;
  /** Something that happens while it runs. */
  readonly meanwhile?: (world: World, engine: TestEngine, id: string) => Promise<void>;
}

/** Downloads once through the faults and returns the result. Throws when a guarantee is broken. */
export async function downloadThrough(spec: FaultyDownload): Promise<Finding> {
  const repository = spec.repository ?? REPOSITORY;
  await using world = await openWorld([repository], { conditions: LINE, ...spec.hub });
  const hits = addFaults(world, spec.faults ?? []);
  const engine = await world.open(spec.engine);
  const id = await engine.add({ reference: repository.id, workers: 1, ...spec.add });
  const meanwhile = spec.meanwhile?.(world, engine, id);
  const first = await engine.ended(id, { timeoutMs: LONGEST_MS });
  await meanwhile;
  const recoverMs = recovery(world, hits);
  const messages = messagesOf(first.events);
  if (spec.stopsWith === undefined) {
    if (!first.done) throw new Error(`It stopped: ${first.failed?.code} ${first.failed?.message}`);
    await requireRight(first.done.snapshot, repository);
    return { messages, recoverMs, againBytes: againBytes(world, repository), outcome: 'right file' };
  }
  if (first.failed?.code !== spec.stopsWith) {
    throw new Error(`It was to stop with ${spec.stopsWith}, but: ${first.failed?.code ?? 'it ended well'}`);
  }
  if (spec.goesOn === false) {
    return {
      messages,
      recoverMs: null,
      againBytes: againBytes(world, repository),
      outcome: 'stops; nothing is installed, the partial is kept',
    };
  }
  world.hub.faults.clear();
  const since = engine.mark();
  // Added once more: that continues the download, or starts it again where nothing of it was kept.
  const again = await engine.add({ reference: repository.id, workers: 1, ...spec.add });
  const { done, failed } = await engine.ended(again, { since, timeoutMs: LONGEST_MS });
  if (!done) throw new Error(`Once the fault was gone it stopped: ${failed?.code} ${failed?.message}`);
  await requireRight(done.snapshot, repository);
  return {
    messages,
    recoverMs: null,
    againBytes: againBytes(world, repository),
    outcome: 'stops, says why; right file when resumed',
  };
}

/** Puts faults in place; the records of the requests that they hit are gathered. */
function addFaults(world: World, faults: readonly Fault[]): ReadonlySet<RequestRecord> {
  const hits = new Set<RequestRecord>();
  for (const fault of faults) {
    const { match = {}, times = 1 } = fault;
    let seen = 0;
    const where = (record: RequestRecord) => {
      if (match.where && !match.where(record)) return false;
      seen += 1;
      if (seen >= (match.nth ?? 1) && seen < (match.nth ?? 1) + times) hits.add(record);
      return true;
    };
    world.hub.faults.add({ ...fault, match: { ...match, where } });
  }
  return hits;
}

/** From the first request that a fault hit to the next one for content that delivered bytes. */
function recovery({ hub }: World, hits: ReadonlySet<RequestRecord>): number | null {
  const [first] = hits;
  if (!first) return null;
  const after = hub.requests.slice(hub.requests.indexOf(first) + 1);
  const good = contentRequests({ ...hub, requests: after }).filter(({ bytesSent }) => bytesSent > 0);
  const next = good.find((record) => !hits.has(record)) ?? good[0];
  return next ? next.time - first.time : null;
}

/** Bytes that were served beyond what the files have. */
export function againBytes({ hub }: World, { files = [] }: RepositoryDeclaration, rescuedBytes = 0): number {
  const sizeOf = (file: FileDeclaration) =>
    'size' in file ? file.size : 'content' in file ? Buffer.byteLength(file.content) : 0;
  const size = files.reduce((sum, file) => sum + sizeOf(file), 0);
  return Math.max(0, servedBytes(hub) + rescuedBytes - size);
}

/** Throws unless the snapshot shows every file with exactly its bytes. */
export async function requireRight(snapshot: string, { files = [] }: RepositoryDeclaration): Promise<void> {
  for (const file of files) {
    const right = await bytesOf(file);
    if (!(await readFile(join(snapshot, file.path))).equals(right))
      throw new Error(`WRONG FILE: ${file.path}`);
  }
}
