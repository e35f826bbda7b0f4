import { readFile, realpath } from 'node:fs/promises';
import { sep } from 'node:path';
import { protocol, type Session } from 'electron';
import type { Log } from '../logs/log.ts';
import { PAGE_POLICY } from './csp.ts';
import { PAGE_SCHEME, type PageFile, pageFile } from './page-file.ts';

/** Headers of every response. */
const HEADERS = {
  'Content-Security-Policy': PAGE_POLICY,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), usb=(), serial=(), hid=()',
  'Cache-Control': 'no-store',
} as const;

/** Must run before the app is ready. `standard` gives the scheme an origin, `secure` makes it a trustworthy one. */
export function registerPageScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: PAGE_SCHEME, privileges: { standard: true, secure: true } },
  ]);
}

/** Dependencies of {@link servePage}. */
export interface PageProtocolOptions {
  readonly session: Session;
  /** The folder with the built page. Nothing outside is ever read. */
  readonly folder: string;
  readonly log: Log;
}

/** Serves the built page to the session. */
export function servePage({ session, folder, log }: PageProtocolOptions): void {
  session.protocol.handle(PAGE_SCHEME, async (request) => {
    const file = request.method === 'GET' ? pageFile(request.url, folder) : null;
    const body = file && (await readInside(file, folder));
    if (file && body) {
      return new Response(new Uint8Array(body), { headers: { ...HEADERS, 'Content-Type': file.mimeType } });
    }
    log.warn(`Not served to the page: ${request.method} ${request.url.slice(0, 200)}`);
    return new Response('Not found', { status: 404, headers: { ...HEADERS, 'Content-Type': 'text/plain' } });
  });
}

/** Returns the content, null when the file does not exist or a link points out of the folder. */
async function readInside(file: PageFile, folder: string): Promise<Buffer | null> {
  try {
    const [path, root] = await Promise.all([realpath(file.path), realpath(folder)]);
    return path.startsWith(root + sep) ? await readFile(path) : null;
  } catch {
    return null;
  }
}
