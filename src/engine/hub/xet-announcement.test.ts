import { describe, expect, it } from 'vitest';
import { parseEndpoint } from './endpoint.ts';
import { xetAnnouncement } from './xet-announcement.ts';

const HASH = 'a'.repeat(64);
const ENDPOINT = parseEndpoint('https://hub.example/prefix');
const ANSWERED = new URL('https://hub.example/prefix/org/name/resolve/main/x');
const TOKEN = 'https://hub.example/prefix/api/models/org/name/xet-read-token/main';

const announced = (headers: Record<string, string>) => xetAnnouncement(headers, ANSWERED, ENDPOINT);
const withLink = (link: string) => announced({ 'x-xet-hash': HASH, link });

describe('xetAnnouncement', () => {
  it('has hash, token address and reconstruction of the headers', () => {
    expect(
      withLink(`<${TOKEN}>; rel="xet-auth", <https://cas.example/v1/r>; rel="xet-reconstruction-info"`),
    ).toEqual({
      hash: HASH,
      tokenUrl: TOKEN,
      reconstructionUrl: 'https://cas.example/v1/r',
    });
  });

  it('takes the older header for the token address', () => {
    expect(announced({ 'x-xet-hash': HASH, 'x-xet-refresh-route': TOKEN })).toEqual({
      hash: HASH,
      tokenUrl: TOKEN,
      reconstructionUrl: null,
    });
  });

  it('asks the configured Hub for the token where a mirror passes on the links of the Hub behind it', () => {
    const link = '<https://huggingface.co/api/models/org/name/xet-read-token/main>; rel="xet-auth"';
    expect(withLink(link)?.tokenUrl).toBe(TOKEN);
  });

  it.each([
    ['a hash', { link: `<${TOKEN}>; rel="xet-auth"` }],
    ['a hash that is one', { 'x-xet-hash': 'abc', link: `<${TOKEN}>; rel="xet-auth"` }],
    ['a token address', { 'x-xet-hash': HASH }],
    ['a token address on the Hub', { 'x-xet-hash': HASH, link: '<https://evil.example/t>; rel="xet-auth"' }],
    ['a token address of the web', { 'x-xet-hash': HASH, link: '<file:///etc/passwd>; rel="xet-auth"' }],
  ])('is nothing without %s', (_what, headers) => {
    expect(announced(headers)).toBeNull();
  });
});
