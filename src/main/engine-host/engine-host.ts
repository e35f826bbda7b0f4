import type { EngineCommandName } from '../../shared/contract/commands.ts';
import type { EngineStatus } from '../../shared/contract/engine-status.ts';
import type { EngineSettings, Outcome } from '../../shared/contract/envelope.ts';
import type { EngineEvent } from '../../shared/contract/events.ts';
import { createFeed, createSource } from '../foundation/followed.ts';
import type { Followed, Unsubscribe } from '../foundation/shell-deps.ts';
import type { Log } from '../logs/log.ts';
import { ENGINE_CRASHES, judgeCrashes, withCrash } from './crash-budget.ts';
import type { StartEngine } from './engine-process.ts';
import { type EngineEnd, type EngineRun, startRun } from './engine-run.ts';
import { engineCrashed, engineGivenUp, engineGone, engineStopped, ledgerBusy } from './host-errors.ts';

/** Dependencies of {@link createEngineHost}. */
export interface HostDeps {
  readonly start: StartEngine;
  /** Called at each start. */
  readonly environment: () => NodeJS.ProcessEnv;
  readonly settings: () => Promise<EngineSettings>;
  /** Milliseconds, like `Date.now`. */
  readonly now: () => number;
  readonly log: Log;
}

/** Keeps one engine running, and mediates between it and everything else. */
export interface EngineHost {
  readonly status: Followed<EngineStatus>;
  onEvent(listener: (event: EngineEvent) => void): Unsubscribe;
  /**
   * Never rejects, and resolves at the latest when the engine is gone. A call during a requested restart waits for the
   * new engine: it takes a moment, and callers need not know of it.
   */
  call(name: EngineCommandName, args: unknown): Promise<Outcome<unknown>>;
  start(): void;
  /**
   * Stops it in order and starts it with the current settings, even one that was given up. Does nothing once `stop` was
   * called.
   */
  restart(): Promise<void>;
  /** Stops it in order, by force after {@link STOP_DEADLINE_MS}. Only `start` starts it again. */
  stop(): Promise<void>;
  /** For diagnostics and tests; null while there is no process. */
  processId(): number | null;
}

/** A stopping engine writes its checkpoint, which takes milliseconds; a slow disk may need seconds. */
export const STOP_DEADLINE_MS = 6000;
/** How often to retry a data folder that another program holds. Costs the start of a process. */
export const BUSY_RETRY_MS = 3000;

/** Creates a host that does nothing until `start`. */
export function createEngineHost(deps: HostDeps): EngineHost {
  const { log, now } = deps;
  const onError = (error: unknown) => log.error(`A listener of the engine failed: ${String(error)}`);
  const status = createSource<EngineStatus>({ state: 'starting' }, onError);
  const events = createFeed<EngineEvent>(onError);
  let isWanted = false;
  let run: EngineRun | null = null;
  let supervision: Promise<void> | null = null;
  let crashes: readonly number[] = [];
  let endWait: () => void = () => undefined;
  let restarting: Promise<void> = Promise.resolve();
  let isStarted: () => void = () => undefined;

  async function supervise(): Promise<void> {
    while (isWanted) {
      const end = await runOnce();
      if (isWanted) await afterwards(end);
    }
    isStarted();
    status.set({ state: 'stopped' });
  }

  async function runOnce(): Promise<EngineEnd> {
    // While another program holds the data folder each try fails the same way; reporting it each time would only
    // flicker.
    if (!isBusy(status.current())) status.set({ state: 'starting' });
    try {
      run = startRun({
        process: deps.start(deps.environment()),
        settings: deps.settings(),
        onReady: ({ runId, owner }) =>
          status.set({ state: 'running', runId, ...(owner === undefined ? {} : { owner }) }),
        onEvent: events.emit,
        log,
      });
      isStarted();
      // `stop` was called while the process was being started, and found nothing to stop.
      if (!isWanted) void run.stop(STOP_DEADLINE_MS);
      return await run.ended;
    } catch (error) {
      isStarted();
      log.error(`The engine could not be started: ${String(error)}`);
      return { how: 'crashed', code: null };
    } finally {
      run = null;
    }
  }

  async function afterwards(end: EngineEnd): Promise<void> {
    switch (end.how) {
      case 'stopped':
        return;
      case 'fatal':
        log.error(`The engine ended: ${end.error.code}: ${end.error.message}`);
        if (end.error.code !== 'LedgerBusy') return await fail(end.error);
        status.set({ state: 'failed', error: ledgerBusy(end.error) });
        return await wait(BUSY_RETRY_MS);
      case 'crashed':
        return await afterCrash(end.code);
    }
  }

  async function afterCrash(code: number | null): Promise<void> {
    crashes = withCrash(crashes, now(), ENGINE_CRASHES);
    const verdict = judgeCrashes(crashes, ENGINE_CRASHES);
    log.error(`The engine ended unasked (code ${code}), crash ${crashes.length}: ${verdict.do}`);
    if (verdict.do === 'give-up') return await fail(engineGivenUp(code));
    const retryAt = new Date(now() + verdict.delayMs).toISOString();
    status.set({ state: 'restarting', attempt: verdict.attempt, retryAt, error: engineCrashed(code) });
    await wait(verdict.delayMs);
  }

  async function fail(error: Extract<EngineStatus, { state: 'failed' }>['error']): Promise<void> {
    status.set({ state: 'failed', error });
    await wait(null);
  }

  /** Waits until the time is over or `endWait` is called; null waits for that alone. */
  async function wait(milliseconds: number | null): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = milliseconds === null ? undefined : setTimeout(resolve, milliseconds);
      endWait = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async function call(name: EngineCommandName, args: unknown): Promise<Outcome<unknown>> {
    await restarting;
    if (run) return await run.call(name, args);
    const current = status.current();
    if (current.state === 'failed') return { ok: false, error: current.error };
    return { ok: false, error: current.state === 'stopped' ? engineStopped() : engineGone() };
  }

  function start(): void {
    isWanted = true;
    supervision ??= supervise().finally(() => {
      supervision = null;
    });
  }

  /** One at a time: each starts an engine with the settings of its time. */
  function restart(): Promise<void> {
    restarting = restarting.then(restartNow);
    return restarting;
  }

  async function restartNow(): Promise<void> {
    crashes = [];
    if (status.current().state === 'failed') status.set({ state: 'starting' });
    const started = new Promise<void>((resolve) => {
      isStarted = resolve;
    });
    endWait();
    await run?.stop(STOP_DEADLINE_MS);
    // The app has begun to end: an engine started now would keep it from ending.
    if (!isWanted) return;
    start();
    await started;
  }

  async function stop(): Promise<void> {
    isWanted = false;
    endWait();
    await run?.stop(STOP_DEADLINE_MS);
    await supervision;
  }

  return {
    status,
    onEvent: events.on,
    call,
    start,
    restart,
    stop,
    processId: () => run?.pid ?? null,
  };
}

function isBusy(status: EngineStatus): boolean {
  return status.state === 'failed' && status.error.code === 'LedgerBusy';
}
