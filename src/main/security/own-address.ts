import { PAGE_ORIGIN } from './page-file.ts';

/**
 * True for what the page may load: its own files, its in-memory data, developer tools, and in development the server
 * and its socket. `developmentOrigin` is null otherwise.
 */
export function isOwnAddress(address: string, developmentOrigin: string | null): boolean {
  if (/^(data|blob|devtools):/.test(address)) return true;
  const origins = [PAGE_ORIGIN];
  if (developmentOrigin !== null) {
    origins.push(developmentOrigin, developmentOrigin.replace(/^http/, 'ws'));
  }
  return origins.some((origin) => address.startsWith(`${origin}/`));
}

/** True when navigating to `next` reloads the app's own page at `current`. The fragment does not count. */
export function isReload(current: string, next: string): boolean {
  const [here, there] = [current, next].map((address) => address.split('#')[0]);
  return here === there && next.startsWith(`${PAGE_ORIGIN}/`);
}
