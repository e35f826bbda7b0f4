import type { HashPool } from '../../../integrity/hash-pool.ts';
import type { BuildPlan } from '../plan/plan-build.ts';
import type { Unit } from '../plan/unit.ts';
import type { SourceFile } from '../source/read-source.ts';
import type { UnitWorkers } from '../threads/unit-workers.ts';
import type { BuildCounters } from './counters.ts';
import { runPool } from './run-pool.ts';
import { hashSources } from './source-hash.ts';
import type { UnitJournal } from './unit-journal.ts';

/** How far the threads may be ahead of the hash of the source, so that it finds what they read in the page cache. */
const MAX_LEAD_BYTES = 64 * 8 * 1024 * 1024;

/** Dependencies of {@link makeUnits}. */
export interface MakeDeps {
  readonly plan: BuildPlan;
  readonly sources: readonly SourceFile[];
  /** Path on disk of each output file. */
  readonly targets: readonly string[];
  /** Writes the headers of these files, which belong to no unit. */
  readonly writeHeads: () => Promise<void>;
  /** Units that are done, with their checks. New ones are added. */
  readonly done: Map<number, string>;
  readonly workers: UnitWorkers;
  readonly hasher: Pick<HashPool, 'openStream' | 'openPart'>;
  readonly journal: UnitJournal;
  readonly counters: BuildCounters;
}

/**
 * Produces every unit that is not done, and hashes the source in file order alongside. Resolves when all units are
 * durable and the source was found correct. Throws `HashMismatch` when it was not, and what a unit throws.
 */
export async function makeUnits(deps: MakeDeps, signal: AbortSignal): Promise<void> {
  const stop = new AbortController();
  const both = AbortSignal.any([signal, stop.signal]);
  const lead = new Lead();
  const starts = fileStarts(deps.sources);
  const open = deps.plan.units.filter(({ index }) => !deps.done.has(index));
  const hashing = hashSources(
    deps.sources,
    deps.hasher,
    (bytes) => {
      deps.counters.readBytes += bytes;
      lead.advance(bytes);
    },
    both,
  );
  // Two requests for each thread: the next one is ready when it has finished one.
  const making = runPool(
    open,
    deps.workers.size * 2,
    async (unit) => {
      await lead.within((starts[unit.file] ?? 0) + firstByte(unit) - MAX_LEAD_BYTES, both);
      await makeUnit(unit, deps);
    },
    both,
  );
  const abortOther = (error: unknown) => stop.abort(error);
  hashing.catch(abortOther);
  making.catch(abortOther);
  const [hashed, made] = await Promise.allSettled([hashing, making]);
  const failure = firstCause(stop.signal, signal, [hashed, made]);
  // Finished units are good even if something else failed, unless the journal is what failed.
  await deps.journal.flush();
  if (failure) throw failure.error;
}

async function makeUnit(unit: Unit, deps: MakeDeps): Promise<void> {
  const { counters } = deps;
  counters.tensor = unit.pieces[0]?.tensor ?? null;
  await writeUnit(unit, deps);
  counters.unitsDone += 1;
  counters.sourceBytesDone += unit.sourceBytes;
  counters.readBytes += unit.sourceBytes;
  counters.writtenBytes += unit.targetBytes;
  counters.speed.add(unit.sourceBytes);
}

/** Has a thread make a unit and write it, and notes what must be read back. */
export async function writeUnit(unit: Unit, deps: MakeDeps): Promise<void> {
  const { checks } = await deps.workers.run({
    op: 'make',
    unit,
    rule: deps.plan.rule,
    ...filesOf(unit, deps),
  });
  deps.done.set(unit.index, checks);
  deps.journal.add(unit.index, checks);
}

/** Where a unit is read from and written to. */
export function filesOf({ file }: Unit, { sources, targets }: MakeDeps): { source: string; target: string } {
  return { source: sources[file]?.realPath ?? '', target: targets[file] ?? '' };
}

/** Returns the first failure, not the failure it caused in the other half. */
function firstCause(
  stop: AbortSignal,
  signal: AbortSignal,
  ended: ReadonlyArray<PromiseSettledResult<void>>,
): { readonly error: unknown } | null {
  if (signal.aborted) return { error: signal.reason };
  if (stop.aborted) return { error: stop.reason };
  const failed = ended.find((result) => result.status === 'rejected');
  return failed ? { error: failed.reason } : null;
}

const firstByte = ({ pieces }: Unit): number => pieces[0]?.sourceStart ?? 0;

/** Returns where each file begins when all are concatenated. */
function fileStarts(files: readonly SourceFile[]): number[] {
  const starts: number[] = [];
  let at = 0;
  for (const { size } of files) {
    starts.push(at);
    at += size;
  }
  return starts;
}

/** A position that moves forward, and the waiters for it. */
class Lead {
  #at = 0;
  #waiting: Array<{ readonly at: number; readonly go: () => void }> = [];

  advance(bytes: number): void {
    this.#at += bytes;
    const ready = this.#waiting.filter(({ at }) => at <= this.#at);
    this.#waiting = this.#waiting.filter(({ at }) => at > this.#at);
    for (const { go } of ready) go();
  }

  async within(at: number, signal: AbortSignal): Promise<void> {
    if (at <= this.#at) return;
    await new Promise<void>((resolve, reject) => {
      const stop = () => reject(signal.reason);
      signal.addEventListener('abort', stop, { once: true });
      this.#waiting.push({
        at,
        go: () => {
          signal.removeEventListener('abort', stop);
          resolve();
        },
      });
    });
  }
}
