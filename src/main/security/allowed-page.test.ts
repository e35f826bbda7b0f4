import { describe, expect, it } from 'vitest';
import { allowedPage } from './allowed-page.ts';

const MIRROR = 'https://mirror.example:8443/hub';

describe('allowedPage', () => {
  it.each(['https://huggingface.co/kyutai/moshiko-mlx-bf16', 'https://mirror.example:8443/org/name'])(
    'lets %s be opened',
    (address) => {
      expect(allowedPage(address, MIRROR)).toBe(address);
    },
  );

  it('lets a plain http mirror be opened that the user configured', () => {
    expect(allowedPage('http://127.0.0.1:8080/org/name', 'http://127.0.0.1:8080')).not.toBeNull();
  });

  it.each([
    'http://huggingface.co/org/name',
    'https://huggingface.co:444/org/name',
    'https://huggingface.co.evil.example/',
    'https://evil.example/?huggingface.co',
    'https://huggingface.co@evil.example/',
    'https://me:secret@huggingface.co/',
    'https://mirror.example/org/name',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'smb://huggingface.co/share',
    'haulyard://download?repo=a/b',
    'not an address',
    '',
  ])('refuses %s', (address) => {
    expect(allowedPage(address, MIRROR)).toBeNull();
  });

  it('makes nothing of an endpoint that is no address', () => {
    expect(allowedPage('null://x', 'nonsense')).toBeNull();
  });
});
