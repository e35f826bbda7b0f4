import {
  addRange,
  type ByteRange,
  type ByteRanges,
  clipRanges,
  missingRanges,
  totalLength,
} from '../../src/shared/model/byte-range.ts';
import type { RequestRecord } from '../hub/http/request-log.ts';
import type { VerifiedChunk } from './ledger-view.ts';

/** A request for bytes that were verified and that nobody had damaged. */
export interface FetchedAgain {
  readonly path: string;
  readonly asked: ByteRange;
  /** The verified part of it. */
  readonly again: ByteRanges;
}

export interface FetchedAgainOptions {
  /** Path → the hash that names its content. */
  readonly hashOf: (path: string) => string | undefined;
  /** What the ledger holds at this moment. */
  readonly verifiedNow: () => readonly VerifiedChunk[];
  /** True once bytes of this content were damaged in a way that only comparing can find. */
  readonly mayCompare: (hash: string) => boolean;
}

/** Remembers which bytes were ever verified, and which requests asked for such bytes again. */
export class FetchedAgainWatch {
  readonly found: FetchedAgain[] = [];
  readonly #options: FetchedAgainOptions;
  readonly #verified = new Map<string, ByteRanges>();
  readonly #excused = new Map<string, ByteRanges>();

  constructor(options: FetchedAgainOptions) {
    this.#options = options;
  }

  /** Takes over what the ledger holds now. */
  look(): void {
    for (const { hash, range } of this.#options.verifiedNow()) {
      this.#verified.set(hash, addRange(this.#verified.get(hash) ?? [], range));
    }
  }

  /** True when every byte of the range was verified. */
  isVerified(hash: string, range: ByteRange): boolean {
    return missingRanges(this.#verified.get(hash) ?? [], range).length === 0;
  }

  /** The test damaged these bytes on disk: they may be fetched again. */
  excuse(hash: string, range: ByteRange): void {
    this.#excused.set(hash, addRange(this.#excused.get(hash) ?? [], range));
  }

  /** To be called when a request for content arrives. */
  judge({ file, range }: RequestRecord): void {
    const hash = file === null ? undefined : this.#options.hashOf(file);
    if (file === null || hash === undefined) return;
    this.look();
    if (this.#options.mayCompare(hash)) return;
    const asked = { start: range?.start ?? 0, end: (range?.end ?? Number.POSITIVE_INFINITY) + 1 };
    const excused = this.#excused.get(hash) ?? [];
    const again = clipRanges(this.#verified.get(hash) ?? [], asked).flatMap((part) =>
      missingRanges(excused, part),
    );
    if (totalLength(again) > 0) this.found.push({ path: file, asked, again });
  }
}
