import { describe, expect, it } from 'vitest';
import { isOwnAddress, isReload } from './own-address.ts';

describe('isOwnAddress', () => {
  it.each([
    'app://haulyard/index.html',
    'data:image/png;base64,AA',
    'devtools://devtools/bundled/devtools_app.html',
  ])('is true for %s', (address) => {
    expect(isOwnAddress(address, null)).toBe(true);
  });

  it.each([
    'app://haulyard.evil/',
    'https://huggingface.co/',
    'file:///etc/passwd',
    'http://localhost:5173/main.tsx',
  ])('is false for %s', (address) => {
    expect(isOwnAddress(address, null)).toBe(false);
  });

  it('takes the development server and its socket, and no other server', () => {
    const origin = 'http://localhost:5173';
    expect(isOwnAddress('http://localhost:5173/main.tsx', origin)).toBe(true);
    expect(isOwnAddress('ws://localhost:5173/', origin)).toBe(true);
    expect(isOwnAddress('http://localhost:51733/', origin)).toBe(false);
  });
});

describe('isReload', () => {
  const page = 'app://haulyard/index.html';

  it.each([page, `${page}#top`])('is true for the page itself (%s)', (next) => {
    expect(isReload(page, next)).toBe(true);
    expect(isReload(`${page}#elsewhere`, next)).toBe(true);
  });

  it.each([
    'app://haulyard/other.html',
    'app://haulyard/index.html?x',
    'about:blank',
    'https://huggingface.co/',
  ])('is false for %s', (next) => {
    expect(isReload(page, next)).toBe(false);
  });

  it('is false for a page that is not the app’s, even when it stays where it is', () => {
    expect(isReload('about:blank', 'about:blank')).toBe(false);
  });
});
