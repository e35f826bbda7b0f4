import { expect, it } from 'vitest';
import { formatChange } from './change.ts';

it.each([
  [{ missing: 'config.json' }, 'config.json is no longer there.'],
  [{ otherSize: 'a', otherChecksum: 'b\nc\nd\ne' }, 'a is of another size. b, c, d and 1 more are changed.'],
  [{ otherChecksum: '' }, null],
  [{}, null],
] as const)('tells %j', (details, text) => {
  expect(formatChange(details)).toBe(text);
});
