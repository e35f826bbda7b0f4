/**
 * Returns when a signed URL expires, in milliseconds since 1970; null when it does not say. Of several expiry times the
 * first one counts.
 *
 * Known forms: `Expires` (CloudFront, unix seconds), `X-Amz-Date` with `X-Amz-Expires` (S3), `X-Goog-Date` with
 * `X-Goog-Expires` (Google Cloud Storage), `se` (Azure, ISO time).
 */
export function signedUrlExpiry(url: URL): number | null {
  const query = new Map([...url.searchParams].map(([name, value]) => [name.toLowerCase(), value]));
  const ends = [
    unixSeconds(query.get('expires')),
    dateAndLifetime(query.get('x-amz-date'), query.get('x-amz-expires')),
    dateAndLifetime(query.get('x-goog-date'), query.get('x-goog-expires')),
    isoTime(query.get('se')),
  ].filter((end) => end !== null);
  return ends.length === 0 ? null : Math.min(...ends);
}

function unixSeconds(text: string | undefined): number | null {
  return text !== undefined && /^\d{9,11}$/.test(text) ? Number(text) * 1000 : null;
}

/** Date as `20260923T101500Z`, lifetime in seconds. */
function dateAndLifetime(date: string | undefined, lifetime: string | undefined): number | null {
  const parts = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/.exec(date ?? '');
  if (parts === null || !/^\d{1,7}$/.test(lifetime ?? '')) return null;
  const [, year, month, day, hour, minute, second] = parts;
  const start = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(start) ? null : start + Number(lifetime) * 1000;
}

function isoTime(text: string | undefined): number | null {
  if (text === undefined || !/^\d{4}-\d{2}-\d{2}/.test(text)) return null;
  const end = Date.parse(text);
  return Number.isNaN(end) ? null : end;
}
