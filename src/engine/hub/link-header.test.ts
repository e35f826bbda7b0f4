import { describe, expect, it } from 'vitest';
import { linkTargets } from './link-header.ts';

const targets = (link: string | undefined) => Object.fromEntries(linkTargets(link));

describe('linkTargets', () => {
  it.each([
    ['nothing', undefined, {}],
    ['one relation', '<https://a/b>; rel="next"', { next: 'https://a/b' }],
    ['a relation without quotes', '</b>;rel=next', { next: '/b' }],
    ['a relation after other parameters', '</b>; title="x"; rel="next"; type="y"', { next: '/b' }],
    ['several links', '<a>; rel="xet-auth", <b?x=1,2>; rel="prev"', { 'xet-auth': 'a', prev: 'b?x=1,2' }],
    ['several relations of one link', '<a>; rel="next last"', { next: 'a', last: 'a' }],
    ['the first of two with the same relation', '<a>; rel="next", <b>; rel="next"', { next: 'a' }],
    ['any case', '<a>; REL="Xet-Auth"', { 'xet-auth': 'a' }],
    ['no link without a relation', '<a>; title="next", b', {}],
  ])('reads %s', (_what, link, expected) => {
    expect(targets(link)).toEqual(expected);
  });
});

describe('a hostile link header', () => {
  it.each([
    '<'.repeat(60_000),
    '<>;'.repeat(20_000),
    `<a>;${' '.repeat(60_000)}`,
    `<a>; rel="${'x '.repeat(30_000)}`,
  ])('is read in no time: %.20s', (header) => {
    const startMs = performance.now();
    linkTargets(header);
    expect(performance.now() - startMs).toBeLessThan(500);
  });
});
