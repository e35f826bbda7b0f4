import { expect, it } from 'vitest';
import { ArrivalPace } from './arrival-pace.ts';

const MB = 1_000_000;

function paceAt(bytesPerSecond: number, seconds: number) {
  let nowMs = 5_000;
  const pace = new ArrivalPace(() => nowMs);
  for (let tick = 0; tick < seconds * 20; tick += 1) {
    nowMs += 50;
    pace.add(bytesPerSecond / 20);
  }
  return { pace, pass: (ms: number) => (nowMs += ms) };
}

it('a gigabit network is not fast, a local one is', () => {
  expect(paceAt(110 * MB, 5).pace.isFast).toBe(false);
  expect(paceAt(300 * MB, 5).pace.isFast).toBe(true);
});

it('what came at once and was little is not fast', () => {
  const pace = new ArrivalPace(() => 0);
  pace.add(100 * MB);
  expect(pace.isFast).toBe(false);
});

it('is over a second or two after the last byte, however long that is', () => {
  const { pace, pass } = paceAt(300 * MB, 5);
  pass(1250);
  expect(pace.isFast).toBe(false);
  pass(86_400_000);
  expect(pace.isFast).toBe(false);
});
