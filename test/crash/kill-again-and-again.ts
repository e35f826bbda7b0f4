import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { EngineEvent } from '../../src/shared/contract/events.ts';
import type { Hub } from '../hub/hub.ts';
import { type Outcome, type Place, type Running, runCommandLine } from './command-line.ts';
import { FetchedTwice } from './fetched-twice.ts';

/** A download that is to be killed. */
export interface KillPlan {
  readonly hub: Hub;
  readonly place: Place;
  /** `org/name` and the one large file of it that is measured. */
  readonly repo: string;
  readonly file: string;
  readonly kills: number;
  /** Longest time to the kill, in milliseconds: from the start of the process or from its first byte. */
  readonly longestLifeMs: number;
  /** Share of the kills whose time begins with the first byte; the others hit programs that are still starting, too. */
  readonly fromFirstByte?: number;
  readonly random: () => number;
  readonly args?: readonly string[];
}

/** What one kill cost. */
export interface KillCost {
  /** Milliseconds from the start of the process to its kill. */
  readonly lifeMs: number;
  /** Bytes that were sent again because of it. */
  readonly againBytes: number;
  /** The same as time of transfer, at the speed at which the killed process was receiving. */
  readonly againSeconds: number;
}

export interface KillReport {
  readonly kills: readonly KillCost[];
  readonly last: Outcome;
  /** SHA-256 of the installed file, read from the disk. */
  readonly sha256: string;
}

/**
 * Kills a download with SIGKILL at random moments, lets it finish, and reports what was fetched twice. A process that
 * ends by itself before its kill counts as the last one.
 */
export async function killAgainAndAgain(plan: KillPlan): Promise<KillReport> {
  const { hub, place, repo, file } = plan;
  const accounts = new FetchedTwice();
  const command = ['download', repo, ...(plan.args ?? [])];
  const runs: Array<{ lifeMs: number; sentBytes: number; transferMs: number; againBytes: number }> = [];
  let last: Outcome | null = null;
  for (let run = 0; !last; run += 1) {
    const lifeMs = run < plan.kills ? 50 + plan.random() * plan.longestLifeMs : null;
    const fromFirstByte = plan.random() < (plan.fromFirstByte ?? 0);
    const outcome = await runAndKill(command, place, lifeMs, fromFirstByte);
    const { sentBytes, againBytes } = accounts.take(hub.requests, file);
    // What is sent again was lost by the last run that had received anything.
    const loser = runs.findLast((earlier) => earlier.sentBytes > 0);
    if (loser) loser.againBytes += againBytes;
    const transferMs = Math.max(50, outcome.milliseconds - firstByteMs(outcome));
    runs.push({ lifeMs: outcome.milliseconds, sentBytes, transferMs, againBytes: 0 });
    if (outcome.signal === null) last = outcome;
  }
  const kills = runs.slice(0, -1).map(({ lifeMs, sentBytes, transferMs, againBytes }) => {
    const againSeconds = sentBytes === 0 ? 0 : (againBytes / sentBytes) * (transferMs / 1000);
    return { lifeMs, againBytes, againSeconds };
  });
  const snapshot = last.events.flatMap((event) => (event.event === 'done' ? [event.snapshot] : []))[0];
  return { kills, last, sha256: snapshot ? await sha256Of(join(snapshot, file)) : '' };
}

async function runAndKill(
  command: readonly string[],
  place: Place,
  lifeMs: number | null,
  fromFirstByte: boolean,
): Promise<Outcome> {
  let timer: NodeJS.Timeout | null = null;
  const killLater = (running: Running) => {
    if (lifeMs !== null) timer ??= setTimeout(() => running.signal('SIGKILL'), lifeMs);
  };
  const running = runCommandLine(command, place, (event, program) => {
    if (isMoving(event)) killLater(program);
  });
  if (!fromFirstByte) killLater(running);
  const outcome = await running.ended;
  if (timer) clearTimeout(timer);
  return outcome;
}

const isMoving = (event: EngineEvent) => event.event === 'progress' && event.streams > 0;

/** When the transfer had begun, from the start of the process; half a second where it is not known. */
function firstByteMs({ events, milliseconds }: Outcome): number {
  const [first] = events;
  const moving = events.find(isMoving);
  if (!first || !moving) return Math.min(500, milliseconds);
  return Math.min(milliseconds, 300 + Date.parse(moving.time) - Date.parse(first.time));
}

/** Hash of a file, read by the test itself. */
export async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}
