import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import type { RoundingRule } from '../../../../shared/model/build.ts';
import { type WorstError, worstError } from '../arithmetic/error-bound.ts';
import type { AffineJob, Kernel, KernelBuffers } from '../arithmetic/kernel.ts';
import type { Piece, Unit } from '../plan/unit.ts';
import { type MadeUnit, NOT_FINITE, type RecomputedUnit, TOO_SHORT } from './protocol.ts';

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

/** Makes a unit: reads its pieces, computes, writes the results to their places. Not yet on disk when it returns. */
export function makeUnit(
  unit: Unit,
  rule: RoundingRule,
  source: string,
  target: string,
  kernel: Kernel,
): MadeUnit {
  const hash = createHash('sha256');
  withFile(source, 'r', (from) => {
    withFile(target, 'r+', (to) => {
      for (const piece of unit.pieces) {
        const results = compute(piece, rule, from, source, kernel);
        for (const [place, range] of piece.targets.entries()) {
          const bytes = results[place]?.subarray(0, range.bytes) ?? new Uint8Array();
          hash.update(bytes);
          writeFully(to, bytes, range.start, target);
        }
      }
    });
  });
  return { digest: hash.digest('hex') };
}

/** Digests the ranges of a unit as they are in the target now. */
export function checkUnit(unit: Unit, target: string, buffers: KernelBuffers): MadeUnit {
  const hash = createHash('sha256');
  withFile(target, 'r', (fd) => {
    for (const { start, bytes } of unit.pieces.flatMap(({ targets }) => targets)) {
      const room = buffers.source.subarray(0, bytes);
      readFully(fd, room, start, target);
      hash.update(room);
    }
  });
  return { digest: hash.digest('hex') };
}

/** Makes a unit again without writing it, and compares every code with its value. */
export function recomputeUnit(
  unit: Unit,
  rule: RoundingRule,
  source: string,
  kernel: Kernel,
): RecomputedUnit {
  const hash = createHash('sha256');
  let worst: WorstError = { steps: 0, isWithinBound: true };
  withFile(source, 'r', (from) => {
    for (const piece of unit.pieces) {
      const results = compute(piece, rule, from, source, kernel);
      for (const [place, { bytes }] of piece.targets.entries())
        hash.update(results[place]?.subarray(0, bytes) ?? '');
      const job = affineJob(piece, rule);
      if (job === null) continue;
      const { steps, isWithinBound } = worstError(kernel.buffers, job);
      worst = { steps: Math.max(worst.steps, steps), isWithinBound: worst.isWithinBound && isWithinBound };
    }
  });
  return { digest: hash.digest('hex'), worstErrorInSteps: worst.steps, isWithinBound: worst.isWithinBound };
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

/** The kernel works on eight values at once; what stands behind the last one must be a number. */
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

/** Says which file a failed call was about. */
function onFile<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UnitError(code ?? null, message, path);
  }
}
