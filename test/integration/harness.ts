import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CallOptions, type EngineOptions, openEngine } from '../../src/engine/engine.ts';
import type { CommandInput, CommandResult } from '../../src/shared/contract/commands.ts';
import type { AppError } from '../../src/shared/contract/errors.ts';
import type { DoneEvent, EngineEvent, FailedEvent } from '../../src/shared/contract/events.ts';
import type { DownloadView } from '../../src/shared/model/download.ts';
import { type Hub, type HubOptions, startHub } from '../hub/hub.ts';
import { checkEvents } from './check-events.ts';

const HASH_WORKER = new URL('../../src/engine/integrity/hash-worker.ts', import.meta.url);
const UNIT_WORKER = new URL('../../src/engine/jobs/quantize/threads/unit-worker.ts', import.meta.url);
const LISTING_WORKER = new URL('../../src/engine/hub/listing-worker.ts', import.meta.url);
const WAIT_MS = 20_000;

/** The smallest chunk size that the engine allows: small files have several chunks with it. */
export const MIB = 1 << 20;

type EventOf<K extends EngineEvent['event']> = Extract<EngineEvent, { readonly event: K }>;
type Add = CommandInput<'downloads.add'>;

/** Where and how long to look for an event. */
export interface WaitOptions {
  /** Looks at events from this index on; 0 when absent. See {@link TestEngine.mark}. */
  readonly since?: number;
  readonly timeoutMs?: number;
}

/** How a download ended, and all its events since it was added. */
export interface Ended {
  readonly id: string;
  readonly done: DoneEvent | null;
  readonly failed: FailedEvent | null;
  readonly events: readonly EngineEvent[];
}

/** An engine that keeps its events. */
export interface TestEngine {
  readonly call: <N extends Parameters<Awaited<ReturnType<typeof openEngine>>['call']>[0]>(
    name: N,
    args: CommandInput<N>,
    options?: CallOptions,
  ) => Promise<CommandResult<N>>;
  readonly events: readonly EngineEvent[];
  readonly log: readonly string[];
  /** Index of the next event. */
  mark(): number;
  /** The first event of that kind, past or future, that fits. */
  waitFor<K extends EngineEvent['event']>(
    kind: K,
    where?: (event: EventOf<K>) => boolean,
    options?: WaitOptions,
  ): Promise<EventOf<K>>;
  /** Adds a download with chunks of 1 MiB; returns its id. */
  add(args: Add): Promise<string>;
  /** Resolves when the download is ready or has failed. */
  ended(id: string, options?: WaitOptions): Promise<Ended>;
  /** Adds a download and follows it to its end. */
  run(args: Add, options?: WaitOptions): Promise<Ended>;
  /** Adds a download and follows it to `done`; throws when it fails. */
  download(args: Add, options?: WaitOptions): Promise<Ended & { readonly done: DoneEvent }>;
  view(id: string): Promise<DownloadView>;
  close(): Promise<void>;
}

/** A Hub, folders on disk, and the engines that a test opens on them. */
export interface World extends AsyncDisposable {
  readonly hub: Hub;
  /** A folder that is removed at the end. */
  readonly root: string;
  readonly cacheDir: string;
  readonly dataDir: string;
  readonly catalogFile: string;
  open(options?: Partial<EngineOptions>): Promise<TestEngine>;
}

/** Starts a Hub and makes empty folders. Disposing closes every engine, checks their events, and removes the folders. */
export async function openWorld(
  repositories: HubOptions['repositories'],
  options: Omit<HubOptions, 'repositories'> = {},
): Promise<World> {
  const root = await mkdtemp(join(tmpdir(), 'haulyard-integration-'));
  const hub = await startHub({ repositories, ...options });
  const catalogFile = join(root, 'catalog.json');
  await writeFile(catalogFile, JSON.stringify(EMPTY_CATALOG));
  const engines: TestEngine[] = [];
  const world = { hub, root, catalogFile, cacheDir: join(root, 'cache'), dataDir: join(root, 'data') };
  return {
    ...world,
    async open(changes = {}) {
      const engine = await openTestEngine({ ...optionsFor(world), ...changes });
      engines.push(engine);
      return engine;
    },
    async [Symbol.asyncDispose]() {
      try {
        await Promise.all(engines.map((engine) => engine.close()));
      } finally {
        await hub.close();
        await rm(root, { recursive: true, force: true });
      }
      for (const { events } of engines) checkEvents(events);
      requireOfficial(hub);
    },
  };
}

/** A download that a real Hub might not serve is not a success, whatever the result. */
export function requireOfficial({ violations }: Hub): void {
  const [first] = violations;
  if (first) throw new Error(`${first.reason} ${first.request.method} ${first.request.url}`);
}

function optionsFor(world: Omit<World, 'open' | keyof AsyncDisposable>): Omit<EngineOptions, 'log'> {
  return {
    dataDir: world.dataDir,
    cacheDir: world.cacheDir,
    homeDir: world.root,
    endpoint: world.hub.url,
    catalogFile: world.catalogFile,
    token: null,
    env: {},
    access: 'owner',
    autoStart: false,
    hashWorkerUrl: HASH_WORKER,
    unitWorkerUrl: UNIT_WORKER,
    listingWorkerUrl: LISTING_WORKER,
    version: '0.0.0',
    program: 'integration test',
  };
}

async function openTestEngine(options: Omit<EngineOptions, 'log'>): Promise<TestEngine> {
  const log: string[] = [];
  const events: EngineEvent[] = [];
  const listeners = new Set<(event: EngineEvent) => void>();
  const engine = await openEngine({ ...options, log: (level, text) => log.push(`${level}: ${text}`) });
  engine.on((event) => {
    events.push(event);
    for (const listener of listeners) listener(event);
  });
  const wait = async <E extends EngineEvent>(
    what: string,
    fits: (event: EngineEvent) => event is E,
    { since = 0, timeoutMs = WAIT_MS }: WaitOptions = {},
  ): Promise<E> => {
    const known = events.slice(since).find(fits);
    if (known) return known;
    const { promise, resolve, reject } = Promise.withResolvers<E>();
    const listener = (event: EngineEvent) => fits(event) && resolve(event);
    const timer = setTimeout(() => reject(new Error(notSeen(what, events, log))), timeoutMs);
    listeners.add(listener);
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      listeners.delete(listener);
    }
  };
  const self: TestEngine = {
    call: engine.call,
    events,
    log,
    mark: () => events.length,
    waitFor: (kind, where = () => true, waiting) =>
      wait(
        kind,
        (event): event is EventOf<typeof kind> =>
          event.event === kind && where(event as EventOf<typeof kind>),
        waiting,
      ),
    add: async (args) => (await engine.call('downloads.add', { chunkSizeBytes: MIB, ...args })).id,
    async ended(id, waiting = {}) {
      const isEnd = (event: EngineEvent): event is DoneEvent | FailedEvent =>
        event.download === id && (event.event === 'done' || event.event === 'failed');
      const end = await wait('the end of the download', isEnd, waiting);
      const told = events.slice(waiting.since ?? 0).filter((event) => event.download === id);
      return {
        id,
        done: end.event === 'done' ? end : null,
        failed: end.event === 'failed' ? end : null,
        events: told,
      };
    },
    async run(args, waiting) {
      const since = events.length;
      return self.ended(await self.add(args), { since, ...waiting });
    },
    async download(args, waiting) {
      const ended = await self.run(args, waiting);
      if (ended.done === null) throw new Error(`It failed: ${ended.failed?.code} ${ended.failed?.message}`);
      return { ...ended, done: ended.done };
    },
    async view(id) {
      const { downloads } = await engine.call('snapshot', {});
      const view = downloads.find((each) => each.id === id);
      if (!view) throw new Error(`The snapshot does not have ${id}.`);
      return view;
    },
    close: engine.close,
  };
  return self;
}

function notSeen(what: string, events: readonly EngineEvent[], log: readonly string[]): string {
  const last = events.slice(-5).map((event) => JSON.stringify(event).slice(0, 300));
  return [`${what} did not come in time. The last events and messages:`, ...last, ...log.slice(-5)].join(
    '\n',
  );
}

/** Events of one kind. */
export function ofKind<K extends EngineEvent['event']>(
  events: readonly EngineEvent[],
  kind: K,
): readonly EventOf<K>[] {
  return events.filter((event): event is EventOf<K> => event.event === kind);
}

/** The error that a promise rejects with. */
export async function errorOf(promise: Promise<unknown>): Promise<AppError> {
  try {
    await promise;
  } catch (error) {
    return error as AppError;
  }
  throw new Error('It was expected to fail, but it did not.');
}

const EMPTY_CATALOG = {
  version: 1,
  models: [
    {
      id: 'nothing',
      name: 'Nothing',
      summary: 'A model that no test downloads.',
      license: 'MIT',
      variants: [{ id: 'bf16', repo: 'nobody/nothing', bytes: 1, neededBytes: 1 }],
    },
  ],
};
