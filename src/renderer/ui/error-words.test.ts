import { expect, it } from 'vitest';
import { REMEDIES } from '../../shared/model/remedy.ts';
import { errorWords } from './error-words.ts';

it('says what helps in the window', () => {
  const details = { remedy: 'cache-folder' };
  expect(errorWords({ message: 'You can’t write there.', details })).toBe(
    'You can’t write there. Choose another cache folder in Settings.',
  );
});

it.each(REMEDIES)('names no option, variable or command for %s', (remedy) => {
  expect(errorWords({ message: 'It failed.', details: { remedy } })).not.toMatch(
    /--|HF_|HAULYARD_|haulyard /,
  );
});

it('adds nothing where a button does it, or no remedy is known', () => {
  expect(errorWords({ message: 'It failed.', details: { remedy: 'accept-changed' } })).toBe('It failed.');
  expect(errorWords({ message: 'It failed.', details: {} })).toBe('It failed.');
});
