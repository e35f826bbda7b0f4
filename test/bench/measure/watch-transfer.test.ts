import { expect, it } from 'vitest';
import { WATCH_MS, watchTransfer } from './watch-transfer.ts';

it('polls the server a few times a second until it is stopped', async () => {
  const stop = new AbortController();
  let asked = 0;
  const progress = async () => {
    asked += 1;
    if (asked === 3) stop.abort();
    return { sentBytes: asked * 100, running: asked };
  };
  const points = await watchTransfer({ progress }, stop.signal);
  expect(points.map(({ bytes, streams }) => [bytes, streams])).toEqual([
    [100, 1],
    [200, 2],
    [300, 3],
  ]);
  const [first, , last] = points.map(({ seconds }) => seconds);
  expect((last ?? 0) - (first ?? 0)).toBeGreaterThan((1.8 * WATCH_MS) / 1000);
});
