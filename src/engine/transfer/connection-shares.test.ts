import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConnectionShares, dividedSpeed } from './connection-shares.ts';

describe('the speed of a connection', () => {
  it('survives the end of a chunk', () => {
    const clock = { ms: 0 };
    const shares = new ConnectionShares(() => clock.ms);
    const first = shares.take();
    first.add(1_000_000);
    shares.giveBack(first);
    clock.ms += 100;
    expect(shares.take()).toBe(first);
    expect(first.recentBytes).toBeGreaterThan(900_000);
  });

  it('is not inherited from a connection that ended long ago, nor by two', () => {
    const clock = { ms: 0 };
    const shares = new ConnectionShares(() => clock.ms);
    const first = shares.take();
    shares.giveBack(first);
    expect(shares.take()).toBe(first);
    expect(shares.take()).not.toBe(first);
    shares.giveBack(first);
    clock.ms += 2000;
    expect(shares.take()).not.toBe(first);
  });

  it('fades when nothing comes', () => {
    const clock = { ms: 0 };
    const share = new ConnectionShares(() => clock.ms).take();
    share.add(1000);
    clock.ms += 3000;
    expect(share.recentBytes).toBe(500);
  });

  it('is its part of the whole, to the byte', () => {
    expect(dividedSpeed(1000, [1, 1, 2])).toEqual([250, 250, 500]);
    expect(dividedSpeed(1000, [0, 0])).toEqual([0, 0]);
    fc.assert(
      fc.property(fc.nat(1e9), fc.array(fc.nat(1e9), { minLength: 1 }), (speed, bytes) => {
        fc.pre(bytes.some((each) => each > 0));
        const parts = dividedSpeed(speed, bytes);
        expect(parts.reduce((sum, part) => sum + part, 0)).toBe(speed);
        expect(Math.min(...parts)).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
