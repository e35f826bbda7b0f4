import type { FileHandle } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import type { RateLimiter } from '../transfer/rate-limiter.ts';

/**
 * Read and written at once; two of these are all that a connection holds. Measured on loopback, CPU seconds a GiB: 64 KiB 1.4, 128 KiB 1.0,
 * 256 KiB 0.85, 512 KiB 0.7, 1 MiB 0.65.
 */
const PART_BYTES = 512 * 1024;
/** With a speed limit, a part is at most what may be sent in this share of a second. */
const LIMITED_PARTS_A_SECOND = 8;
const MIN_PART_BYTES = 4096;

/** What sending works with. */
export interface ByteSender {
  /** Over all connections together. */
  readonly limiter: Pick<RateLimiter, 'take'>;
  /** The limit that the limiter keeps, in bytes per second; null for none. */
  readonly limitBytesPerSecond: number | null;
  /** A reader that takes no part for so long is cut off, in milliseconds. */
  readonly slowReaderMs: number;
}

/** The connection is gone, or was cut off because its reader is too slow. */
export class ConnectionLost extends Error {}

/**
 * Sends a range of an open file: while one part is on its way to the network, the next is read, into two buffers that take turns. Memory
 * and speed are those of the slower side. Rejects with {@link ConnectionLost}, or with what reading throws; a file that ends early
 * breaks the connection, since its length was promised.
 */
export async function sendBytes(
  handle: FileHandle,
  { start, end }: { readonly start: number; readonly end: number },
  response: ServerResponse,
  sender: ByteSender,
): Promise<void> {
  const partBytes = Math.min(partSize(sender), end - start);
  if (partBytes === 0) return;
  const buffers = [Buffer.allocUnsafeSlow(partBytes), Buffer.allocUnsafeSlow(partBytes)] as const;
  const read = (index: number, at: number) => {
    const wanted = Math.min(partBytes, end - at);
    return wanted === 0 ? null : handle.read(buffers[index % 2 === 0 ? 0 : 1], 0, wanted, at);
  };
  let next = read(0, start);
  let at = start;
  for (let index = 1; next !== null; index += 1) {
    const { bytesRead, buffer } = await next;
    if (bytesRead === 0) throw new Error('the file ended early');
    at += bytesRead;
    next = read(index, at);
    // Its failure is met when it is awaited, unless the connection fails first.
    next?.catch(() => undefined);
    try {
      await sender.limiter.take(bytesRead);
      await writePart(response, buffer.subarray(0, bytesRead), sender.slowReaderMs);
    } catch (error) {
      await next?.catch(() => undefined); // The handle is closed next; nothing may still read from it.
      throw error;
    }
  }
}

/** Writes one part; resolves when the system has taken all of it. A reader that lets it wait too long is cut off. */
export function writePart(response: ServerResponse, part: Uint8Array, slowReaderMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const lost = () => done(new ConnectionLost());
    const timer = setTimeout(() => {
      response.destroy();
      lost();
    }, slowReaderMs);
    const done = (error?: Error | null) => {
      clearTimeout(timer);
      response.off('close', lost);
      if (error) reject(new ConnectionLost());
      else resolve();
    };
    if (response.destroyed) return lost();
    response.once('close', lost);
    response.write(part, done);
  });
}

function partSize({ limitBytesPerSecond }: ByteSender): number {
  if (limitBytesPerSecond === null) return PART_BYTES;
  const share = Math.floor(limitBytesPerSecond / LIMITED_PARTS_A_SECOND);
  return Math.min(PART_BYTES, Math.max(MIN_PART_BYTES, share));
}
