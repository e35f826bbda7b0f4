import { AppError } from '../../shared/contract/errors.ts';

/**
 * Messages on a stream: a frame is 4 bytes of length (big-endian) and that many bytes of UTF-8 JSON. The highest bit of
 * the length means that the message continues in the next frame. docs/integration.md describes it for other programs.
 */

/** Longest frame, in bytes. */
export const MAX_FRAME_BYTES = 16 * 1024 * 1024;
/** Longest message of an owner, in bytes: the snapshot of downloads with some 500,000 files. */
export const MAX_MESSAGE_BYTES = 256 * 1024 * 1024;

const HEADER_BYTES = 4;
const GOES_ON = 0x8000_0000;

/** Returns the frames of one message, as one buffer to be written. */
export function encodeMessage(message: unknown): Buffer {
  const body = Buffer.from(JSON.stringify(message));
  const parts: Buffer[] = [];
  for (let start = 0; start < body.length; start += MAX_FRAME_BYTES) {
    const part = body.subarray(start, start + MAX_FRAME_BYTES);
    const header = Buffer.alloc(HEADER_BYTES);
    const goesOn = start + MAX_FRAME_BYTES < body.length;
    header.writeUInt32BE((part.length | (goesOn ? GOES_ON : 0)) >>> 0);
    parts.push(header, part);
  }
  return Buffer.concat(parts);
}

/** Assembles messages from the bytes of a stream. */
export interface MessageReader {
  /**
   * Returns the messages that are complete now. Throws `BadRequest` for a stream that violates the protocol: nothing in
   * it can be trusted.
   */
  read(bytes: Buffer): readonly unknown[];
}

/** Reads messages of at most `maxMessageBytes`, which may grow in the meantime: a stranger is trusted with little. */
export function createMessageReader(maxMessageBytes: () => number): MessageReader {
  let waiting: Buffer[] = [];
  let waitingBytes = 0;
  let body: Buffer[] = [];
  let bodyBytes = 0;

  /** Concatenates waiting buffers only when there is enough: bytes that trickle in are not copied again and again. */
  function take(bytes: number): Buffer {
    const joined = waiting.length === 1 && waiting[0] ? waiting[0] : Buffer.concat(waiting);
    waiting = joined.length > bytes ? [joined.subarray(bytes)] : [];
    waitingBytes -= bytes;
    return joined.subarray(0, bytes);
  }

  function peekLength(): number {
    const first = waiting[0];
    if (first && first.length >= HEADER_BYTES) return first.readUInt32BE();
    const joined = Buffer.concat(waiting);
    waiting = [joined];
    return joined.readUInt32BE();
  }

  function nextMessage(): { readonly value: unknown } | null {
    while (waitingBytes >= HEADER_BYTES) {
      const header = peekLength();
      const length = header & ~GOES_ON;
      if (length > MAX_FRAME_BYTES || bodyBytes + length > maxMessageBytes()) throw tooLong();
      if (waitingBytes < HEADER_BYTES + length) return null;
      take(HEADER_BYTES);
      body.push(take(length));
      bodyBytes += length;
      if ((header & GOES_ON) !== 0) continue;
      const text = Buffer.concat(body);
      body = [];
      bodyBytes = 0;
      return { value: parse(text) };
    }
    return null;
  }

  return {
    read(bytes) {
      waiting.push(bytes);
      waitingBytes += bytes.length;
      const messages: unknown[] = [];
      for (let next = nextMessage(); next !== null; next = nextMessage()) messages.push(next.value);
      return messages;
    },
  };
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(UTF8.decode(body));
  } catch (cause) {
    throw new AppError('BadRequest', 'A message is not UTF-8 JSON.', { cause });
  }
}

function tooLong(): AppError {
  return new AppError('BadRequest', 'A message is too long.');
}
