import { describe, expect, it } from 'vitest';
import { createClickWatch } from './click-watch.ts';

function setUp() {
  let nowMs = 0;
  const timers: Array<{ at: number; run: () => void }> = [];
  const watch = createClickWatch({
    monotonic: () => nowMs,
    later: (run, delayMs) => timers.push({ at: nowMs + delayMs, run }),
  });
  const pass = (ms: number) => {
    nowMs += ms;
    for (const { at, run } of timers.splice(0)) {
      if (at <= nowMs) run();
      else timers.push({ at, run });
    }
  };
  return { watch, pass };
}

describe('a menu that the page asks for', () => {
  it('opens after a click, and once only', async () => {
    const { watch, pass } = setUp();
    watch.clicked();
    pass(30);
    expect(await watch.take()).toBe(true);
    const again = watch.take();
    pass(1000);
    expect(await again).toBe(false);
  });

  it('opens when the click is reported later than the page’s request', async () => {
    const { watch, pass } = setUp();
    const asked = watch.take();
    pass(30);
    watch.clicked();
    expect(await asked).toBe(true);
  });

  it('does not open without a click, nor long after one', async () => {
    const { watch, pass } = setUp();
    watch.clicked();
    pass(1000);
    const asked = watch.take();
    pass(1000);
    expect(await asked).toBe(false);
  });

  it('is the last one requested', async () => {
    const { watch } = setUp();
    const first = watch.take();
    const second = watch.take();
    watch.clicked();
    expect(await first).toBe(false);
    expect(await second).toBe(true);
  });
});
