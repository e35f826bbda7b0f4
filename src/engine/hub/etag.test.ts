import { describe, expect, it } from 'vitest';
import { etagHash } from './etag.ts';

const SHA1 = 'b45ef6fec89518d314f546fd6c3025367b721684';
const SHA256 = '248dfc3911869ec493c76e65bf2fcf7f615828b0254c12b473182f0f81d3a707';

describe('etagHash', () => {
  it.each([
    [`"${SHA1}"`, SHA1],
    [`W/"${SHA256}"`, SHA256],
    [SHA256.toUpperCase(), SHA256],
    [`"${SHA1}-gzip"`, null],
    ['W/"f-abc"', null],
    [`"${SHA1.slice(1)}"`, null],
    ['', null],
    [undefined, null],
  ])('of %j is %j', (value, expected) => {
    expect(etagHash(value)).toBe(expected);
  });
});
