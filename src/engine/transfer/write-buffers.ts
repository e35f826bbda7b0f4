/** Socket reads are gathered into writes of this size: fewer system calls, and still little memory. */
export const GROUP_BYTES = 512 * 1024;
/** Number of buffers kept for reuse: two for each of 16 attempts. */
const MAX_FREE = 32;

/**
 * Reusable buffers in which writes are gathered. Buffers that each attempt allocated and dropped would outlive the
 * garbage collections of young objects, and only a full collection would free them.
 */
export class WriteBuffers {
  readonly #free: Buffer[] = [];

  /** Returns a buffer for the next write of a claim with `restBytes` to come; its content is undefined. */
  take(restBytes: number): Buffer {
    if (restBytes < GROUP_BYTES) return Buffer.allocUnsafeSlow(restBytes);
    return this.#free.pop() ?? Buffer.allocUnsafeSlow(GROUP_BYTES);
  }

  /** Returns a buffer that nobody reads any more. */
  give(buffer: Buffer): void {
    if (buffer.length === GROUP_BYTES && this.#free.length < MAX_FREE) this.#free.push(buffer);
  }
}
