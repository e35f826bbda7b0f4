import { describe, expect, it } from 'vitest';
import { nextPage } from './next-page.ts';

const next = (link: string | undefined) =>
  nextPage(new URL('https://hub.example/p/api?limit=2'), link)?.href ?? null;

describe('nextPage', () => {
  it.each([
    ['none', undefined, null],
    [
      'an absolute address',
      '<https://hub.example/p/api?cursor=b>; rel="next"',
      'https://hub.example/p/api?cursor=b',
    ],
    ['a relative address', '</p/api?cursor=b>; rel="next"', 'https://hub.example/p/api?cursor=b'],
    ['a query alone', '<?cursor=b>; rel=next', 'https://hub.example/p/api?cursor=b'],
    ['the next among others', '<?a>; rel="prev", <?b>; rel="next"', 'https://hub.example/p/api?b'],
    ['other relations only', '<?a>; rel="xet-auth", <?b>; rel="prev"', null],
    [
      'only the query of another host',
      '<https://evil.example/x?cursor=b>; rel="next"',
      'https://hub.example/p/api?cursor=b',
    ],
    ['only the query of a file', '<file:///etc/passwd>; rel="next"', 'https://hub.example/p/api'],
  ])('takes %s', (_what, link, expected) => {
    expect(next(link)).toBe(expected);
  });

  it('rejects an invalid URL', () => {
    expect(() => next('<https://>; rel="next"')).toThrow(expect.objectContaining({ code: 'ServerError' }));
  });
});
