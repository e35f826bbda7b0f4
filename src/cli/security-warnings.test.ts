import { describe, expect, it } from 'vitest';
import { securityWarnings } from './security-warnings.ts';

const HUB = 'https://huggingface.co';
const UNCHECKED = { NODE_TLS_REJECT_UNAUTHORIZED: '0' };

describe('a run', () => {
  it.each([
    ['unchecked certificates', UNCHECKED, HUB, null, /certificates are not checked/],
    ['a token over plain http', {}, 'http://mirror.example', 'secret', /mirror\.example over plain http/],
  ])('warns of %s', (_what, env, endpoint, token, words) => {
    expect(securityWarnings(env, { endpoint, token })).toEqual([expect.stringMatching(words)]);
  });

  it.each([
    ['https', {}, HUB, 'secret'],
    ['a token to this computer', {}, 'http://127.0.0.1:8787', 'secret'],
    ['no token', {}, 'http://mirror.example', null],
    ['no certificates', UNCHECKED, 'http://127.0.0.1:8787', null],
  ])('does not warn of %s', (_what, env, endpoint, token) => {
    expect(securityWarnings(env, { endpoint, token })).toEqual([]);
  });
});
