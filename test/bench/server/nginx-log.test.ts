import { expect, it } from 'vitest';
import { bytesInLog } from './nginx-log.ts';

it('adds up the bodies of all answers to GET', () => {
  expect(bytesInLog('100 GET\n5 HEAD\n2000 GET\n')).toBe(2100);
});

it('counts nothing in an empty or strange log', () => {
  expect(bytesInLog('')).toBe(0);
  expect(bytesInLog('hello\n-1 GET\n')).toBe(0);
});
