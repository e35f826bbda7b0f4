import { createHmac, randomBytes } from 'node:crypto';
import type { ByteRange } from '../http/range.ts';

const SECRET = 'local xet, nothing secret';

/** Makes and checks the URLs of stored xorbs: each is good for the ranges that it was signed for, and for one of them alone. */
export interface XorbUrls {
  sign(xorb: string, ranges: readonly ByteRange[], lifetimeSeconds: number): string;
  /** The ranges that may be sent, or why not. */
  judge(xorb: string, query: URLSearchParams, range: string | undefined): readonly ByteRange[] | string;
  /** Ends every URL given out so far. */
  expireAll(): void;
}

/** URLs at `origin`. `now` is in milliseconds. */
export function xorbUrls(origin: () => string, now: () => number): XorbUrls {
  let ended = new Set<string>();
  let given: string[] = [];
  return {
    sign(xorb, ranges, lifetimeSeconds) {
      const signed = rangesText(ranges);
      const expires = String(Math.floor(now() / 1000) + lifetimeSeconds);
      const policy = randomBytes(12).toString('base64url');
      const signature = sign(xorb, signed, expires, policy);
      given.push(signature);
      const query = `X-Xet-Signed-Range=${encodeURIComponent(`bytes=${signed}`)}&Expires=${expires}&Policy=${policy}&Signature=${signature}&Key-Pair-Id=KLOCALXET00001`;
      return `${origin()}/xorbs/default/${xorb}?${query}`;
    },
    judge(xorb, query, range) {
      const signed = (query.get('X-Xet-Signed-Range') ?? '').replace(/^bytes=/, '');
      const expires = query.get('Expires') ?? '';
      const signature = query.get('Signature') ?? '';
      if (signature !== sign(xorb, signed, expires, query.get('Policy') ?? '')) return 'SignatureError';
      if (ended.has(signature) || now() >= Number(expires) * 1000) return 'Request has expired';
      const asked = range?.replace(/^bytes=/, '').replaceAll(' ', '');
      const allowed = signed.split(',');
      if (asked !== signed && !allowed.includes(asked ?? '')) return 'Auth failed: invalid range';
      return (asked ?? '').split(',').map((text) => {
        const [start = 0, end = 0] = text.split('-').map(Number);
        return { start, end };
      });
    },
    expireAll() {
      ended = new Set([...ended, ...given]);
      given = [];
    },
  };
}

const rangesText = (ranges: readonly ByteRange[]): string =>
  ranges.map(({ start, end }) => `${start}-${end}`).join(',');

function sign(xorb: string, ranges: string, expires: string, policy: string): string {
  return createHmac('sha256', SECRET).update([xorb, ranges, expires, policy].join('\n')).digest('base64url');
}
