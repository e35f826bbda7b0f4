import { describe, expect, it } from 'vitest';
import { nextUrl } from './redirect.ts';

const from = (url: string, location: string | undefined) => nextUrl(new URL(url), location).href;

describe('nextUrl', () => {
  it.each([
    ['https://hub.example/a/b?q=1', '/c?d=2', 'https://hub.example/c?d=2'],
    ['https://hub.example/a/b', 'c', 'https://hub.example/a/c'],
    ['https://hub.example/a', 'https://cdn.example/x?Signature=1', 'https://cdn.example/x?Signature=1'],
    ['https://hub.example/a', '//cdn.example/x', 'https://cdn.example/x'],
    ['http://hub.example/a', 'https://hub.example/a', 'https://hub.example/a'],
    ['http://127.0.0.1:1/a', 'http://localhost:2/b', 'http://localhost:2/b'],
    ['https://127.0.0.1:1/a', 'http://localhost:2/b', 'http://localhost:2/b'],
    ['https://hub.example/a', 'https://user:word@cdn.example/x#part', 'https://cdn.example/x'],
    ['https://hub.example/a', Buffer.from('/é').toString('latin1'), 'https://hub.example/%C3%A9'],
  ])('leads from %s by %s to %s', (current, location, expected) => {
    expect(from(current, location)).toBe(expected);
  });

  it.each([
    ['a missing address', undefined, true],
    ['an empty address', ' ', true],
    ['an invalid address', 'https://', true],
    ['a file', 'file:///etc/passwd', false],
    ['a data URL', 'data:text/plain,x', false],
    ['plain http', 'http://hub.example/a', false],
    ['plain http on this machine, asked for by another one', 'http://127.0.0.1:9/a', false],
  ])('refuses %s', (_what, location, retryable) => {
    expect(() => from('https://hub.example/a', location)).toThrow(
      expect.objectContaining({ code: 'ServerError', retryable }),
    );
  });
});
