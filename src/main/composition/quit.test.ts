import { describe, expect, it, vi } from 'vitest';
import { createQuitSequence } from './quit.ts';

function setUp(change: { readonly mustExplain?: boolean; readonly answer?: Promise<boolean> } = {}) {
  const deps = {
    mustExplain: () => change.mustExplain ?? false,
    explain: vi.fn(() => change.answer ?? Promise.resolve(true)),
    stop: vi.fn(async () => undefined),
    end: vi.fn(),
  };
  return { quit: createQuitSequence(deps), ...deps };
}
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('createQuitSequence', () => {
  it('stops the engine before the app ends', async () => {
    const { quit, stop, end, explain } = setUp();
    expect(quit.mayEnd()).toBe(false);
    await settle();
    expect(stop).toHaveBeenCalledTimes(1);
    expect(end).toHaveBeenCalledTimes(1);
    expect(explain).not.toHaveBeenCalled();
    expect(quit.mayEnd()).toBe(true);
  });

  it('does it once, however often it is requested', async () => {
    const { quit, stop, end } = setUp();
    quit.mayEnd();
    quit.mayEnd();
    quit.endUnasked();
    await settle();
    expect(stop).toHaveBeenCalledTimes(1);
    expect(end).toHaveBeenCalledTimes(1);
  });

  it('continues as if nothing had happened when the user would rather stay', async () => {
    const { quit, stop } = setUp({ mustExplain: true, answer: Promise.resolve(false) });
    quit.mayEnd();
    await settle();
    expect(stop).not.toHaveBeenCalled();
    expect(quit.isUnderWay()).toBe(false);
    expect(quit.mayEnd()).toBe(false);
  });

  it('does not wait for an answer when the session ends', async () => {
    const { quit, stop, end } = setUp({ mustExplain: true, answer: new Promise(() => undefined) });
    quit.mayEnd();
    expect(stop).not.toHaveBeenCalled();
    quit.endUnasked();
    await settle();
    expect(stop).toHaveBeenCalledTimes(1);
    expect(end).toHaveBeenCalledTimes(1);
  });

  it('ends even when stopping or asking fails', async () => {
    const { quit, end, stop } = setUp({ mustExplain: true, answer: Promise.reject(new Error('no display')) });
    stop.mockRejectedValueOnce(new Error('broken'));
    quit.mayEnd();
    await settle();
    expect(end).toHaveBeenCalledTimes(1);
  });
});
