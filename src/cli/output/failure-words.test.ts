import { expect, it } from 'vitest';
import { REMEDIES } from '../../shared/model/remedy.ts';
import { failureWords } from './failure-words.ts';

it('explains what helps on the command line, with the right names', () => {
  const details = { remedy: 'cancel-first', id: 'a1b2' };
  expect(failureWords({ message: 'A download of org/a is unfinished.', details })).toBe(
    'A download of org/a is unfinished. Cancel it first: haulyard cancel a1b2',
  );
});

it.each(REMEDIES)('has words for %s', (remedy) => {
  const details = { remedy, id: 'a1b2', repo: 'org/a' };
  expect(failureWords({ message: 'It failed.', details })).toMatch(/^It failed\. [A-Z].*\S$/);
});

it('adds nothing when no remedy is known', () => {
  expect(failureWords({ message: 'It failed.' })).toBe('It failed.');
  expect(failureWords({ message: 'It failed.', details: { remedy: 'prayer' } })).toBe('It failed.');
});
