import { realpathSync } from 'node:fs';
import { AppError } from '../../shared/contract/errors.ts';
import { formatRate } from '../../shared/format/rate.ts';
import { proxySettings } from '../http/proxy-settings.ts';
import type { OwnerInfo } from '../serve/join.ts';
import type { SharedSettings } from '../serve/protocol.ts';

/** What the owner must agree with before this command becomes its guest. */
export interface Asked {
  readonly settings: SharedSettings;
  /** A limit for this run alone, which a guest cannot have. */
  readonly limitBytesPerSecond?: number | undefined;
}

const NAMES = {
  cacheDir: { what: 'the cache', way: '--cache-dir' },
  endpoint: { what: 'the Hugging Face address', way: '--endpoint' },
  catalog: { what: 'the catalog', way: '--catalog' },
  proxy: { what: 'the proxy', way: 'HTTPS_PROXY' },
} as const satisfies Record<keyof SharedSettings, unknown>;

/**
 * Throws `BadRequest` when the owner uses other settings than this command was given: what is downloaded would come
 * from, or go to, another place than requested.
 */
export function requireAgreement({ settings, limitBytesPerSecond }: Asked, owner: OwnerInfo): void {
  const who = `${owner.program} (process ${owner.pid})`;
  for (const key of ['cacheDir', 'endpoint', 'catalog', 'proxy'] as const) {
    if (isSame(key, settings[key], owner.settings[key])) continue;
    const { what, way } = NAMES[key];
    const [theirs, ours] = [owner.settings[key] ?? 'none of its own', settings[key] ?? 'none of its own'];
    throw new AppError(
      'BadRequest',
      `${who} runs the downloads of this data folder, and they do not agree on ${what}: it has ${theirs}, this command ${ours}. ` +
        `Give this command the same (${way}), quit ${owner.program}, or use another --data-dir.`,
      { details: { disagreement: true } },
    );
  }
  if (limitBytesPerSecond !== undefined) {
    throw new AppError(
      'BadRequest',
      `${who} runs the downloads of this data folder, with one limit for all of them; --limit ${formatRate(limitBytesPerSecond)} can’t hold for this one alone. ` +
        'Leave it out, or set the limit of all with haulyard limit.',
      { details: { disagreement: true } },
    );
  }
}

function isSame(key: keyof SharedSettings, one: string | null, other: string | null): boolean {
  if (one === other) return true;
  if (one === null || other === null || key === 'endpoint' || key === 'proxy') return false;
  return real(one) === real(other);
}

/** One folder may have several paths: macOS has `/tmp` and `/private/tmp`. */
function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** Returns the proxies in use, for comparison and for people: without user name and password. Null for none. */
export function proxyName(env: Readonly<Record<string, string | undefined>>): string | null {
  const { http, https } = proxySettings(env);
  const names = [http, https].flatMap((proxy) =>
    proxy === null ? [] : [`${proxy.scheme}://${proxy.hostname}:${proxy.port}`],
  );
  return names.length === 0 ? null : [...new Set(names)].join(' and ');
}
