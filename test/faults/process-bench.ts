import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EngineEvent } from '../../src/shared/contract/events.ts';
import type { Place } from '../crash/command-line.ts';
import { type Hub, startHub } from '../hub/hub.ts';
import { servedBytes } from '../integration/on-disk.ts';
import { oneFile } from '../integration/repositories.ts';
import { LONGEST_MS, MIB, requireRight } from './download-bench.ts';
import { type Ended, type Program, startProgram, type User } from './program.ts';
import type { Finding } from './scenario.ts';

/** Bytes of the file that the command line downloads. */
export const SIZE = 24 * MIB;
/** Speed of the line, bytes per second. */
export const RATE = 8_000_000;
export const REPOSITORY = oneFile(SIZE, 'org/process');
export const DOWNLOAD: readonly string[] = ['download', REPOSITORY.id, '--chunk-size', '1MiB'];
/** What two seconds of transfer deliver, and what was in flight. */
export const TWO_SECONDS = 2 * RATE + MIB;

/** True once a quarter of the file is there. */
export const someBytes = (event: EngineEvent) => event.event === 'progress' && event.receivedBytes > 6 * MIB;

/** A Hub, folders on disk, and the command lines that a scenario starts on them. */
export interface Bench extends AsyncDisposable {
  readonly hub: Hub;
  readonly place: Place;
  start(args?: readonly string[], changes?: Partial<Place>, moveClockMs?: number): Program;
}

/** Starts a Hub and makes empty folders, which belong to `user` where one is given. */
export async function openBench(user?: User): Promise<Bench> {
  const root = await mkdtemp(join(tmpdir(), 'haulyard-processes-'));
  if (user) await chown(root, user.uid, user.gid);
  const hub = await startHub({ repositories: [REPOSITORY], conditions: { totalBytesPerSecond: RATE } });
  const place = { dataDir: join(root, 'data'), cacheDir: join(root, 'cache'), endpoint: hub.url };
  const programs: Program[] = [];
  return {
    hub,
    place,
    start(args = DOWNLOAD, changes = {}, moveClockMs) {
      const program = startProgram(args, { ...place, ...changes }, moveClockMs, user);
      programs.push(program);
      return program;
    },
    async [Symbol.asyncDispose]() {
      for (const program of programs) program.signal('SIGKILL');
      await Promise.all(programs.map(({ ended }) => ended));
      await hub.close();
      await rm(root, { recursive: true, force: true });
    },
  };
}

/** Waits for a program that must end well, with the right file. */
export async function requireDone(program: Program): Promise<Ended> {
  const end = await Promise.race([program.ended, sleep(LONGEST_MS, null, { ref: false })]);
  if (end === null) throw new Error('HANG: the program does not end.');
  const done = end.events.find((event) => event.event === 'done');
  if (end.code !== 0 || !done)
    throw new Error(`It ended with ${end.code ?? end.signal}: ${end.stderr.slice(0, 500)}`);
  await requireRight(done.snapshot, REPOSITORY);
  return end;
}

/** What a scenario of the command line came to. */
export function finding(
  { hub }: Bench,
  messages: readonly string[],
  recoverMs: number | null,
  outcome = 'right file',
): Finding {
  return { messages, recoverMs, outcome, againBytes: Math.max(0, servedBytes(hub) - SIZE) };
}
