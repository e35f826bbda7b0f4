import { describe, expect, it } from 'vitest';
import { signedUrlExpiry } from './signed-url.ts';

const END = Date.parse('2026-09-23T11:15:00Z');

describe('signedUrlExpiry', () => {
  it.each([
    ['CloudFront', `X-Xet-Cas-Uid=public&Expires=${END / 1000}&Signature=a`, END],
    ['S3', 'X-Amz-Date=20260923T101500Z&X-Amz-Expires=3600', END],
    ['S3 in lower case', 'x-amz-date=20260923T101500Z&x-amz-expires=3600', END],
    ['Google', 'X-Goog-Date=20260923T101500Z&X-Goog-Expires=3600', END],
    ['Azure', 'sv=2024&se=2026-09-23T11%3A15%3A00Z&sig=a', END],
    ['the first of two ends', `Expires=${END / 1000 + 99}&se=2026-09-23T11:15:00Z`, END],
    ['none', 'download=true', null],
    ['a lifetime without a date', 'X-Amz-Expires=3600', null],
    ['nonsense', 'Expires=soon&se=later&X-Amz-Date=20269999T999999Z&X-Amz-Expires=1', null],
  ])('reads %s', (_what, query, expected) => {
    expect(signedUrlExpiry(new URL(`https://cdn.example/x?${query}`))).toBe(expected);
  });
});
