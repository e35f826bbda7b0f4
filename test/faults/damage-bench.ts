import { join } from 'node:path';
import type { EngineOptions } from '../../src/engine/engine.ts';
import { LEDGER_FILE } from '../../src/engine/ledger/ledger.ts';
import type { CommandInput } from '../../src/shared/contract/commands.ts';
import type { ErrorCode } from '../../src/shared/contract/errors.ts';
import { openWorld, type World } from '../integration/harness.ts';
import { interrupt } from '../integration/interrupt.ts';
import { partialOf } from '../integration/on-disk.ts';
import { againBytes, LONGEST_MS, REPOSITORY, requireRight } from './download-bench.ts';
import { messagesOf, plain } from './messages.ts';
import type { Finding } from './scenario.ts';

/** What is on disk of an interrupted download: three whole chunks and half of the fourth. */
export interface Interrupted {
  readonly world: World;
  readonly partial: string;
  readonly ledger: string;
}

export interface DamageOptions {
  readonly damage: (at: Interrupted) => Promise<unknown>;
  /** The error that the next run must stop with, until the damage is repaired. */
  readonly stopsWith?: ErrorCode;
  readonly mend?: (at: Interrupted) => Promise<unknown>;
  readonly engine?: Partial<EngineOptions>;
  readonly add?: Partial<CommandInput<'downloads.add'>>;
}

/** Interrupts a download, damages what is on disk, and lets the next run find it. */
export async function recoverFrom({ damage, stopsWith, mend, engine, add }: DamageOptions): Promise<Finding> {
  await using world = await openWorld([REPOSITORY]);
  await interrupt(world, REPOSITORY, 3);
  const at = { world, partial: await partialOf(world, REPOSITORY), ledger: join(world.dataDir, LEDGER_FILE) };
  await damage(at);
  const messages: string[] = [];
  if (stopsWith !== undefined) {
    messages.push(plain(await stopped(world, stopsWith, engine)));
    await mend?.(at);
  }
  const startedMs = performance.now();
  const again = await world.open(engine);
  const { done, failed, events } = await again.run(
    { reference: REPOSITORY.id, workers: 1, ...add },
    { timeoutMs: LONGEST_MS },
  );
  if (!done) throw new Error(`It stopped: ${failed?.code} ${failed?.message}`);
  const recoverMs = performance.now() - startedMs;
  await requireRight(done.snapshot, REPOSITORY);
  const warnings = again.log.filter((line) => line.startsWith('warn: ')).map((line) => line.slice(6));
  messages.push(...messagesOf(events), ...warnings.map((line) => plain(`log: ${line}`)));
  const outcome = stopsWith === undefined ? 'right file' : 'stops, says why; right file once it is mended';
  return { messages, recoverMs, againBytes: againBytes(world, REPOSITORY), outcome };
}

/** The error with which an engine does not open, or a download ends. */
async function stopped(world: World, code: ErrorCode, options?: Partial<EngineOptions>): Promise<string> {
  try {
    const engine = await world.open(options);
    const { failed } = await engine.run({ reference: REPOSITORY.id }, { timeoutMs: LONGEST_MS });
    await engine.close();
    if (failed?.code === code) return `${code}: ${failed.message}`;
    throw new Error(`It was to stop with ${code}, but: ${failed?.code ?? 'it ended well'}`);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === code) return `${code}: ${error.message}`;
    throw error;
  }
}
