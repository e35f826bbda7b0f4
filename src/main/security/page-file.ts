import { extname, join, sep } from 'node:path';

/** The scheme of the page. A scheme of its own has an origin, which `file:` has not. */
export const PAGE_SCHEME = 'app';
/** What the page's address begins with, and what its calls are checked by. */
export const PAGE_ORIGIN = 'app://haulyard';
/** Where the page begins. */
export const PAGE_URL = `${PAGE_ORIGIN}/index.html`;

/** What the build of the page is made of. Anything else is not served. */
const MIME_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

/** A file of the page, and how it is to be understood. */
export interface PageFile {
  readonly path: string;
  readonly mimeType: string;
}

/**
 * The file that an address means, inside `folder`; null for whatever is not plainly one. Each part of the path may have
 * letters, digits, `.`, `_` and `-` and begins with none of the signs, which leaves no room for `..`, hidden files,
 * drives, encoded separators or NUL. The caller must still see to it that a link does not lead outside.
 */
export function pageFile(address: string, folder: string): PageFile | null {
  const prefix = `${PAGE_ORIGIN}/`;
  if (!address.startsWith(prefix)) return null;
  const [path = ''] = address.slice(prefix.length).split(/[?#]/);
  const parts = (path === '' ? 'index.html' : path).split('/');
  if (!parts.every((part) => /^[A-Za-z0-9][\w.-]*$/.test(part) && !part.includes('..'))) return null;
  const name = parts.join(sep);
  const extension = extname(name).toLowerCase();
  const mimeType = Object.hasOwn(MIME_TYPES, extension) ? MIME_TYPES[extension] : undefined;
  return mimeType === undefined ? null : { path: join(folder, name), mimeType };
}
