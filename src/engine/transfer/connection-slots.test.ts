import { describe, expect, it } from 'vitest';
import { ConnectionSlots, evictions, type SlotHolder, type SlotRules } from './connection-slots.ts';

const NOW = 100_000;
const RULES: SlotRules = { nowMs: NOW, wanted: 4, silentAfterMs: 5000, quietMs: 100, hasSpares: true };

/** An attempt that gets 100 KB/s and has a minute to go, apart from the given facts. */
function stream(facts: Partial<SlotHolder> & { secondsLeft?: number } = {}): SlotHolder {
  const { secondsLeft = 60, ...given } = facts;
  const claim = { position: 0, end: secondsLeft * 100_000, bytesPerSecond: 100_000 };
  return { startedMs: 10_000, silentMs: 100, deliveredBytes: 1_000_000, isWhole: false, claim, ...given };
}

const moving = (count: number) => Array.from({ length: count }, () => stream());
const silent = (count: number) => Array.from({ length: count }, () => stream({ silentMs: 6000 }));
/** Just opened. */
const fresh = () => stream({ startedMs: NOW - 50, silentMs: 50, deliveredBytes: 0 });
/** Opened since the silence began, and receiving. */
const proven = () => stream({ startedMs: NOW - 900, deliveredBytes: 200_000 });

describe('connection slots', () => {
  it.each([
    ['what is missing', moving(3), 1],
    ['nothing when all are taken', moving(4), 0],
    ['nothing below zero that would be opened', moving(6), -2],
    ['one for each silent stream', [...moving(3), ...silent(1)], 1],
    ['two at most for many silent streams', [...moving(1), ...silent(3)], 2],
    ['no more while two spares are open', [...moving(1), ...silent(3), fresh(), fresh()], 0],
    ['all that is missing when what is there is silent', silent(2), 2],
  ])('are free for %s', (_, streams, expected) => {
    expect(new ConnectionSlots().available(streams, RULES)).toBe(expected);
  });

  it('are never more than wanted where that was requested', () => {
    expect(new ConnectionSlots().available(silent(1), { ...RULES, wanted: 1, hasSpares: false })).toBe(0);
  });

  it('are free for one probe at a time on a link without traffic, more and more rarely', () => {
    const slots = new ConnectionSlots();
    const probesMs: number[] = [];
    for (let nowMs = NOW; nowMs < NOW + 120_000; nowMs += 500) {
      const rules = { ...RULES, nowMs, quietMs: nowMs - NOW + 5000 };
      if (slots.available(silent(4), rules) <= 0) continue;
      probesMs.push(nowMs - NOW);
      slots.dialled(rules);
    }
    expect(probesMs).toEqual([0, 10_000, 30_000, 70_000]);
  });

  it('are free at once for a probe after traffic resumed', () => {
    const slots = new ConnectionSlots();
    const quiet = { ...RULES, quietMs: 6000 };
    expect(slots.mayDial(quiet)).toBe(true);
    slots.dialled(quiet);
    expect(slots.available(silent(4), quiet)).toBe(0);
    slots.available([...silent(3), ...moving(1)], RULES);
    expect(slots.mayDial(quiet)).toBe(true);
  });
});

describe('the evicted attempts', () => {
  const left = (streams: readonly SlotHolder[], wanted = 4) => {
    const { silent, surplus } = evictions(streams, { ...RULES, wanted });
    return {
      silent: silent.map((one) => streams.indexOf(one)),
      surplus: surplus.map((one) => streams.indexOf(one)),
    };
  };

  it('are none while there are as many as wanted, silent or not', () => {
    expect(left([...moving(2), ...silent(2)])).toEqual({ silent: [], surplus: [] });
  });

  it('are none while a replacement has not proved itself', () => {
    expect(left([...moving(3), ...silent(1), fresh()])).toEqual({ silent: [], surplus: [] });
  });

  it('are not evicted because of attempts that were open before they fell silent', () => {
    expect(left([...moving(4), ...silent(1)]).silent).toEqual([]);
  });

  it('are as many silent ones as were replaced, the longest silent first', () => {
    const older = stream({ silentMs: 9000 });
    expect(left([...silent(2), older, moving(1)[0]!, proven()]).silent).toEqual([2]);
  });

  it('are the newest when a silent one woke up', () => {
    const unknown = { position: 0, end: 1_000_000, bytesPerSecond: 0 };
    expect(left([...moving(4), { ...fresh(), claim: unknown }])).toEqual({ silent: [], surplus: [4] });
  });

  it('are those with the most left to do when fewer are wanted', () => {
    const streams = [10, 40, 20, 30].map((secondsLeft) => stream({ secondsLeft }));
    expect(left(streams, 2).surplus).toEqual([1, 3]);
  });

  it('are not those that will be done in a moment', () => {
    const streams = [2, 2, 2, 50].map((secondsLeft) => stream({ secondsLeft }));
    expect(left(streams, 1).surplus).toEqual([3]);
  });
});
