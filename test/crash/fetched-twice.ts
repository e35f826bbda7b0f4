import {
  addRange,
  type ByteRange,
  type ByteRanges,
  missingRanges,
  totalLength,
} from '../../src/shared/model/byte-range.ts';
import type { RequestRecord } from '../hub/http/request-log.ts';

/** Which bytes of a file a server has sent, and how many of them more than once. By Xet, bytes are counted as they are stored. */
export class FetchedTwice {
  /** By path: of the file, and of each xorb. */
  readonly #sent = new Map<string, ByteRanges>();
  #next = 0;

  /**
   * Accounts for the requests that came since the last call. Bytes that the kernel had taken but a killed client never
   * read count as sent, so the answer is an upper bound.
   */
  take(
    records: readonly RequestRecord[],
    file: string,
  ): { readonly sentBytes: number; readonly againBytes: number } {
    let sentBytes = 0;
    let againBytes = 0;
    for (const record of records.slice(this.#next)) {
      const range = sentRange(record, file);
      if (!range) continue;
      const length = range.end - range.start;
      const before = this.#sent.get(record.path) ?? [];
      sentBytes += length;
      againBytes += length - totalLength(missingRanges(before, range));
      this.#sent.set(record.path, addRange(before, range));
    }
    this.#next = records.length;
    return { sentBytes, againBytes };
  }
}

function sentRange(record: RequestRecord, wanted: string): ByteRange | null {
  const { origin, path, file, range, bytesSent } = record;
  const isContent = file === wanted || path.startsWith('/xorbs/');
  if (origin !== 'cdn' || !isContent || bytesSent === 0) return null;
  const start = range?.start ?? 0;
  return { start, end: start + bytesSent };
}
