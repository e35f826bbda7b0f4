import { PAGE_ORIGIN } from './page-file.ts';

/**
 * True for what the page may load: its own files, what it holds in memory itself, developer tools, and in development the
 * server and its socket. `developmentOrigin` is null otherwise.
 */
export function isOwnAddress(address: string, developmentOrigin: string | null): boolean {
  if (/^(data|blob|devtools):/.test(address)) return true;
  const origins = [PAGE_ORIGIN];
  if (developmentOrigin !== null) {
    origins.push(developmentOrigin, developmentOrigin.replace(/^http/, 'ws'));
  }
  return origins.some((origin) => address.startsWith(`${origin}/`));
}

/** True when going to `next` means loading the app's own page, which is at `current`, once more. The fragment does not count. */
export function isReload(current: string, next: string): boolean {
  const [here, there] = [current, next].map((address) => address.split('#')[0]);
  return here === there && next.startsWith(`${PAGE_ORIGIN}/`);
}
