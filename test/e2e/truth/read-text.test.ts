import { expect, it } from 'vitest';
import { readText } from './read-text.ts';

it.each([
  [
    '0.12 of 2.5 GB · 5 %\n9.2 MB/s\n1 min 40 s left',
    {
      bytesPerSecond: 9.2e6,
      secondsLeft: 100,
      percent: 5,
      amount: { partBytes: 0.12e9, wholeBytes: 2.5e9, stepBytes: 0.1e9 },
    },
  ],
  ['2 downloads · 18.7 MB/s · 1 h 10 min left', { bytesPerSecond: 18.7e6, secondsLeft: 4200, percent: null }],
  ['41 percent, 36 minutes left', { bytesPerSecond: null, secondsLeft: 2160, percent: 41 }],
  ['1 download · 198 kB/s', { bytesPerSecond: 198e3, secondsLeft: null, percent: null }],
  ['0 MB/s\n—', { bytesPerSecond: 0, secondsLeft: null, percent: null }],
  ['Waiting for the network', { bytesPerSecond: null, secondsLeft: null, percent: null }],
])('%j', (text, said) => {
  expect(readText(text)).toEqual({ amount: null, ...said });
});
