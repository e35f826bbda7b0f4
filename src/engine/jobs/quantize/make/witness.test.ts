import { describe, expect, it } from 'vitest';
import type { Piece, Unit } from '../plan/unit.ts';
import { witnessOf } from './witness.ts';

const MIB = 1024 * 1024;

/** A unit of one piece: Q4 in groups of 32, its codes and scales far apart. */
function unitOf(index: number, sourceBytes: number): Unit {
  const piece: Piece = {
    tensor: 'a.weight',
    isWhole: true,
    action: { kind: 'affine', bits: 4, groupSize: 32, format: 'bf16' },
    sourceStart: 1000,
    sourceBytes,
    targets: [
      { start: 5000, bytes: sourceBytes / 4 },
      { start: 90 * MIB, bytes: sourceBytes / 32 },
    ],
  };
  return { index, file: 0, pieces: [piece], sourceBytes, targetBytes: 0 };
}

describe('what the second kernel makes again', () => {
  it('is a part of every unit, with its end', () => {
    for (let index = 0; index < 200; index += 1) {
      const { pieces } = witnessOf(unitOf(index, 8 * MIB));
      const bytes = pieces.reduce((sum, { sourceBytes }) => sum + sourceBytes, 0);
      expect(bytes).toBe(128 * 1024);
      expect(pieces.at(-1)).toMatchObject({ sourceStart: 1000 + 8 * MIB - 64 * 1024 });
    }
  });

  it('lies elsewhere in each unit, until every place was seen', () => {
    const starts = new Set<number>();
    for (let index = 0; index < 256; index += 1) {
      for (const { sourceStart } of witnessOf(unitOf(index, 8 * MIB)).pieces) starts.add(sourceStart);
    }
    expect(starts.size).toBe(128);
  });

  it('knows where its results lie', () => {
    const [moving, end] = witnessOf(unitOf(3, 8 * MIB)).pieces;
    const offset = moving!.sourceStart - 1000;
    expect(offset % (64 * 1024)).toBe(0);
    expect(moving!.targets).toEqual([
      { start: 5000 + offset / 4, bytes: 16 * 1024 },
      { start: 90 * MIB + offset / 32, bytes: 2 * 1024 },
    ]);
    expect(end!.targets[0]).toEqual({ start: 5000 + 2 * MIB - 16 * 1024, bytes: 16 * 1024 });
  });

  it('is a small unit as a whole', () => {
    const unit = unitOf(5, 100_096);
    expect(witnessOf(unit)).toEqual(unit);
  });

  it('leaves nothing out at the end of a unit of an odd length', () => {
    const bytes = 3 * MIB + 64 * 31;
    const end = witnessOf(unitOf(9, bytes)).pieces.at(-1)!;
    expect(end.sourceStart + end.sourceBytes).toBe(1000 + bytes);
    expect(end.targets[0]!.start + end.targets[0]!.bytes).toBe(5000 + bytes / 4);
  });
});
