import {
  type ByteRange,
  type ByteRanges,
  clipRanges,
  missingRanges,
  totalLength,
} from '../../../shared/model/byte-range.ts';
import type { Judgement } from '../../../shared/model/judgement.ts';
import type { HashPool } from '../../integrity/hash-pool.ts';
import type { LocalBytes } from '../../sources/xet/proof/local-bytes.ts';
import type { PieceProver } from '../../sources/xet/proof/prover.ts';
import type { TermVerdict } from '../../sources/xet/proof/verdict.ts';
import type { ChunkTable } from '../../transfer/chunk-table.ts';
import { ArrivalPace } from './arrival-pace.ts';
import { summarize } from './summarize.ts';

/** How many copies of a piece may be wrong before its hashes are given up on and the file hash decides. */
const MAX_COPIES = 5;
/** How often a wrong file hash is explained by checking everything again. */
const MAX_EXPLANATIONS = 2;

/** Dependencies and callbacks of {@link PieceProofs}. */
export interface PieceProofDeps {
  /** Path in the repository. */
  readonly path: string;
  /** The file with the bytes. */
  readonly file: string;
  readonly table: ChunkTable;
  readonly hasher: Pick<HashPool, 'pieces' | 'hash'>;
  /** Asks the Hub for the hashes of this content's pieces; null when it has none. */
  readonly openProver: (signal: AbortSignal) => Promise<PieceProver | null>;
  /** Called when these bytes are wrong and must be fetched again; `arrived` when they were received in this run. */
  readonly onBad: (ranges: ByteRanges, arrived: boolean) => void;
  readonly onJudged: (judgement: Judgement) => void;
  readonly log: (level: 'info' | 'warn', message: string) => void;
  /** Milliseconds on a monotonic clock. */
  readonly now: () => number;
}

/**
 * Checks the pieces of a content against the Hub's hashes: existing bytes before anything is fetched, and each piece as
 * soon as it is complete. What is wrong is narrowed down and reopened. A Hub without such hashes, or with nonsensical
 * ones, changes nothing: then the file hash decides alone.
 */
export class PieceProofs {
  readonly #deps: PieceProofDeps;
  readonly #verdicts = new Map<number, TermVerdict>();
  /** Terms that wait to be checked or are being checked. */
  readonly #waiting = new Set<number>();
  /** Terms that are complete and not checked, because the content arrives faster than any network delivers. */
  readonly #late = new Set<number>();
  readonly #pace: ArrivalPace;
  /** Hashes of the wrong bytes of a term, copy by copy. */
  readonly #wrongCopies = new Map<number, string[]>();
  readonly #abort = new AbortController();
  #prover: PieceProver | null = null;
  #opening: Promise<void> | null = null;
  #judging: Promise<void> = Promise.resolve();
  #explanations = 0;
  /** How often bytes were reopened. */
  #reopened = 0;

  constructor(deps: PieceProofDeps) {
    this.#deps = deps;
    this.#pace = new ArrivalPace(deps.now);
  }

  /** Parts that the Hub's hashes prove. */
  get proved(): ByteRanges {
    return [...this.#verdicts.values()].flatMap(({ proved }) => proved);
  }

  /** Checks what is on disk. Rejects only when `signal` is aborted. `onBytes` receives the number of bytes read. */
  async judgeHere(onBytes: (bytes: number) => void, signal: AbortSignal): Promise<void> {
    await this.#open(signal);
    const prover = this.#prover;
    if (prover === null) return;
    const present = this.#present();
    const share = totalLength(present) / Math.max(1, prover.terms.length);
    const verdicts = await this.#guarded(
      () => prover.judge(this.#local(present, signal), (done) => onBytes(Math.floor(done * share)), signal),
      signal,
    );
    if (!verdicts) return;
    for (const verdict of verdicts) this.#verdicts.set(verdict.term, verdict);
    this.#deps.onJudged(summarize(verdicts, present, false));
    for (const verdict of verdicts) {
      const arrived = this.#late.delete(verdict.term);
      if (verdict.state === 'bad') await this.#reopen(verdict, arrived);
    }
  }

  /** Checks bytes from now on as they arrive. */
  watch(): void {
    const judgeAll = () => {
      for (const index of this.#prover?.terms.keys() ?? []) this.#judgeSoon(index);
    };
    this.#open(this.#abort.signal).then(judgeAll, () => undefined);
  }

  /**
   * Records written bytes. While they arrive so fast that checking them would slow the rest, they are not checked: the
   * file hash decides within seconds, and only if it is wrong is everything checked.
   */
  received({ start, end }: ByteRange): void {
    this.#pace.add(end - start);
    if (this.#late.size > 0 && !this.#pace.isFast && !this.#deps.table.isComplete) {
      const late = [...this.#late];
      this.#late.clear();
      for (const index of late) this.#judgeSoon(index);
    }
    const terms = this.#prover?.terms ?? [];
    for (let index = firstBehind(terms, start); index < terms.length; index += 1) {
      if ((terms[index]?.start ?? end) >= end) return;
      this.#judgeSoon(index);
    }
  }

  /**
   * The complete file does not have its hash. Resolves to true when wrong pieces were found and reopened: first those
   * whose check was running, then any, as they are on disk now. Otherwise the parts that no proof covers are suspected
   * first, so that proved bytes are not fetched a second time to be compared.
   */
  async explain(): Promise<boolean> {
    const { table } = this.#deps;
    const before = this.#reopened;
    await this.#judging;
    if (this.#reopened !== before || !table.isComplete) return true; // The hash was that of other bytes.
    if (this.#prover === null) return false;
    if (this.#explanations < MAX_EXPLANATIONS) {
      this.#explanations += 1;
      await this.judgeHere(() => undefined, this.#abort.signal).catch(() => undefined);
      if (this.#reopened !== before) return true;
    }
    const { proved } = this;
    for (const chunk of table.chunks) chunk.suspect = missingRanges(proved, chunk.range).length > 0;
    return false;
  }

  /** Stops all checks. */
  stop(): void {
    this.#abort.abort();
  }

  async #open(signal: AbortSignal): Promise<void> {
    this.#opening ??= this.#guarded(() => this.#deps.openProver(this.#abort.signal), this.#abort.signal).then(
      (prover) => {
        this.#prover = prover ?? null;
      },
    );
    await Promise.race([this.#opening, aborted(signal)]);
    signal.throwIfAborted();
  }

  #judgeSoon(index: number): void {
    const term = this.#prover?.terms[index];
    if (!term || this.#waiting.has(index) || this.#isSettled(index)) return;
    if (missingRanges(this.#present(term), term).length > 0) return;
    if (this.#pace.isFast) {
      this.#late.add(index);
      return;
    }
    this.#waiting.add(index);
    this.#judging = this.#judging.then(() => this.#judgeTerm(index)).catch(() => undefined);
  }

  /** True when the term was checked as far as possible. What was reopened is checked again. */
  #isSettled(index: number): boolean {
    const state = this.#verdicts.get(index)?.state;
    return state === 'proved' || (state === 'unproved' && this.#verdicts.get(index)?.isDoubtful === true);
  }

  async #judgeTerm(index: number): Promise<void> {
    const prover = this.#prover;
    const term = prover?.terms[index];
    const { signal } = this.#abort;
    try {
      if (!prover || !term || signal.aborted) return;
      const local = this.#local([{ start: term.start, end: term.end }], signal);
      const verdict = await this.#guarded(() => prover.judgeTerm(index, local, signal), signal);
      if (!verdict) return;
      this.#verdicts.set(index, verdict);
      if (verdict.state === 'bad') await this.#reopen(verdict, true);
    } finally {
      this.#waiting.delete(index);
    }
  }

  /**
   * Reopens what is wrong; the event notifies the user. Two equal copies from the Hub are what the Hub has: then its
   * hashes are useless.
   */
  async #reopen(verdict: TermVerdict, arrived: boolean): Promise<void> {
    const { path, file, hasher, onBad, onJudged, log } = this.#deps;
    const copies = this.#wrongCopies.get(verdict.term) ?? [];
    const hashes = await Promise.all(
      verdict.bad.map((range) => hasher.hash({ path: file, ...range }, 'sha256')),
    );
    const copy = verdict.bad.map(({ start, end }, index) => `${start}-${end}:${hashes[index]}`).join(',');
    if (this.#abort.signal.aborted) return;
    if (copies.includes(copy) || copies.length >= MAX_COPIES) {
      log(
        'warn',
        `Piece ${verdict.term} of ${path} doesn’t match its checksum, however often it is downloaded.`,
      );
      this.#verdicts.set(verdict.term, { ...verdict, state: 'unproved', bad: [], isDoubtful: true });
      return;
    }
    this.#wrongCopies.set(verdict.term, [...copies, copy]);
    log(
      'info',
      `Piece ${verdict.term} of ${path} is damaged; ${totalLength(verdict.bad)} bytes of it are downloaded again.`,
    );
    if (arrived) onJudged(summarize([verdict], [{ start: verdict.start, end: verdict.end }], true));
    this.#reopened += 1;
    onBad(verdict.bad, arrived);
  }

  /** Without the Hub's hashes everything continues as without Xet. */
  async #guarded<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T | null> {
    try {
      return await work();
    } catch (error) {
      if (signal.aborted) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      this.#deps.log('info', `The pieces of ${this.#deps.path} can’t be checked: ${reason}`);
      return null;
    }
  }

  #present(within?: ByteRange): ByteRanges {
    const { chunks, plan } = this.#deps.table;
    if (!within) return joined(chunks.flatMap(({ received }) => received));
    const first = Math.floor(within.start / plan.chunkBytes);
    const last = Math.floor((within.end - 1) / plan.chunkBytes);
    return joined(chunks.slice(first, last + 1).flatMap(({ received }) => clipRanges(received, within)));
  }

  #local(present: ByteRanges, signal: AbortSignal): LocalBytes {
    const { hasher, file } = this.#deps;
    return {
      present,
      cut: (range, cutting) => {
        signal.throwIfAborted();
        return hasher.pieces({ path: file, start: range.start, end: range.end }, cutting);
      },
    };
  }
}

/** Opens the proofs of a content job. */
export function openProofs(
  path: string,
  file: string,
  table: ChunkTable,
  {
    hasher,
    openProver,
    onJudged,
    log,
    now,
  }: Pick<PieceProofDeps, 'hasher' | 'openProver' | 'onJudged' | 'log' | 'now'>,
  onBad: PieceProofDeps['onBad'],
): PieceProofs {
  return new PieceProofs({ path, file, table, hasher, openProver, onBad, onJudged, log, now });
}

/** Chunks are adjacent, so the received ranges of neighbors may touch. */
function joined(ranges: ByteRanges): ByteRanges {
  const result: ByteRange[] = [];
  for (const range of ranges) {
    const last = result.at(-1);
    if (last?.end === range.start) result[result.length - 1] = { start: last.start, end: range.end };
    else result.push(range);
  }
  return result;
}

/** Index of the first term that ends after `offset`. */
function firstBehind(terms: ReadonlyArray<ByteRange>, offset: number): number {
  let low = 0;
  let high = terms.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((terms[middle]?.end ?? 0) > offset) high = middle;
    else low = middle + 1;
  }
  return low;
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
