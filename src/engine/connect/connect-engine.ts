import { setTimeout as sleep } from 'node:timers/promises';
import type { EngineCommandName } from '../../shared/contract/commands.ts';
import { AppError } from '../../shared/contract/errors.ts';
import type { EngineEvent } from '../../shared/contract/events.ts';
import type { RunOptions } from '../../shared/model/run-options.ts';
import { classify } from '../errors/classify.ts';
import type { Hosted } from '../serve/guest-view.ts';
import { type Introduction, joinOwner, type Membership, type OwnerInfo, SilentOwner } from '../serve/join.ts';
import { type GuestDoor, type GuestInfo, listenForGuests } from '../serve/listen.ts';
import type { Hello, SharedSettings } from '../serve/protocol.ts';
import type { Served } from '../serve/serve-client.ts';

/**
 * An owner that starts or ends holds the ledger without responding for a moment: stopping takes up to six seconds.
 * Retries last this long before `LedgerBusy`.
 */
const BUSY_MS = 8000;
/** An owner whose process cannot be checked is considered dead after a minute (lock.ts); a guest waits for that. */
const TAKEOVER_MS = 75_000;
const RETRY_MS = 100;

/** An engine in this process that owns the ledger. */
export interface OwnEngine extends Hosted {
  readonly runId: string;
  close(): Promise<void>;
}

/** Options of {@link connectEngine}. */
export interface ConnectOptions {
  readonly dataDir: string;
  readonly version: string;
  readonly program: string;
  readonly settings: SharedSettings;
  readonly run: RunOptions;
  /** True for a program that runs the whole queue as the owner. */
  readonly runsQueue?: boolean;
  /**
   * Opens the engine of this process. Throws `LedgerBusy` while another process owns the ledger. With access `reader`,
   * called when nobody owns it and nothing is to be changed.
   */
  readonly open: () => Promise<OwnEngine>;
  /** `own`: this program takes over the ledger when nobody owns it. `read`: it only reads it then. */
  readonly ifAbsent: 'own' | 'read';
  /** Called when joining an owner; throws when this program must not be its guest. */
  readonly checkOwner?: (owner: OwnerInfo) => void;
  readonly log: (level: 'info' | 'warn', message: string) => void;
  /** Called when there is no owner any more and this program could not become one. */
  readonly onFatal?: (error: AppError) => void;
}

/** The one live engine of a data folder, whoever owns it. */
export interface ConnectedEngine extends Served {
  /** Id of the current run. */
  readonly runId: string;
  /** The owner of the ledger; null when this process is. */
  readonly owner: OwnerInfo | null;
  /** Programs that are guests of this one. */
  guests(): readonly GuestInfo[];
  /**
   * Calls the listener when another run begins, in this process or another. Cached data must be requested again then;
   * returns a function that unsubscribes.
   */
  onNewRun(listener: (owner: OwnerInfo | null) => void): () => void;
  /** Ends in order. Downloads of an owner stop; those of a guest continue. */
  close(): Promise<void>;
}

/**
 * Requests that may be repeated after the owner ended before it answered: they change nothing, or the same as the first
 * time.
 */
const IS_REPEATABLE: Readonly<Record<EngineCommandName, boolean>> = {
  snapshot: true,
  'downloads.plan': true,
  'downloads.add': true,
  'downloads.pause': true,
  'downloads.resume': true,
  'downloads.startNow': true,
  'downloads.move': true,
  'downloads.inspect': true,
  'downloads.make': true,
  'downloads.pauseAll': true,
  'downloads.resumeAll': true,
  'downloads.retryNow': true,
  'downloads.suspend': true,
  'build.plan': true,
  'build.pause': true,
  'build.resume': true,
  'settings.get': true,
  'sharing.status': true,
  'settings.set': true,
  'catalog.get': true,
  'catalog.presence': true,
  'endpoint.test': true,
  'hardware.get': true,
  'library.list': true,
  'library.files': true,
  'library.path': true,
  'library.verify': true,
  'library.diskUsage': true,
  'library.outdated': true,
  'library.update': true,
  doctor: true,
  'doctor.hub': true,
  'token.check': true,
  'token.set': true,
  'models.search': true,
  'models.card': true,
  'models.files': true,
  'models.access': true,
  'downloads.cancel': false,
  'downloads.adopt': false,
  'build.start': false,
  'build.cancel': false,
  'build.remove': false,
  'library.remove': false,
  'library.removePartial': false,
  'library.removeSeveral': false,
  'library.prune': false,
  'library.relocate': true,
};

/** The engine of this process with its listener for guests, or the membership at another's. */
type Link =
  | { readonly kind: 'own'; readonly engine: OwnEngine; readonly door: GuestDoor | null }
  | { readonly kind: 'guest'; readonly engine: Membership };

/**
 * Connects to the live engine of a data folder: as guest of its owner, or as the owner when there is none. When the
 * owner ends, this program takes over the ledger or joins whoever was faster; the lock of the ledger decides.
 */
export async function connectEngine(options: ConnectOptions): Promise<ConnectedEngine> {
  const listeners = new Set<(event: EngineEvent) => void>();
  const runListeners = new Set<(owner: OwnerInfo | null) => void>();
  const tell = (event: EngineEvent) => {
    for (const listener of listeners) listener(event);
  };
  let run = options.run;
  let isClosed = false;
  let link = await establish({ ...options, run }, BUSY_MS);
  let relinking: Promise<void> = Promise.resolve();
  let stopHearing = listeners.size === 0 ? null : link.engine.on(tell);
  follow(link);

  function follow(of: Link): void {
    if (of.kind === 'own') return;
    void of.engine.ended.then(() => {
      if (!isClosed) relinking = relink();
    });
  }

  async function relink(): Promise<void> {
    try {
      link = await establish({ ...options, run }, TAKEOVER_MS);
      if (isClosed) return await closeLink(link);
      stopHearing = listeners.size === 0 ? null : link.engine.on(tell);
      follow(link);
      for (const listener of runListeners) listener(ownerOf(link));
    } catch (error) {
      options.onFatal?.(classify(error));
    }
  }

  /** Returns the working link, after any change in progress. */
  async function current(): Promise<Link> {
    for (;;) {
      const waitedFor = relinking;
      await waitedFor;
      if (waitedFor === relinking) return link;
    }
  }

  return {
    get runId() {
      return link.kind === 'own' ? link.engine.runId : link.engine.owner.runId;
    },
    get owner() {
      return ownerOf(link);
    },
    guests: () => (link.kind === 'own' ? (link.door?.guests() ?? []) : []),
    onNewRun(listener) {
      runListeners.add(listener);
      return () => void runListeners.delete(listener);
    },
    on(listener) {
      listeners.add(listener);
      stopHearing ??= link.engine.on(tell);
      return () => {
        if (!listeners.delete(listener) || listeners.size > 0) return;
        stopHearing?.();
        stopHearing = null;
      };
    },
    async call(name, args, callOptions) {
      if (name === 'token.set') run = { ...run, token: (args as { readonly token: string | null }).token };
      for (;;) {
        const { engine, kind } = await current();
        try {
          return await engine.call(name, args, callOptions);
        } catch (error) {
          const isGone = kind === 'guest' && engine.isOver() && !isClosed;
          if (!isGone || !IS_REPEATABLE[name]) throw error;
          await engine.ended;
        }
      }
    },
    async close() {
      if (isClosed) return;
      isClosed = true;
      await closeLink(await current());
    },
  };
}

const ownerOf = (link: Link): OwnerInfo | null => (link.kind === 'own' ? null : link.engine.owner);

/** Guests are released when the ledger is free: then the first of them can take it over. */
async function closeLink(link: Link): Promise<void> {
  if (link.kind === 'guest') return link.engine.leave();
  await link.door?.shut();
  try {
    await link.engine.close();
  } finally {
    link.door?.farewell();
  }
}

async function establish(options: ConnectOptions, patienceMs: number): Promise<Link> {
  const untilMs = performance.now() + patienceMs;
  for (;;) {
    const { version, program, run, runsQueue = false, checkOwner } = options;
    const self = { version, program, runsQueue, run: introduced(run) };
    const membership = await joinPatiently(options.dataDir, self, untilMs);
    if (membership) {
      try {
        checkOwner?.(membership.owner);
        return { kind: 'guest', engine: membership };
      } catch (error) {
        membership.leave();
        throw error;
      }
    }
    try {
      return await own(options);
    } catch (error) {
      const isBusy = error instanceof AppError && error.code === 'LedgerBusy' && error.retryable;
      if (!isBusy || performance.now() > untilMs) throw error;
    }
    await sleep(RETRY_MS * (0.5 + Math.random()));
  }
}

/** An owner that does not answer may be busy, or stopping: retries it, or its successor, as long as there is time. */
async function joinPatiently(
  dataDir: string,
  self: Introduction,
  untilMs: number,
): Promise<Membership | null> {
  for (;;) {
    try {
      return await joinOwner(dataDir, self);
    } catch (error) {
      if (!(error instanceof SilentOwner) || performance.now() > untilMs) throw error;
    }
  }
}

async function own({ open, ifAbsent, ...options }: ConnectOptions): Promise<Link> {
  const engine = await open();
  if (ifAbsent === 'read') return { kind: 'own', engine, door: null };
  try {
    return { kind: 'own', engine, door: await listenForGuests({ ...options, engine }) };
  } catch (error) {
    await engine.close();
    throw error;
  }
}

/** The defined fields: frames cannot carry `undefined`. */
const introduced = ({ token = null, ...rest }: RunOptions) => ({
  token,
  ...(Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)) as Partial<
    Omit<Hello['run'], 'token'>
  >),
});
