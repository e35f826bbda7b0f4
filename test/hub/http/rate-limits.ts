import type { Headers } from './reply.ts';

/** Requests allowed in a window of time. */
export interface Quota {
  readonly requests: number;
  readonly windowSeconds: number;
}

/** The buckets of the Hub. Null: the usual headers are sent, but nothing is counted. */
export interface RateLimits {
  readonly api: Quota | null;
  readonly resolvers: Quota | null;
}

/** The rate limiter's response to a request. */
export interface Verdict {
  readonly headers: Headers;
  readonly exceeded: boolean;
}

/** Quotas of an anonymous caller (https://huggingface.co/docs/hub/rate-limits). */
const USUAL: Readonly<Record<Bucket, Quota>> = {
  api: { requests: 500, windowSeconds: 300 },
  resolvers: { requests: 3000, windowSeconds: 300 },
};

type Bucket = keyof RateLimits;

/** Counts requests in fixed windows and makes the `RateLimit` headers that every answer of the Hub carries. */
export function rateLimiter(limits: RateLimits, now: () => number): (path: string) => Verdict {
  const used = new Map<string, number>();
  return (path) => {
    const bucket: Bucket =
      path.startsWith('/api/') && !path.startsWith('/api/resolve-cache/') ? 'api' : 'resolvers';
    const counted = limits[bucket];
    const { requests, windowSeconds } = counted ?? USUAL[bucket];
    const window = Math.floor(now() / 1000 / windowSeconds);
    const secondsLeft = Math.ceil((window + 1) * windowSeconds - now() / 1000);
    const key = `${bucket} ${window}`;
    const count = counted === null ? 1 : (used.get(key) ?? 0) + 1;
    used.set(key, count);
    return {
      exceeded: count > requests,
      headers: {
        ratelimit: `"${bucket}";r=${Math.max(0, requests - count)};t=${secondsLeft}`,
        'ratelimit-policy': `"fixed window";"${bucket}";q=${requests};w=${windowSeconds}`,
      },
    };
  };
}
