import { describe, expect, it } from 'vitest';
import { SourcePaces } from './source-paces.ts';

/** Paces on a clock controlled by a test. */
function clocked() {
  const clock = { ms: 0 };
  return { clock, paces: new SourcePaces(() => clock.ms) };
}

/** Delivers that many bytes per second over one meter, a tenth of a second at a time. */
function flow(clock: { ms: number }, add: (bytes: number) => void, bytesPerSecond: number, ms: number): void {
  for (const end = clock.ms + ms; clock.ms < end; ) {
    clock.ms += 100;
    add(bytesPerSecond / 10);
  }
}

describe('what one more connection would get', () => {
  it('is unknown before something was measured', () => {
    const { clock, paces } = clocked();
    expect(paces.next('a')).toBeNull();
    const { add } = paces.began('a');
    clock.ms += 100;
    add(1000);
    expect(paces.next('a')).toBeNull();
  });

  it('is the whole, divided by one more than there are', () => {
    const { clock, paces } = clocked();
    const meters = [paces.began('a'), paces.began('a'), paces.began('a')];
    flow(clock, (bytes) => meters.forEach(({ add }) => void add(bytes)), 1_000_000, 10_000);
    expect(paces.next('a')).toBeCloseTo(750_000, -5);
  });

  it('falls to nothing within seconds when nothing comes any more', () => {
    const { clock, paces } = clocked();
    flow(clock, paces.began('a').add, 10_000_000, 5000);
    clock.ms += 5000;
    expect(paces.next('a')).toBeLessThan(500_000);
  });

  it('stays as it was while nobody asks for anything, and is forgotten after a minute', () => {
    const { clock, paces } = clocked();
    const meter = paces.began('a');
    flow(clock, meter.add, 10_000_000, 5000);
    meter.end();
    clock.ms += 30_000;
    expect(paces.next('a')).toBeGreaterThan(8_000_000);
    clock.ms += 31_000;
    expect(paces.next('a')).toBeNull();
  });

  it('is not known of a source that is to be forgotten', () => {
    const { clock, paces } = clocked();
    flow(clock, paces.began('a').add, 10_000_000, 5000);
    paces.forget('a');
    expect(paces.next('a')).toBeNull();
  });

  it('counts an attempt that ends twice once', () => {
    const { paces } = clocked();
    const [one] = [paces.began('a'), paces.began('a')];
    one?.end();
    one?.end();
    expect(paces.open('a')).toBe(1);
  });
});
