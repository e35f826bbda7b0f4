import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../shared/contract/commands.ts';
import { StartTurns } from './start-turns.ts';

const NIGHT = { fromMinute: 22 * 60, toMinute: 7 * 60 };
const waiting = ['a', 'b', 'c', 'd'].map((id) => ({ id }));

function setUp(schedule: typeof NIGHT | null = null) {
  let now = new Date(2026, 0, 5, 12).getTime();
  const settings = { ...DEFAULT_SETTINGS, schedule };
  const turns = new StartTurns({
    ledger: { settings: { get: () => settings } },
    clock: { now: () => now },
  } as unknown as ConstructorParameters<typeof StartTurns>[0]);
  const started = (running = 0) =>
    turns
      .next(waiting, running)
      .start.map(({ id }) => id)
      .join('');
  const goTo = (hour: number) => {
    now = new Date(2026, 0, 5, hour).getTime();
    return turns.look();
  };
  return { turns, started, goTo };
}

describe('whose turn it is', () => {
  it('is in order, up to the number at once', () => {
    const { started } = setUp();
    expect([started(), started(1), started(2)]).toEqual(['ab', 'a', '']);
  });

  it('is what the user wants now in any case, and that counts', () => {
    const { turns, started } = setUp();
    turns.insist('d');
    expect([started(), started(2)]).toEqual(['da', 'd']);
    turns.forget('d');
    expect(started(2)).toBe('');
  });

  it('is nobody’s at other hours but what the user wants now', () => {
    const { turns, started, goTo } = setUp(NIGHT);
    turns.insist('c');
    expect(started()).toBe('c');
    expect([turns.mayRun('a'), turns.mayRun('c')]).toEqual([false, true]);
    expect(goTo(13)).toBe(false);
    expect(goTo(22)).toBe(true);
    expect(started()).toBe('ca');
  });
});
