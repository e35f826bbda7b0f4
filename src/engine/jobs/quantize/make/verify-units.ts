import { AppError } from '../../../../shared/contract/errors.ts';
import type { Unit } from '../plan/unit.ts';
import { chooseWitnesses } from './choose-witnesses.ts';
import type { MakeDeps } from './make-units.ts';
import { runPool } from './run-pool.ts';
import { hashFile } from './source-hash.ts';
import { VerifiedBytes } from './verified-bytes.ts';

/** What the verification found. */
export interface Verification {
  /** SHA-256 of each file that was made, in hex. */
  readonly hashes: readonly string[];
  readonly recomputedUnits: number;
  readonly worstErrorInSteps: number;
}

/**
 * Reads everything that was made again. Each unit must still have its digest; one that has not is made once more. The second
 * kernel makes a sample of units from the source and must come to the same bytes, each value within the bound of the
 * arithmetic. Throws `Internal` when the disk or a kernel is not to be trusted.
 */
export async function verifyUnits(deps: MakeDeps, signal: AbortSignal): Promise<Verification> {
  const { plan, workers, digests, counters } = deps;
  const witnesses = chooseWitnesses(plan.units);
  const verified = new VerifiedBytes(plan, counters);
  const redo: Unit[] = [];
  let worst = 0;
  const checking = runPool(
    plan.units,
    workers.size * 2,
    async (unit) => {
      const target = deps.targets[unit.file] ?? '';
      const { digest } = await workers.run({ op: 'check', unit, target });
      counters.readBytes += unit.targetBytes;
      if (digest !== digests.get(unit.index)) redo.push(unit);
      else if (witnesses.has(unit.index)) worst = Math.max(worst, await recompute(unit, deps));
      verified.checked(unit.targetBytes);
    },
    signal,
  );
  const hashing = hashTargets(deps, verified, signal);
  const [checked, hashed] = await Promise.allSettled([checking, hashing]);
  if (checked.status === 'rejected') throw checked.reason;
  if (hashed.status === 'rejected') throw hashed.reason;
  const hashes = redo.length === 0 ? hashed.value : await redoUnits(redo, deps, verified, signal);
  return { hashes, recomputedUnits: witnesses.size, worstErrorInSteps: worst };
}

/** Recomputes one unit with the other kernel; returns its worst error in steps. */
async function recompute(unit: Unit, deps: MakeDeps): Promise<number> {
  const source = deps.sources[unit.file]?.realPath ?? '';
  const again = await deps.workers.run({ op: 'recompute', unit, rule: deps.plan.rule, source });
  const tensor = unit.pieces[0]?.tensor ?? '';
  if (again.digest !== deps.digests.get(unit.index)) {
    throw notTrusted(`two ways to compute ${tensor} gave different bytes`, { tensor, unit: unit.index });
  }
  if (!again.isWithinBound) {
    throw notTrusted(`a value of ${tensor} is further from its source than rounding can explain`, { tensor });
  }
  return again.worstErrorInSteps;
}

/** The disk changed what was written: once may be an accident. */
async function redoUnits(
  units: readonly Unit[],
  deps: MakeDeps,
  verified: VerifiedBytes,
  signal: AbortSignal,
): Promise<string[]> {
  for (const unit of units) {
    signal.throwIfAborted();
    const source = deps.sources[unit.file]?.realPath ?? '';
    const target = deps.targets[unit.file] ?? '';
    const { digest } = await deps.workers.run({ op: 'make', unit, rule: deps.plan.rule, source, target });
    deps.digests.set(unit.index, digest);
    deps.journal.add(unit.index, digest);
    await deps.journal.flush();
    const again = await deps.workers.run({ op: 'check', unit, target });
    if (again.digest !== digest)
      throw notTrusted(`the disk changed what was written to ${target}`, { path: target });
  }
  return hashTargets(deps, verified, signal);
}

async function hashTargets(
  { plan, targets, hasher }: MakeDeps,
  verified: VerifiedBytes,
  signal: AbortSignal,
): Promise<string[]> {
  const hashes: string[] = [];
  for (const [index, file] of plan.files.entries()) {
    const onBytes = (bytes: number) => verified.hashed(bytes);
    hashes.push(await hashFile(targets[index] ?? '', file.plan.layout.fileBytes, hasher, onBytes, signal));
  }
  return hashes;
}

function notTrusted(what: string, details: Record<string, string | number>): AppError {
  return new AppError(
    'Internal',
    `The result was not installed: ${what}. The result is kept for diagnosis. ` +
      'Start it again. If it happens again, this computer may have a hardware problem.',
    { details: { ...details, kept: true } },
  );
}
