import { chmod } from 'node:fs/promises';
import { partialOf } from '../integration/on-disk.ts';
import { messagesOf } from './messages.ts';
import {
  DOWNLOAD,
  finding,
  openBench,
  REPOSITORY,
  requireDone,
  someBytes,
  TWO_SECONDS,
} from './process-bench.ts';
import { type Ended, notBuilt, type User } from './program.ts';
import type { FaultScenario, Finding } from './scenario.ts';

/** Root may read everything, so the command line runs as nobody then (uid and gid of Debian and macOS differ; any will do). */
const USER: User | undefined = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : undefined;

const unreadable = (fault: string, whileRunning: boolean): FaultScenario => ({
  area: 'Damage at rest',
  fault,
  mayCostBytes: TWO_SECONDS,
  cannotRun: notBuilt,
  run: () => withoutPermission(whileRunning),
});

/** The right to read the partial is taken away. */
export const PERMISSIONS: readonly FaultScenario[] = [
  unreadable('the partial made unreadable', false),
  unreadable('the partial made unreadable while it is being written', true),
];

async function withoutPermission(whileRunning: boolean): Promise<Finding> {
  await using bench = await openBench(USER);
  const first = bench.start();
  await first.until(someBytes);
  const partial = await partialOf(bench.place, REPOSITORY);
  if (!whileRunning) {
    first.signal('SIGTERM');
    await first.ended;
  }
  await chmod(partial, 0);
  const refused = await (whileRunning ? first : bench.start()).ended;
  requireRefused(refused);
  await chmod(partial, 0o600);
  const startedMs = performance.now();
  const again = bench.start(DOWNLOAD);
  await again.until((event) => event.event === 'done' || (event.event === 'progress' && event.streams > 0));
  const recoverMs = performance.now() - startedMs;
  const { events } = await requireDone(again);
  const outcome = 'stops, says why; right file once it is mended';
  return finding(bench, [...messagesOf(refused.events), ...messagesOf(events)], recoverMs, outcome);
}

/** Exit code 6 stands for the disk. */
function requireRefused({ code, events, stderr }: Ended): void {
  const failed = events.find((event) => event.event === 'failed');
  if (code === 6 && failed?.code === 'DiskPermission') return;
  throw new Error(`It was to stop with DiskPermission, but: ${code} ${failed?.code} ${stderr.slice(0, 300)}`);
}
