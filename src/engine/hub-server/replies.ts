import type { ServerResponse } from 'node:http';

/** What a browser must not do with a response: run it, guess its type, or show it inside another page. */
const AGAINST_BROWSERS = {
  'content-security-policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const;

/** Entries of a list that are written at once: a list of 100,000 files is never one string. */
const ENTRIES_AT_ONCE = 500;

/** Sets the headers of every response. Call first. */
export function setCommonHeaders(response: ServerResponse, version: string): void {
  for (const [name, value] of Object.entries(AGAINST_BROWSERS)) response.setHeader(name, value);
  response.setHeader('server', `haulyard/${version}`);
}

/** Answers with a short text. */
export function sendText(response: ServerResponse, status: number, text: string): void {
  const body = Buffer.from(text);
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'content-length': body.length });
  end(response, body);
}

/** Answers with JSON. */
export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  const body = Buffer.from(JSON.stringify(value));
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': body.length,
    'cache-control': 'no-cache',
  });
  end(response, body);
}

/**
 * Sends a long list inside JSON: `before`, the entries, `after`. Written in parts, as fast as they are read;
 * `afterWrite` is called before each wait.
 */
export async function sendJsonList<T>(
  response: ServerResponse,
  { before, after }: { readonly before: string; readonly after: string },
  entries: readonly T[],
  describe: (entry: T) => unknown,
  write: (part: Buffer) => Promise<void>,
): Promise<void> {
  response.writeHead(200, {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-cache',
  });
  if (isHead(response)) return end(response, Buffer.alloc(0));
  let lead = before;
  for (let from = 0; from < entries.length; from += ENTRIES_AT_ONCE) {
    const part = entries.slice(from, from + ENTRIES_AT_ONCE).map((entry) => JSON.stringify(describe(entry)));
    await write(Buffer.from(lead + part.join(',')));
    lead = ',';
  }
  response.end(lead === before ? before + after : after);
}

/** The Hub's error codes; its clients decide by these, not by texts. */
export type HubErrorCode = 'RepoNotFound' | 'RevisionNotFound' | 'EntryNotFound';

/** Answers 404 like the Hub. Does not reveal whether something is missing or not shared. */
export function sendNotFound(response: ServerResponse, code: HubErrorCode, message: string): void {
  response.setHeader('x-error-code', code);
  response.setHeader('x-error-message', message);
  sendJson(response, 404, { error: message });
}

/** A HEAD is answered like its GET, without the body. */
export function isHead(response: ServerResponse): boolean {
  return response.req.method === 'HEAD';
}

function end(response: ServerResponse, body: Buffer): void {
  response.end(isHead(response) ? undefined : body);
}
