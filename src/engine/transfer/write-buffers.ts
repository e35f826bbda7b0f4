/** Socket reads are gathered to writes of this size: fewer system calls, and still little in memory. */
export const GROUP_BYTES = 512 * 1024;
/** Buffers that are kept for the next write: two for each of 16 streams. */
const MAX_FREE = 32;

/**
 * Buffers in which writes are gathered, used again and again. What a stream made and threw away would outlive the collections
 * of young objects, and then only a collection of the whole heap frees it.
 */
export class WriteBuffers {
  readonly #free: Buffer[] = [];

  /** A buffer for the next write of a claim that has `restBytes` to come; its content is anything. */
  take(restBytes: number): Buffer {
    if (restBytes < GROUP_BYTES) return Buffer.allocUnsafeSlow(restBytes);
    return this.#free.pop() ?? Buffer.allocUnsafeSlow(GROUP_BYTES);
  }

  /** Gives back a buffer that nobody reads any more. */
  give(buffer: Buffer): void {
    if (buffer.length === GROUP_BYTES && this.#free.length < MAX_FREE) this.#free.push(buffer);
  }
}
