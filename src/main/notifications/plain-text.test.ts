import { describe, expect, it } from 'vitest';
import { plainBody, plainTitle } from './plain-text.ts';

describe('the body of a notification', () => {
  const hostile = 'See <a href="http://evil.example">here</a> & <img src="x"/>';

  it('is not markup on Linux, whatever a server sent', () => {
    expect(plainBody(hostile, 'linux')).toBe(
      'See &lt;a href="http://evil.example"&gt;here&lt;/a&gt; &amp; &lt;img src="x"/&gt;',
    );
  });

  it.each(['darwin', 'win32'] as const)('is text anyway on %s, and stays as it is', (platform) => {
    expect(plainBody(hostile, platform)).toBe(hostile);
  });

  it('has no characters that hide or reverse text', () => {
    expect(plainBody('a\u202Egnp.exe\u0000\nb\u200Bc', 'linux')).toBe('a gnp.exe b c');
  });

  it('does not grow without end', () => {
    expect(plainBody('x'.repeat(100_000), 'darwin')).toHaveLength(300);
  });
});

it('a title keeps its signs, which no desktop interprets', () => {
  expect(plainTitle('R&D <model> is ready')).toBe('R&D <model> is ready');
});
