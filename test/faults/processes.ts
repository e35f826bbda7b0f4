import { setTimeout as sleep } from 'node:timers/promises';
import type { EngineEvent } from '../../src/shared/contract/events.ts';
import { MIB } from './download-bench.ts';
import { messagesOf } from './messages.ts';
import { DOWNLOAD, finding, openBench, requireDone, SIZE, someBytes, TWO_SECONDS } from './process-bench.ts';
import { notBuilt, type Program } from './program.ts';
import type { FaultScenario, Finding } from './scenario.ts';

const DAY_MS = 86_400_000;

const processFault = (
  fault: string,
  run: () => Promise<Finding>,
  mayCostBytes: number | null = TWO_SECONDS,
): FaultScenario => ({
  area: 'Processes',
  fault,
  mayCostBytes,
  cannotRun: notBuilt,
  run,
});

const isVerifying = (event: EngineEvent) =>
  event.event === 'verifying' || (event.event === 'progress' && event.receivedBytes === SIZE);

/** The program itself is killed, stopped, confused, or not alone. */
export const PROCESSES: readonly FaultScenario[] = [
  processFault('SIGKILL in the middle, then started again', () => endedBy('SIGKILL', someBytes)),
  processFault('SIGTERM in the middle, then started again', () => endedBy('SIGTERM', someBytes), MIB),
  processFault('SIGINT in the middle, then started again', () => endedBy('SIGINT', someBytes), MIB),
  processFault('killed as by the OOM killer while hashing, then started again', () =>
    endedBy('SIGKILL', isVerifying),
  ),
  processFault('stopped (SIGSTOP) for a minute', () =>
    alone(async (program) => {
      await program.until(someBytes);
      program.signal('SIGSTOP');
      await sleep(60_000);
      program.signal('SIGCONT');
    }),
  ),
  processFault('the clock set back by a day', () => alone(movesClock, -DAY_MS), MIB),
  processFault('the clock set forward by a day', () => alone(movesClock, DAY_MS), MIB),
  processFault('two command lines on one data folder', twoOnOneFolder),
  processFault(
    'two command lines with their own data folders on one cache',
    twoOnOneCache,
    SIZE + TWO_SECONDS,
  ),
  processFault('the owner killed while another command line follows', ownerKilled),
];

async function endedBy(signal: NodeJS.Signals, moment: (event: EngineEvent) => boolean): Promise<Finding> {
  await using bench = await openBench();
  const first = bench.start();
  await first.until(moment);
  first.signal(signal);
  const end = await first.ended;
  const said = [end.problem].filter(Boolean);
  const startedMs = performance.now();
  const second = bench.start();
  await second.until((event) => event.event === 'done' || (event.event === 'progress' && event.streams > 0));
  const recoverMs = performance.now() - startedMs;
  const { events } = await requireDone(second);
  return finding(bench, [...said, ...messagesOf(events)], recoverMs);
}

async function alone(disturb: (program: Program) => Promise<void>, moveClockMs?: number): Promise<Finding> {
  await using bench = await openBench();
  const program = bench.start(DOWNLOAD, {}, moveClockMs);
  await disturb(program);
  const startedMs = Date.now();
  const { events } = await requireDone(program);
  const next = bench.hub.requests.find(({ time, origin }) => origin === 'cdn' && time >= startedMs);
  return finding(bench, messagesOf(events), next ? next.time - startedMs : 0);
}

async function movesClock(program: Program): Promise<void> {
  await program.until(someBytes);
  program.signal('SIGUSR2');
}

async function twoOnOneFolder(): Promise<Finding> {
  await using bench = await openBench();
  const first = bench.start();
  await first.until(someBytes);
  const second = bench.start();
  const ends = [await requireDone(first), await requireDone(second)];
  const messages = ends.flatMap(({ events }) => messagesOf(events));
  return finding(bench, [...new Set(messages)], null, 'the second one follows the first; right file');
}

async function ownerKilled(): Promise<Finding> {
  await using bench = await openBench();
  const first = bench.start();
  await first.until(someBytes);
  const second = bench.start();
  await second.until(someBytes);
  first.signal('SIGKILL');
  await first.ended;
  const startedMs = performance.now();
  await second.until(({ event }) => event === 'rescued');
  const recoverMs = performance.now() - startedMs;
  const { events } = await requireDone(second);
  return finding(bench, messagesOf(events), recoverMs, 'the second one goes on; right file');
}

async function twoOnOneCache(): Promise<Finding> {
  await using bench = await openBench();
  const first = bench.start();
  await first.until(someBytes);
  const second = bench.start(DOWNLOAD, { dataDir: `${bench.place.dataDir}-2` });
  const ends = [await requireDone(first), await requireDone(second)];
  return finding(
    bench,
    ends.flatMap(({ events }) => messagesOf(events)),
    null,
    'right file for both',
  );
}
