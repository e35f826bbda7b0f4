import { expect, it } from 'vitest';
import { readOptions } from './options.ts';

it('runs every group when none is named', () => {
  expect(readOptions([])).toMatchObject({ quick: false, sizeBytes: null, rounds: null, jsonFile: null });
  expect(readOptions([]).only).toContain('fast');
});

it('takes groups, sizes and rounds', () => {
  const options = readOptions(['--quick', '--only', 'fast', '--size', '1.5GiB', '--rounds', '5']);
  expect(options).toMatchObject({ quick: true, only: ['fast'], sizeBytes: 1.5 * 2 ** 30, rounds: 5 });
});

it.each([
  [['--only', 'slow'], /There is no group "slow"/],
  [['--line', 'dead'], /There is no line "dead"/],
  [['--size', '10'], /"10" is not a size/],
  [['--size', '1GB'], /"1GB" is not a size/],
  [['--rounds', '0'], /"0" is not a number of rounds/],
  [['--fast'], /--help lists the options/],
])('refuses %j with a sentence', (args, message) => {
  expect(() => readOptions(args)).toThrow(message);
});
