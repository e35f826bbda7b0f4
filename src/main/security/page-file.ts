import { extname, join, sep } from 'node:path';

/** The scheme of the page. A custom scheme has an origin, unlike `file:`. */
export const PAGE_SCHEME = 'app';
/** Start of the page's URL, against which its calls are checked. */
export const PAGE_ORIGIN = 'app://haulyard';
/** The page's URL. */
export const PAGE_URL = `${PAGE_ORIGIN}/index.html`;

/** File types of the page's build. Anything else is not served. */
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

/** A file of the page, and its type. */
export interface PageFile {
  readonly path: string;
  readonly mimeType: string;
}

/**
 * Returns the file that a URL refers to, inside `folder`; null for anything that is not plainly one. Each segment of
 * the path may have letters, digits, `.`, `_` and `-` and begins with none of the signs, which leaves no room for `..`,
 * hidden files, drives, encoded separators or NUL. The caller must still make sure that a link does not point outside.
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
