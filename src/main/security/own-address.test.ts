import { describe, expect, it } from 'vitest';
import { isOwnAddress } from './own-address.ts';

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
