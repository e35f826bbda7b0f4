import { describe, expect, it } from 'vitest';
import { redact } from './redact.ts';

describe('redact', () => {
  it.each([
    ['a token in a sentence', 'token hf_AbC123 refused', 'token hf_… refused'],
    [
      'the query of a signed address',
      'GET https://cdn.x/f?Signature=abc&Policy=p end',
      'GET https://cdn.x/f end',
    ],
    ['credentials of an address', 'proxy http://me:secret@proxy:3128 down', 'proxy http://proxy:3128 down'],
    ['an authorization header', 'Authorization: Bearer abc.def', 'Authorization: Bearer …'],
    ['a signature without its address', 'X-Amz-Signature=12ab', 'X-Amz-Signature=…'],
  ])('removes %s', (_what, text, expected) => {
    expect(redact(text)).toBe(expected);
  });

  it('leaves ordinary lines and addresses as they are', () => {
    const line = 'Engine ready in 120 ms: https://huggingface.co/api/models/org/name';
    expect(redact(line)).toBe(line);
  });

  it('truncates what is far too long', () => {
    expect(redact('x'.repeat(1_000_000)).length).toBeLessThan(21_000);
  });
});
