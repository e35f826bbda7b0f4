import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { AppError } from '../../shared/contract/errors.ts';

/** Enough for every meaningful error page. */
const ERROR_TEXT_BYTES = 16_384;
/** Time limit for an error page, in milliseconds: its text is useful, but not worth a wait. */
const ERROR_TEXT_MS = 5_000;

/** What {@link readText} returns. */
export interface BodyText {
  /** UTF-8; a character cut by the limit becomes U+FFFD. */
  readonly text: string;
  /** False when the body was longer than the limit. */
  readonly complete: boolean;
}

/** What {@link readBytes} returns. */
export interface BodyBytes {
  /** A buffer that nothing else uses. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** False when the body was longer than the limit. */
  readonly complete: boolean;
}

/**
 * Reads a body as UTF-8, at most `maxBytes` of it (after decompression), and destroys it then: a body of unlimited size
 * must not fill the memory. A short body leaves its connection usable.
 *
 * `encoding` is the value of `Content-Encoding`: none, `identity` or `gzip`. Throws `ServerError` for any other, and
 * rethrows errors of the stream or the decompressor.
 */
export async function readText(body: Readable, maxBytes: number, encoding?: string): Promise<BodyText> {
  const { bytes, complete } = await readBytes(body, maxBytes, encoding);
  return { text: Buffer.from(bytes.buffer).toString('utf8'), complete };
}

/** Does the same as {@link readText} without decoding the text. */
export async function readBytes(body: Readable, maxBytes: number, encoding?: string): Promise<BodyBytes> {
  // Destroying an undici body before its end makes it emit an error, after the last listener of the loop is gone.
  body.on('error', ignore);
  try {
    return await collect(decoded(body, encoding), maxBytes);
  } finally {
    body.destroy();
  }
}

/**
 * Reads the start of an error page for its text. Never fails and never waits long: a page that breaks off or trickles
 * yields what had arrived. Check the signal of the request afterwards.
 */
export async function readErrorText(body: Readable, encoding?: string): Promise<string> {
  const timer = setTimeout(() => body.destroy(), ERROR_TEXT_MS);
  try {
    return (await readText(body, ERROR_TEXT_BYTES, encoding)).text;
  } catch {
    return '';
  } finally {
    clearTimeout(timer);
  }
}

async function collect(source: Readable, maxBytes: number): Promise<BodyBytes> {
  const collected = new ByteCollector();
  for await (const part of source) {
    const piece = part as Uint8Array;
    const room = maxBytes - collected.length;
    if (piece.length > room) {
      collected.add(piece.subarray(0, room));
      return { bytes: collected.take(), complete: false };
    }
    collected.add(piece);
  }
  return { bytes: collected.take(), complete: true };
}

/** Grows by doubling, so that a long body is never in memory twice for long. */
class ByteCollector {
  #bytes = new Uint8Array(64 * 1024);
  length = 0;

  add(piece: Uint8Array): void {
    const needed = this.length + piece.length;
    if (needed > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
      larger.set(this.#bytes.subarray(0, this.length));
      this.#bytes = larger;
    }
    this.#bytes.set(piece, this.length);
    this.length = needed;
  }

  take(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#bytes.buffer.transfer(this.length));
  }
}

function decoded(body: Readable, encoding: string | undefined): Readable {
  const name = encoding?.trim().toLowerCase() ?? '';
  if (name === '' || name === 'identity') return body;
  if (name !== 'gzip' && name !== 'x-gzip') {
    throw new AppError('ServerError', 'The server compressed its answer in a way that wasn’t asked for.', {
      details: { contentEncoding: name.slice(0, 40) },
    });
  }
  const gunzip = createGunzip();
  body.on('error', (error) => gunzip.destroy(error));
  gunzip.on('error', ignore);
  return body.pipe(gunzip);
}

function ignore(): void {}
