import { describe, expect, it } from 'vitest';
import { announcements } from './announcements.ts';

const at = (percent: number, state = 'downloading') => ({
  id: 'd1',
  name: 'Moshi BF16',
  state,
  doneBytes: percent,
  totalBytes: 100,
});
const between = (before: ReturnType<typeof at>, after: ReturnType<typeof at>) =>
  announcements([before], [after]);

describe('announcements', () => {
  it('tell a change of state', () => {
    expect(between(at(41), at(41, 'paused'))).toEqual(['Moshi BF16: paused']);
  });

  it('tell each full quarter once', () => {
    expect(between(at(49), at(50))).toEqual(['Moshi BF16: 50 percent']);
    expect(between(at(50), at(51))).toEqual([]);
  });

  it('leave the last quarter to the change of state that follows it', () => {
    expect(between(at(99), at(100))).toEqual([]);
  });

  it('tell that a download was added', () => {
    expect(announcements([], [at(0)])).toEqual(['Moshi BF16: added']);
  });

  it('say nothing of what stayed as it was', () => {
    const same = at(41);
    expect(between(same, same)).toEqual([]);
  });
});
