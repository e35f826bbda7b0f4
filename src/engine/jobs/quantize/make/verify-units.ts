import { AppError } from '../../../../shared/contract/errors.ts';
import type { Unit } from '../plan/unit.ts';
import { filesOf, type MakeDeps, writeUnit } from './make-units.ts';
import { type ReadBack, readBack } from './read-back.ts';
import { runPool } from './run-pool.ts';
import { VerifiedBytes } from './verified-bytes.ts';
import { witnessOf } from './witness.ts';

/** The result of the verification. */
export interface Verification {
  /** SHA-256 of each file that was made, in hex. */
  readonly hashes: readonly string[];
  /** Units of which the second kernel made a part again. */
  readonly recomputedUnits: number;
  readonly worstErrorInSteps: number;
}

/** What is not as it should be. */
interface Findings extends ReadBack {
  /** Units that the second kernel makes otherwise. */
  readonly disputed: readonly Unit[];
  readonly worstErrorInSteps: number;
}

/**
 * Reads everything that was made again, once: what each unit must be and the SHA-256 of the files come from the same bytes. Meanwhile
 * the second kernel makes a part of every unit from the source and must come to the same bytes, each value within the bound
 * of the arithmetic. A unit that the disk has changed is made once more. Throws `Internal` when the disk or a kernel is not to be
 * trusted.
 */
export async function verifyUnits(deps: MakeDeps, signal: AbortSignal): Promise<Verification> {
  const { units } = deps.plan;
  const verified = new VerifiedBytes(deps.plan, deps.counters);
  const first = await look(units, deps, verified, signal);
  const changed = units.filter(({ index }) => first.changed.has(index));
  const again = first.isIntact ? first : await makeAgain(changed, deps, verified, signal);
  const worstErrorInSteps = Math.max(first.worstErrorInSteps, again.worstErrorInSteps);
  return { hashes: again.hashes, recomputedUnits: units.length, worstErrorInSteps };
}

/** Reads everything and has `units` witnessed. Throws `Internal` for a unit that is as it was written, and wrong. */
async function look(
  units: readonly Unit[],
  deps: MakeDeps,
  verified: VerifiedBytes,
  signal: AbortSignal,
): Promise<Findings> {
  const reading = readBack(deps, (bytes) => verified.hashed(bytes), signal);
  const witnessing = witness(units, deps, verified, signal);
  const [read, witnessed] = await Promise.allSettled([reading, witnessing]);
  if (read.status === 'rejected') throw read.reason;
  if (witnessed.status === 'rejected') throw witnessed.reason;
  const findings = { ...read.value, ...witnessed.value };
  const wrong = findings.disputed.find(({ index }) => !findings.changed.has(index));
  if (wrong) {
    const tensor = wrong.pieces[0]?.tensor ?? '';
    throw notTrusted(`two ways to compute ${tensor} gave different bytes`, { tensor, unit: wrong.index });
  }
  return findings;
}

async function witness(
  units: readonly Unit[],
  deps: MakeDeps,
  verified: VerifiedBytes,
  signal: AbortSignal,
): Promise<Pick<Findings, 'disputed' | 'worstErrorInSteps'>> {
  const { plan, workers } = deps;
  const disputed: Unit[] = [];
  let worstErrorInSteps = 0;
  await runPool(
    units,
    workers.size * 2,
    async (unit) => {
      const files = filesOf(unit, deps);
      const again = await workers.run({ op: 'recompute', unit: witnessOf(unit), rule: plan.rule, ...files });
      if (!again.isSame) disputed.push(unit);
      else if (!again.isWithinBound) throw outOfBound(unit);
      worstErrorInSteps = Math.max(worstErrorInSteps, again.isSame ? again.worstErrorInSteps : 0);
      verified.checked(unit.targetBytes);
    },
    signal,
  );
  return { disputed, worstErrorInSteps };
}

/** The disk changed what was written: once may be an accident. */
async function makeAgain(
  units: readonly Unit[],
  deps: MakeDeps,
  verified: VerifiedBytes,
  signal: AbortSignal,
): Promise<Findings> {
  await deps.writeHeads();
  for (const unit of units) {
    signal.throwIfAborted();
    await writeUnit(unit, deps);
  }
  await deps.journal.flush();
  const again = await look(units, deps, verified, signal);
  if (again.isIntact) return again;
  const still = deps.plan.units.find(({ index }) => again.changed.has(index));
  const path = deps.targets[still?.file ?? 0] ?? '';
  throw notTrusted(`the disk changed what was written to ${path}`, { path });
}

function outOfBound(unit: Unit): AppError {
  const tensor = unit.pieces[0]?.tensor ?? '';
  return notTrusted(`a value of ${tensor} is further from its source than rounding can explain`, { tensor });
}

/** For a result that stays where it is, to be looked at. */
function notTrusted(what: string, details: Record<string, string | number>): AppError {
  return new AppError(
    'Internal',
    `The result was not installed: ${what}. The result is kept for diagnosis. ` +
      'Start it again. If it happens again, this computer may have a hardware problem.',
    { details: { ...details, kept: true } },
  );
}
