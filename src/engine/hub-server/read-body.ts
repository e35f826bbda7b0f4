import type { IncomingMessage } from 'node:http';
import { Refusal } from './refusal.ts';

/** A thousand hashes, or as many paths of usual length. */
const MAX_BODY_BYTES = 256 * 1024;

/**
 * Returns the body of a request as text. Throws a {@link Refusal} for one that is too long; the server's own limits
 * bound its time.
 */
export async function readBody(request: IncomingMessage): Promise<string> {
  if (Number(request.headers['content-length'] ?? 0) > MAX_BODY_BYTES) throw tooLong();
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request) {
    bytes += part.length;
    if (bytes > MAX_BODY_BYTES) throw tooLong();
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

/** Returns the body of a request as JSON. Throws a {@link Refusal} as {@link readBody} does, and for invalid JSON. */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const text = await readBody(request);
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal(400, 'The body is not JSON.');
  }
}

function tooLong(): Refusal {
  return new Refusal(413, `The body has more than ${MAX_BODY_BYTES} bytes.`, { connection: 'close' });
}
