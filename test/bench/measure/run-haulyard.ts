import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DoneEvent, EngineEvent, ProgressEvent } from '../../../src/shared/contract/events.ts';
import { type CommandEnd, runCommand } from './run-command.ts';

/** An event and when it came. */
export interface TimedEvent {
  readonly event: EngineEvent;
  /** Milliseconds since the start of the process. */
  readonly atMs: number;
}

/** A run of the command line with its events. */
export interface HaulyardRun extends CommandEnd {
  readonly events: readonly TimedEvent[];
  readonly done: DoneEvent | null;
}

/** How to run it. */
export interface HaulyardSpec {
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Where a temporary folder may be made. */
  readonly folder: string;
  readonly limitSeconds: number;
  /** Stops it, as Ctrl-C does, once it has printed this. */
  readonly stopWhen?: (progress: ProgressEvent) => boolean;
}

/** Runs `haulyard download --json` to its end, or until it is stopped. */
export async function runHaulyard(spec: HaulyardSpec): Promise<HaulyardRun> {
  const own = await mkdtemp(join(spec.folder, 'usage-'));
  const events: TimedEvent[] = [];
  const stop = new AbortController();
  const onLine = (line: string, atMs: number) => {
    const event = parseEvent(line);
    if (event === null) return;
    events.push({ event, atMs });
    if (event.event === 'progress' && spec.stopWhen?.(event)) stop.abort();
  };
  const { argv, env = {}, limitSeconds } = spec;
  try {
    const usageFile = join(own, 'usage');
    const end = await runCommand({ argv, env, limitSeconds, onLine, interrupt: stop.signal }, usageFile);
    const done = events.map(({ event }) => event).find((event) => event.event === 'done');
    return { ...end, events, done: done ?? null };
  } finally {
    await rm(own, { recursive: true, force: true });
  }
}

/** Throws unless the run ended with a verified file. */
export function requireDone(run: HaulyardRun): DoneEvent {
  if (run.code === 0 && run.done) return run.done;
  throw new Error(`haulyard ended with ${run.tooSlow ? 'the time limit' : run.code}: ${run.errors}`);
}

function parseEvent(line: string): EngineEvent | null {
  try {
    const value = JSON.parse(line);
    return typeof value?.event === 'string' ? value : null;
  } catch {
    return null;
  }
}
