import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { BLOCK_BYTES as MIB } from '../../../shared/model/block.ts';
import { addRange, type ByteRange } from '../../../shared/model/byte-range.ts';
import { blockChecksOf } from '../../integrity/block-crc.ts';
import { planChunks } from '../../transfer/chunk-plan.ts';
import { BlockChecks } from './block-checks.ts';

const CHUNK = 3 * MIB;
const content = randomBytes(2 * CHUNK + 1000);
const checksOf = (start: number, end: number) => blockChecksOf([content.subarray(start, end)], start);
const make = () => new BlockChecks(planChunks(content.length, CHUNK));
const chunk = (index: number, ...received: readonly ByteRange[]) => ({ index, received });
const whole = chunk(0, { start: 0, end: CHUNK });

describe('BlockChecks', () => {
  it('puts together what came piece by piece, in any order', () => {
    const blocks = make();
    const cuts = [0, 1000, MIB - 1, MIB, MIB + 1, 2 * MIB + 77, 3 * MIB];
    const pieces = cuts.slice(1).map((end, index) => [cuts[index] ?? 0, end] as const);
    for (const [start, end] of [...pieces].sort(() => Math.random() - 0.5)) blocks.add(checksOf(start, end));
    expect(blocks.of(whole)).toEqual(checksOf(0, 3 * MIB));
  });

  it('keeps pieces apart that a gap lies between', () => {
    const blocks = make();
    blocks.add(checksOf(0, 100));
    blocks.add(checksOf(200, 300));
    expect(blocks.of(whole)).toEqual([...checksOf(0, 100), ...checksOf(200, 300)]);
    blocks.add(checksOf(100, 200));
    expect(blocks.of(whole)).toEqual(checksOf(0, 300));
  });

  it('covers only what was received, and what was not checked of it', () => {
    const blocks = make();
    blocks.add(checksOf(0, 2 * MIB));
    const part = chunk(0, { start: 0, end: MIB + 5 }, { start: 2 * MIB, end: 2 * MIB + 9 });
    expect(blocks.of(part)).toEqual(checksOf(0, MIB));
    expect(blocks.unchecked(part)).toEqual([
      { start: MIB, end: MIB + 5 },
      { start: 2 * MIB, end: 2 * MIB + 9 },
    ]);
  });

  it('finds the blocks that are not as they were recorded', () => {
    const blocks = make();
    blocks.add(checksOf(0, CHUNK));
    const [first, second, third] = checksOf(0, CHUNK);
    const found = [first!, { ...second!, crc: second!.crc ^ 1 }, third!];
    expect(blocks.differing(found)).toEqual([found[1]]);
    expect([blocks.hasAll(found), blocks.hasAll([first!, third!])]).toEqual([false, true]);
  });

  it('compares whole parts only', () => {
    const blocks = make();
    blocks.add(checksOf(0, 1000));
    expect(blocks.differing([{ start: 0, end: MIB, crc: 1 }])).toEqual([]);
  });

  it('trusts what was read back last', () => {
    const blocks = make();
    blocks.add([...checksOf(10, 500), ...checksOf(700, 900)]);
    blocks.add(checksOf(0, MIB));
    expect(blocks.of(whole)).toEqual(checksOf(0, MIB));
  });

  it('forgets every check that a given up range touches, in all chunks', () => {
    const blocks = make();
    blocks.add([...checksOf(0, CHUNK), ...checksOf(CHUNK, 2 * CHUNK)]);
    blocks.forget({ start: 2 * MIB + 5, end: CHUNK + 1 });
    expect(blocks.of(whole)).toEqual(checksOf(0, 2 * MIB));
    expect(blocks.of(chunk(1, { start: CHUNK, end: 2 * CHUNK }))).toEqual(checksOf(CHUNK + MIB, 2 * CHUNK));
  });

  it('rejects a row about another chunk', () => {
    const blocks = make();
    blocks.restore(0, checksOf(0, CHUNK + 1));
    blocks.restore(9, checksOf(0, 5));
    expect(blocks.of(whole)).toEqual([]);
    blocks.restore(0, checksOf(0, 5));
    expect(blocks.of(whole)).toEqual(checksOf(0, 5));
  });

  it('equals one pass over what was received, in any order of arrival', () => {
    for (let run = 0; run < 50; run += 1) {
      const blocks = make();
      let received: readonly ByteRange[] = [];
      for (let write = 0; write < 12; write += 1) {
        const start = Math.floor(Math.random() * CHUNK);
        const end = Math.min(CHUNK, start + 1 + Math.floor(Math.random() * MIB));
        const gaps = [{ start, end }].filter((range) =>
          received.every((r) => r.end <= range.start || r.start >= range.end),
        );
        for (const gap of gaps) {
          blocks.add(checksOf(gap.start, gap.end));
          received = addRange(received, gap);
        }
      }
      expect(blocks.of(chunk(0, ...received))).toEqual(
        received.flatMap((range) => checksOf(range.start, range.end)),
      );
    }
  });
});
