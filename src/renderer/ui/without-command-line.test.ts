import { expect, it } from 'vitest';
import { withoutCommandLine } from './without-command-line.ts';

it('leaves out a sentence that names an option', () => {
  const message = 'It is not what the catalog expects. If you trust the change, go on with --accept-changed.';
  expect(withoutCommandLine(message)).toBe('It is not what the catalog expects.');
});

it('leaves out the name of a variable', () => {
  expect(withoutCommandLine('Give a token (HF_TOKEN) of that account.')).toBe(
    'Give a token of that account.',
  );
});

it('keeps a message that has nothing else', () => {
  expect(withoutCommandLine('Use --revision.')).toBe('Use --revision.');
});

it('keeps everything else', () => {
  const message = 'org/a--b is 5.0 GB -- too large for v1.2. Free some room!';
  expect(withoutCommandLine(message)).toBe(message);
});
