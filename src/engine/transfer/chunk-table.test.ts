import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ByteRange, clipRanges, missingRanges, totalLength } from '../../shared/model/byte-range.ts';
import { planChunks } from './chunk-plan.ts';
import { type Chunk, ChunkTable, type Claim, isWhole } from './chunk-table.ts';

const MIB = 1024 * 1024;
const restored = { suspect: false, committed: true };

/** Marks a whole claim as written to disk. */
function fetch(table: ChunkTable, claim: Claim): void {
  table.markReceived(claim.chunk, { start: claim.position, end: claim.end });
  claim.position = claim.end;
  table.release(claim);
}

describe('the chunk table', () => {
  it('hands out the lowest free chunk', () => {
    const table = new ChunkTable(planChunks(250, 100));
    const claims = [table.claimNext(), table.claimNext(), table.claimNext(), table.claimNext()];
    expect(claims.map((claim) => claim && [claim.start, claim.end])).toEqual([
      [0, 100],
      [100, 200],
      [200, 250],
      null,
    ]);
    table.release(claims[1] as Claim);
    table.release(claims[0] as Claim);
    expect(table.claimNext()?.start).toBe(0);
  });

  it('ends claims where pieces end, unless one of the parts would be small', () => {
    const table = new ChunkTable(planChunks(150 * MIB, 50 * MIB));
    table.align([4 * MIB, 20 * MIB, 30 * MIB, 64 * MIB, 128 * MIB, 149 * MIB, 150 * MIB]);
    const claims = Array.from({ length: 6 }, () => table.claimNext());
    const inMib = claims.map((claim) => claim && [claim.start / MIB, claim.end / MIB]);
    expect(inMib).toEqual([
      [0, 30],
      [30, 50],
      [50, 64],
      [64, 100],
      [100, 128],
      [128, 150],
    ]);
    expect(table.claimNext()).toBeNull();
  });

  it('continues after what a claim had delivered', () => {
    const table = new ChunkTable(planChunks(200, 100));
    const claim = table.claimNext() as Claim;
    table.markReceived(claim.chunk, { start: 0, end: 60 });
    claim.position = 60;
    table.release(claim);
    expect(table.claimNext()).toMatchObject({ start: 60, end: 100 });
  });

  it('trusts what is restored, and fetches the rest', () => {
    const table = new ChunkTable(planChunks(300, 100));
    table.restore(0, [{ start: 0, end: 100 }], { ...restored, sha256: 'aa' });
    table.restore(1, [{ start: 120, end: 180 }], { ...restored, sha256: 'of another length' });
    table.restore(2, [{ start: 0, end: 10_000 }], restored);
    table.restore(7, [{ start: 700, end: 800 }], restored);
    expect(table.chunks.map(({ sha256 }) => sha256)).toEqual(['aa', null, null]);
    expect(table.receivedBytes).toBe(260);
    expect(table.claimNext()).toMatchObject({ start: 100, end: 120 });
    expect(table.claimNext()).toMatchObject({ start: 180, end: 200 });
    expect(table.claimNext()).toBeNull();
  });

  it('fills the hole that a failed attempt left while the one it stole from still runs', () => {
    const table = new ChunkTable(planChunks(1000, 1000));
    const target = table.claimNext() as Claim;
    table.release(table.steal(target));
    expect(table.claimNext()).toMatchObject({ start: 500, end: 1000 });
  });

  it('reports once that a chunk became complete', () => {
    const table = new ChunkTable(planChunks(100, 100));
    const [chunk] = table.chunks as [Chunk];
    expect(table.markReceived(chunk, { start: 50, end: 100 })).toBe(false);
    expect(table.markReceived(chunk, { start: 0, end: 50 })).toBe(true);
    expect(table.markReceived(chunk, { start: 0, end: 100 })).toBe(false);
    expect(table.isComplete).toBe(true);
  });

  it('is complete at once for an empty file', () => {
    expect(new ChunkTable(planChunks(0, 100)).isComplete).toBe(true);
  });
});

describe('stealing', () => {
  it('leaves the target the half nearer to it', () => {
    const table = new ChunkTable(planChunks(1000, 1000));
    const target = table.claimNext() as Claim;
    target.position = 101;
    const stolen = table.steal(target);
    expect([target.end, stolen.start, stolen.end]).toEqual([551, 551, 1000]);
    expect(target.chunk.suspect).toBe(true);
  });

  it('takes from the claim that would end last', () => {
    const table = new ChunkTable(planChunks(30 * MIB, 10 * MIB));
    const [fast, slow, unknown] = [table.claimNext(), table.claimNext(), table.claimNext()] as Claim[];
    if (!fast || !slow || !unknown) throw new Error('three claims expected');
    fast.bytesPerSecond = MIB;
    slow.bytesPerSecond = MIB / 10;
    unknown.bytesPerSecond = 0;
    expect(table.slowestClaim(0)).toEqual({ claim: slow, seconds: 100 });
  });

  it('leaves a claim that is nearly done', () => {
    const table = new ChunkTable(planChunks(10 * MIB, 10 * MIB));
    const claim = table.claimNext() as Claim;
    claim.bytesPerSecond = 6 * MIB;
    expect(table.slowestClaim(0)).toBeNull();
    claim.bytesPerSecond = 1;
    claim.position = claim.end - 1000;
    expect(table.slowestClaim(0)).toBeNull();
  });

  it('takes even little from a claim that is far slower than usual', () => {
    const table = new ChunkTable(planChunks(10 * MIB, 10 * MIB));
    const claim = table.claimNext() as Claim;
    claim.position = claim.end - 100_000;
    claim.bytesPerSecond = 60_000;
    expect(table.slowestClaim(0)).toBeNull();
    expect(table.slowestClaim(500_000)).toBeNull();
    expect(table.slowestClaim(1_000_000)?.claim).toBe(claim);
    claim.position = claim.end - 10_000;
    claim.bytesPerSecond = 1000;
    expect(table.slowestClaim(1_000_000)).toBeNull();
  });
});

describe('whatever happens to a chunk table', () => {
  const step = fc.record({
    kind: fc.constantFrom('claim', 'receive', 'receive', 'release', 'steal', 'reopen'),
    which: fc.nat(1000),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
  });

  function check(table: ChunkTable, claims: readonly Claim[]): void {
    const open = claims.map(({ position, end }) => ({ start: position, end }));
    const byStart = [...open].sort((a, b) => a.start - b.start || a.end - b.end);
    for (const [index, { start }] of byStart.entries()) {
      expect(start, 'a byte is claimed twice').toBeGreaterThanOrEqual(byStart[index - 1]?.end ?? 0);
    }
    const received = table.chunks.flatMap((chunk) => chunk.received);
    expect(table.receivedBytes).toBe(totalLength(received));
    for (const range of open) expect(clipRanges(received, range), 'received bytes are claimed').toEqual([]);
    expect(table.isComplete).toBe(table.chunks.every(isWhole));
  }

  /** Returns the first byte that is neither on disk nor claimed. */
  function firstFree(table: ChunkTable, claims: readonly Claim[]): number | null {
    const taken: ByteRange[] = [...table.chunks.flatMap((chunk) => chunk.received), ...claims];
    const whole = { start: 0, end: table.plan.size };
    return (
      missingRanges(
        taken.sort((a, b) => a.start - b.start),
        whole,
      )[0]?.start ?? null
    );
  }

  it('no byte is fetched twice at once, the lowest free one comes first, and everything completes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 700 }), fc.array(step, { maxLength: 80 }), (size, steps) => {
        const table = new ChunkTable(planChunks(size, 100));
        let claims: Claim[] = [];
        for (const { kind, which, share } of steps) {
          const claim = claims[which % Math.max(1, claims.length)];
          if (kind === 'claim') {
            const expected = firstFree(table, claims);
            const next = table.claimNext();
            expect(next?.start ?? null).toBe(expected);
            if (next) claims.push(next);
          } else if (kind === 'receive' && claim) {
            const end = claim.position + Math.floor((claim.end - claim.position) * share);
            table.markReceived(claim.chunk, { start: claim.position, end });
            claim.position = end;
          } else if (kind === 'release' && claim) {
            table.release(claim);
            claims = claims.filter((other) => other !== claim);
          } else if (kind === 'steal' && claim && claim.end - claim.position > 1) {
            claims.push(table.steal(claim));
          } else if (kind === 'reopen') {
            const chunk = table.chunks[which % table.chunks.length] as Chunk;
            const isIdle = claims.every((other) => other.chunk !== chunk);
            if (isWhole(chunk) && isIdle) table.reopenParts(chunk, [chunk.range]);
          }
          check(table, claims);
        }
        for (const claim of claims) fetch(table, claim);
        for (let claim = table.claimNext(); claim; claim = table.claimNext()) fetch(table, claim);
        expect(table.isComplete).toBe(true);
        expect(table.receivedBytes).toBe(size);
      }),
    );
  });
});
