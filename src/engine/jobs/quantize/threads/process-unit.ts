import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import type { RoundingRule } from '../../../../shared/model/build.ts';
import { BlockCrcs } from '../../../integrity/block-crc.ts';
import { type WorstError, worstError } from '../arithmetic/error-bound.ts';
import { type AffineJob, type Kernel, MAX_SOURCE_BYTES } from '../arithmetic/kernel.ts';
import type { Piece, TargetRange, Unit } from '../plan/unit.ts';
import { checksText } from '../plan/unit-checks.ts';
import { type MadeUnit, NOT_FINITE, type RecomputedUnit, TOO_SHORT } from './protocol.ts';

/** What was written is read back into this. No range is longer than what it was made from. */
const scratch = Buffer.allocUnsafeSlow(MAX_SOURCE_BYTES);

/** What goes wrong with a file or a tensor, with a code that the pool understands. */
export class UnitError extends Error {
  readonly code: string | null;
  readonly file: string | null;

  constructor(code: string | null, message: string, file: string | null) {
    super(message);
    this.code = code;
    this.file = file;
  }
}

/**
 * Produces a unit: reads its pieces, computes, writes the results to their positions. Not yet durable when it returns.
 */
export function makeUnit(
  unit: Unit,
  rule: RoundingRule,
  source: string,
  target: string,
  kernel: Kernel,
): MadeUnit {
  const checks: Uint32Array[] = [];
  withFile(source, 'r', (from) => {
    withFile(target, 'r+', (to) => {
      for (const piece of unit.pieces) {
        const results = compute(piece, rule, from, source, kernel);
        for (const [place, range] of piece.targets.entries()) {
          const bytes = resultOf(results, place, range);
          const crcs = new BlockCrcs(range.start);
          crcs.add(bytes);
          checks.push(crcs.crcs);
          writeFully(to, bytes, range.start, target);
        }
      }
    });
  });
  return { checks: checksText(checks) };
}

/** Makes a unit again without writing it, compares it with the target, and every code with its value. */
export function recomputeUnit(
  unit: Unit,
  rule: RoundingRule,
  source: string,
  target: string,
  kernel: Kernel,
): RecomputedUnit {
  let isSame = true;
  let worst: WorstError = { steps: 0, isWithinBound: true };
  withFile(source, 'r', (from) => {
    withFile(target, 'r', (made) => {
      for (const piece of unit.pieces) {
        const results = compute(piece, rule, from, source, kernel);
        for (const [place, range] of piece.targets.entries()) {
          const there = scratch.subarray(0, range.bytes);
          readFully(made, there, range.start, target);
          if (!there.equals(resultOf(results, place, range))) isSame = false;
        }
        const job = affineJob(piece, rule);
        if (job === null) continue;
        const { steps, isWithinBound } = worstError(kernel.buffers, job);
        worst = { steps: Math.max(worst.steps, steps), isWithinBound: worst.isWithinBound && isWithinBound };
      }
    });
  });
  return { isSame, worstErrorInSteps: worst.steps, isWithinBound: worst.isWithinBound };
}

/** What belongs into one range of a piece. */
function resultOf(results: readonly Uint8Array[], place: number, { bytes }: TargetRange): Buffer {
  const result = results[place] ?? new Uint8Array();
  return Buffer.from(result.buffer, result.byteOffset, bytes);
}

/** Reads a piece and runs the kernel; the results stay in its buffers until the next piece. */
function compute(piece: Piece, rule: RoundingRule, fd: number, path: string, kernel: Kernel): Uint8Array[] {
  const { source, codes, scales, biases } = kernel.buffers;
  readFully(fd, source.subarray(0, piece.sourceBytes), piece.sourceStart, path);
  if (piece.action.kind === 'copy') return [source];
  const job = affineJob(piece, rule);
  const bad = job === null ? cast(piece, kernel) : kernel.quantize(job);
  if (bad >= 0) throw notFinite(piece.tensor, path);
  return [codes, scales, biases];
}

function affineJob({ action, sourceBytes }: Piece, rule: RoundingRule): AffineJob | null {
  if (action.kind !== 'affine') return null;
  const { bits, groupSize, format } = action;
  return { groups: sourceBytes / 2 / groupSize, groupSize, bits, format, rule };
}

/** The kernel works on eight values at once; whatever follows the last one must be a number. */
function cast({ sourceBytes }: Piece, kernel: Kernel): number {
  const { source } = kernel.buffers;
  source.fill(0, sourceBytes, Math.min(source.length, sourceBytes + 32));
  return kernel.castToBf16(sourceBytes / 4);
}

function notFinite(tensor: string, path: string): UnitError {
  const what = `${tensor} holds a value that is not a number; the source is damaged or not a finished model`;
  return new UnitError(NOT_FINITE, what, path);
}

function withFile(path: string, flags: 'r' | 'r+', work: (fd: number) => void): void {
  const fd = onFile(path, () => openSync(path, flags));
  try {
    work(fd);
  } finally {
    closeSync(fd);
  }
}

function readFully(fd: number, target: Uint8Array, position: number, path: string): void {
  for (let at = 0; at < target.length; ) {
    const count = onFile(path, () => readSync(fd, target, at, target.length - at, position + at));
    if (count === 0) throw new UnitError(TOO_SHORT, `${path} became shorter while it was in use`, path);
    at += count;
  }
}

function writeFully(fd: number, bytes: Uint8Array, position: number, path: string): void {
  for (let at = 0; at < bytes.length; ) {
    at += onFile(path, () => writeSync(fd, bytes, at, bytes.length - at, position + at));
  }
}

/** Adds the file that a failed call was about. */
function onFile<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UnitError(code ?? null, message, path);
  }
}
