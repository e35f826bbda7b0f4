import { describe, expect, it } from 'vitest';
import { IdleMeter } from './idle-meter.ts';

/** A meter of an event loop that was active and idle for that many more milliseconds. */
function meterOf() {
  const loop = { active: 0, idle: 0, utilization: 0 };
  const meter = new IdleMeter(() => ({ ...loop }));
  return (active: number, idle: number): boolean => {
    loop.active += active;
    loop.idle += idle;
    return meter.isIdle;
  };
}

describe('IdleMeter', () => {
  it('takes the loop for idle until it knows better', () => {
    expect(meterOf()(100, 0)).toBe(true);
  });

  it('distinguishes a busy loop from an idle one, window by window', () => {
    const isIdleAfter = meterOf();
    expect([
      isIdleAfter(250, 0),
      isIdleAfter(100, 300),
      isIdleAfter(200, 190),
      isIdleAfter(300, 100),
      isIdleAfter(0, 400),
    ]).toEqual([false, true, false, false, true]);
  });

  it('does not judge by less than a window', () => {
    const isIdleAfter = meterOf();
    isIdleAfter(300, 0);
    expect([isIdleAfter(0, 200), isIdleAfter(0, 49), isIdleAfter(0, 1)]).toEqual([false, false, true]);
  });

  it('reads the real event loop', () => {
    expect(new IdleMeter().isIdle).toBe(true);
  });
});
