import {
  addRange,
  type ByteRange,
  type ByteRanges,
  missingRanges,
  totalLength,
} from '../../src/shared/model/byte-range.ts';
import type { RequestRecord } from '../hub/http/request-log.ts';

/** Which bytes of a file a server has sent, and how many of them more than once. */
export class FetchedTwice {
  #sent: ByteRanges = [];
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
      sentBytes += length;
      againBytes += length - totalLength(missingRanges(this.#sent, range));
      this.#sent = addRange(this.#sent, range);
    }
    this.#next = records.length;
    return { sentBytes, againBytes };
  }
}

function sentRange({ origin, file, range, bytesSent }: RequestRecord, wanted: string): ByteRange | null {
  if (origin !== 'cdn' || file !== wanted || bytesSent === 0) return null;
  const start = range?.start ?? 0;
  return { start, end: start + bytesSent };
}
