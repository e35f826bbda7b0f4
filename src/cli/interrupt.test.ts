import { describe, expect, it, vi } from 'vitest';
import { createInterrupt, whenInterrupted } from './interrupt.ts';

const setup = () => {
  let nowMs = 1000;
  const onSecond = vi.fn();
  const interrupt = createInterrupt({ now: () => nowMs, onSecond });
  const pass = (ms: number) => {
    nowMs += ms;
  };
  return { interrupt, onSecond, pass };
};

describe('createInterrupt', () => {
  it('asks for a clean stop at the first request', async () => {
    const { interrupt, onSecond } = setup();
    const waiting = whenInterrupted(interrupt.signal);
    interrupt.request();
    await expect(waiting).rejects.toMatchObject({ code: 'Cancelled' });
    expect(onSecond).not.toHaveBeenCalled();
  });

  it('takes a signal that arrives twice within a moment for one request', () => {
    const { interrupt, onSecond, pass } = setup();
    interrupt.request();
    pass(50);
    interrupt.request();
    expect(onSecond).not.toHaveBeenCalled();
  });

  it('ends at once at a second request', () => {
    const { interrupt, onSecond, pass } = setup();
    interrupt.request();
    pass(400);
    interrupt.request();
    expect(onSecond).toHaveBeenCalledOnce();
  });

  it('notifies a listener that begins to wait after the request', async () => {
    const { interrupt } = setup();
    interrupt.request();
    await expect(whenInterrupted(interrupt.signal)).rejects.toMatchObject({ code: 'Cancelled' });
  });
});
