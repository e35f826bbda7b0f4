import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AppError } from '../../shared/contract/errors.ts';
import { createDispatcher } from '../http/dispatcher.ts';
import { type ScriptedServer, scriptedServer } from '../http/scripted-server.ts';
import { HttpSource } from '../sources/http/http-source.ts';
import { SignedUrlCache } from '../sources/http/signed-url-cache.ts';
import type { ContentSource } from '../sources/source.ts';
import { planChunks } from './chunk-plan.ts';
import { ChunkTable, type Claim } from './chunk-table.ts';
import { HostBackoff } from './host-backoff.ts';
import type { LinkOptions } from './link-monitor.ts';
import { RangeSupport } from './range-support.ts';
import { type RetryNotice, type SchedulerDeps, type TransferItem, TransferScheduler } from './scheduler.ts';

export const MB = 1_000_000;

/** Bytes that differ wherever it matters. */
function seeded(size: number): Buffer {
  const content = Buffer.alloc(size);
  for (let at = 0; at + 4 <= size; at += 4) content.writeUInt32LE(Math.imul(at, 2_654_435_761) >>> 0, at);
  return content;
}

/** The file that is served. */
export const CONTENT = seeded(8 * MB);

const open: (() => Promise<unknown>)[] = [];

/** Closes what a test opened. For `afterEach`. */
export async function closeAll(): Promise<void> {
  for (const close of open.splice(0).reverse()) await close();
}

/** A content in memory instead of a file. */
export class MemoryItem implements TransferItem {
  readonly path = 'model.safetensors';
  readonly size: number;
  readonly table: ChunkTable;
  readonly source: ContentSource;
  readonly disk: Buffer;
  readonly complete: Promise<void>;
  /** Bytes that were received although they were on disk already. */
  readonly compared: { readonly position: number; readonly same: boolean }[] = [];
  /** Writes wait for this promise. */
  diskReady: Promise<void> = Promise.resolve();
  #complete = Promise.withResolvers<void>();

  constructor(size: number, chunkBytes: number, source: ContentSource) {
    this.size = size;
    this.table = new ChunkTable(planChunks(size, chunkBytes));
    this.disk = Buffer.alloc(size);
    this.source = source;
    this.complete = this.#complete.promise;
  }

  hasWork(): boolean {
    return !this.table.isComplete;
  }

  claimNext(from?: number): Claim | null {
    return this.table.claimNext(from);
  }

  async compare(bytes: Buffer, position: number): Promise<void> {
    this.compared.push({
      position,
      same: bytes.equals(this.disk.subarray(position, position + bytes.length)),
    });
  }

  async write(buffers: readonly Buffer[], position: number): Promise<void> {
    await this.diskReady;
    Buffer.concat(buffers).copy(this.disk, position);
  }

  written(...[chunk, range]: Parameters<TransferItem['written']>): void {
    this.table.markReceived(chunk, range);
    if (this.table.isComplete) this.#complete.resolve();
  }
}

/** How a server answers its n-th request. */
export type Answer = (request: IncomingMessage, response: ServerResponse, nth: number) => void;

/** A scheduler, its server, and the scheduler's events. */
export interface World {
  readonly server: ScriptedServer;
  readonly pool: TransferScheduler;
  readonly hostBackoff: HostBackoff;
  readonly retries: RetryNotice[];
  /** Hosts reported as ignoring ranges. */
  readonly single: string[];
  readonly fatal: Promise<AppError>;
  /** Returns the URL. */
  readonly hub: { locate: () => Promise<{ url: string }> };
  /** The most requests open at the same time. */
  readonly peak: { open: number };
  item(size?: number, chunkBytes?: number): MemoryItem;
}

/** Creates a scheduler and a server for it. */
export async function world(
  answer: Answer,
  options: Partial<LinkOptions> = {},
  deps: Partial<SchedulerDeps> = {},
): Promise<World> {
  let nth = 0;
  let openRequests = 0;
  const peak = { open: 0 };
  const server = await scriptedServer((request, response) => {
    openRequests += 1;
    peak.open = Math.max(peak.open, openRequests);
    response.on('close', () => {
      openRequests -= 1;
    });
    nth += 1;
    answer(request, response, nth);
  });
  const dispatcher = createDispatcher({ env: {} });
  const now = deps.now ?? (() => performance.now());
  const hostBackoff = new HostBackoff(now, () => 0.1);
  const retries: RetryNotice[] = [];
  const single: string[] = [];
  const fatal = Promise.withResolvers<AppError>();
  const hub = { locate: async () => ({ url: `${server.origin}/blob` }) };
  const pool = new TransferScheduler(
    {
      hostBackoff,
      rangeSupport: new RangeSupport(now),
      onSingleStream: (_, host) => single.push(host),
      hold: () => undefined,
      now,
      onArrived: () => undefined,
      onRetry: (notice) => retries.push(notice),
      onFatal: fatal.resolve,
      ...deps,
    },
    { profile: 'auto', workers: 4, remembered: null, ...options },
  );
  open.push(
    () => server.close(),
    () => dispatcher.destroy(),
    () => pool.stop(),
  );
  const session = {
    dispatcher,
    userAgent: 'test/1',
    hubHost: 'hub.example',
    authorizationFor: () => undefined,
  };
  const item = (size = CONTENT.length, chunkBytes = MB) => {
    const locate = async () => ({ ...(await hub.locate()), expiresAtMs: null });
    const urls = new SignedUrlCache(locate, Date.now);
    return new MemoryItem(
      size,
      chunkBytes,
      new HttpSource({ path: 'model.safetensors', size }, urls, session),
    );
  };
  return { server, pool, hostBackoff, retries, single, fatal: fatal.promise, hub, peak, item };
}

/** Returns the requested range, its end exclusive; all of `total` when the request has none. */
export function rangeOf(request: IncomingMessage, total = CONTENT.length): [number, number] {
  const [, start = '0', last = String(total - 1)] =
    /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
  return [Number(start), Number(last) + 1];
}

function head(request: IncomingMessage, response: ServerResponse, total: number): [number, number] {
  const [start, end] = rangeOf(request, total);
  const part = { 'content-range': `bytes ${start}-${end - 1}/${total}` };
  const isPart = request.headers.range !== undefined;
  response.writeHead(isPart ? 206 : 200, { ...(isPart ? part : {}), 'content-length': end - start });
  response.flushHeaders();
  return [start, end];
}

/** Sends everything, as fast as possible. */
export const well: Answer = (request, response) => {
  const [start, end] = head(request, response, CONTENT.length);
  response.end(CONTENT.subarray(start, end));
};

/** Sends that many bytes, then drops the connection. */
export function dropAfter(bytes: number): Answer {
  return (request, response) => {
    const [start] = head(request, response, CONTENT.length);
    response.write(CONTENT.subarray(start, start + bytes), () =>
      setTimeout(() => request.socket.destroy(), 20),
    );
  };
}

/** Sends bytes at a steady pace. */
export function paced(bytesPerSecond: number): Answer {
  return (request, response) => {
    let [at, end] = head(request, response, CONTENT.length);
    const timer = setInterval(() => {
      const next = Math.min(end, at + Math.ceil(bytesPerSecond / 50));
      response.write(CONTENT.subarray(at, next));
      at = next;
      if (at === end) response.end();
    }, 20);
    response.on('close', () => clearInterval(timer));
    response.on('finish', () => clearInterval(timer));
  };
}

/** Fails unless the content equals the server's. */
export function expectContent(item: MemoryItem): void {
  assert.ok(item.disk.equals(CONTENT.subarray(0, item.size)), 'The blob is not what the server has.');
}
