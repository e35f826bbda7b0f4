import { readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import type { Hub } from '../hub/hub.ts';
import { type Outcome, type Place, type Running, runCommandLine } from './command-line.ts';
import { sha256Of } from './kill-again-and-again.ts';

/** One download that several programs wait for, of which one after the other is killed. */
export interface OwnerKillPlan {
  readonly hub: Hub;
  readonly place: Place;
  readonly repo: string;
  readonly file: string;
  readonly kills: number;
  /** Programs that wait at the same time; a killed one is replaced. */
  readonly programs: number;
  /** Longest time between two kills, in milliseconds. */
  readonly longestPauseMs: number;
  readonly random: () => number;
}

/** What came of it. */
export interface OwnerKillReport {
  readonly kills: number;
  /** Kills that hit the owner of the ledger. */
  readonly ownerKills: number;
  /** Times without a living owner while somebody waited, in milliseconds, one for each kill of an owner. */
  readonly withoutOwnerMs: readonly number[];
  /** Moments at which a second owner was there while the first one lived. Must be empty. */
  readonly twoOwners: readonly string[];
  readonly ends: readonly Outcome[];
  /** SHA-256 of the installed file, read from the disk. */
  readonly sha256: string;
}

const LOOK_MS = 10;
/** Nobody owns the ledger for so long: something hangs. */
const HANG_MS = 30_000;

/** Kills programs at random and lets the last ones finish. Looks into the ledger all the time: who owns it, and does the one before live? */
export async function killOwners(plan: OwnerKillPlan): Promise<OwnerKillReport> {
  const { place, repo, random } = plan;
  const start = () => runCommandLine(['download', repo, '--chunk-size', '1MiB'], place);
  const programs = Array.from({ length: plan.programs }, start);
  const owners = watchOwners(join(place.dataDir, 'ledger.db'));
  const withoutOwnerMs: number[] = [];
  let ownerKills = 0;
  let kills = 0;
  try {
    await owners.living();
    while (kills < plan.kills) {
      await sleep(50 + random() * plan.longestPauseMs);
      const index = Math.floor(random() * programs.length);
      const victim = programs[index] as Running;
      if (victim.process.exitCode !== null) break; // The download is over.
      const isOwner = owners.now() === victim.process.pid;
      victim.signal('SIGKILL');
      await victim.ended;
      programs[index] = start();
      kills += 1;
      if (!isOwner) continue;
      ownerKills += 1;
      const killedMs = performance.now();
      await owners.living();
      withoutOwnerMs.push(performance.now() - killedMs);
    }
    plan.hub.conditions.set({ totalBytesPerSecond: null });
    const ends = await Promise.all(programs.map(({ ended }) => ended));
    const done = ends.flatMap(({ events }) => events).find((event) => event.event === 'done');
    const sha256 = done?.event === 'done' ? await sha256Of(join(done.snapshot, plan.file)) : '';
    return { kills, ownerKills, withoutOwnerMs, twoOwners: owners.twoAtOnce, ends, sha256 };
  } finally {
    owners.stop();
    for (const { signal } of programs) signal('SIGKILL');
  }
}

/** Looks at the lock of the ledger a hundred times a second. */
function watchOwners(file: string) {
  let last: { readonly run: string; readonly pid: number } | null = null;
  const twoAtOnce: string[] = [];
  const timer = setInterval(() => {
    const owner = ownerIn(file);
    if (owner && last && owner.run !== last.run && owner.pid !== last.pid && holds(last.pid, file))
      twoAtOnce.push(`process ${owner.pid} while ${last.pid} lived`);
    if (owner) last = owner;
  }, LOOK_MS);
  const now = () => {
    const owner = ownerIn(file);
    return owner && isAlive(owner.pid) ? owner.pid : null;
  };
  return {
    twoAtOnce,
    now,
    stop: () => clearInterval(timer),
    async living(): Promise<void> {
      const untilMs = performance.now() + HANG_MS;
      while (now() === null) {
        if (performance.now() > untilMs) throw new Error('Nobody owns the ledger.');
        await sleep(LOOK_MS);
      }
    },
  };
}

/**
 * True while a process has the ledger open, according to `lsof`. One that released it lives a moment longer, to print
 * its last lines. Where the system does not show the files of a process, a living one counts as holding it.
 */
function holds(pid: number, file: string): boolean {
  if (process.platform !== 'linux') return isAlive(pid);
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`) === file);
  } catch {
    return false; // It ended, or closed a file while it was looked at.
  }
}

function ownerIn(file: string): { readonly run: string; readonly pid: number } | null {
  try {
    const database = new Database(file, { readonly: true, fileMustExist: true });
    try {
      const row = database.prepare<[], { run_id: string; pid: number }>('SELECT run_id, pid FROM lock').get();
      return row ? { run: row.run_id, pid: row.pid } : null;
    } finally {
      database.close();
    }
  } catch {
    return null; // It is being made, or written at this moment.
  }
}

/** A process that ended and was not collected yet is gone: a child of this program is collected at once. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
