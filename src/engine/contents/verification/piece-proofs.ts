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

/** So many copies of a piece may be wrong before its hashes are given up on, and the hash of the file decides. */
const MAX_COPIES = 5;
/** So often a wrong file hash is explained by judging everything again. */
const MAX_EXPLANATIONS = 2;

/** What {@link PieceProofs} works with, and whom it tells. */
export interface PieceProofDeps {
  /** Path in the repository. */
  readonly path: string;
  /** The file with the bytes. */
  readonly file: string;
  readonly table: ChunkTable;
  readonly hasher: Pick<HashPool, 'pieces' | 'hash'>;
  /** Asks the Hub what it tells about the pieces of this content; null when it tells nothing. */
  readonly openProver: (signal: AbortSignal) => Promise<PieceProver | null>;
  /** These bytes are wrong and must be fetched again; `arrived` when they came over the line in this run. */
  readonly onBad: (ranges: ByteRanges, arrived: boolean) => void;
  readonly onJudged: (judgement: Judgement) => void;
  readonly log: (level: 'info' | 'warn', message: string) => void;
  /** Milliseconds, on a clock that never goes back. */
  readonly now: () => number;
}

/**
 * Judges the pieces of a content by the hashes that the Hub has of them: what is here before anything is fetched, and each piece the
 * moment it is complete. What is wrong is narrowed and opened again. A Hub that tells nothing, or tells nonsense, changes nothing:
 * then the hash of the file decides alone.
 */
export class PieceProofs {
  readonly #deps: PieceProofDeps;
  readonly #verdicts = new Map<number, TermVerdict>();
  /** Terms that wait to be judged or are being judged. */
  readonly #waiting = new Set<number>();
  /** Terms that are complete and not judged, because content comes faster than any line brings it. */
  readonly #late = new Set<number>();
  readonly #pace: ArrivalPace;
  /** Hashes of the wrong bytes of a term, copy by copy. */
  readonly #wrongCopies = new Map<number, string[]>();
  readonly #abort = new AbortController();
  #prover: PieceProver | null = null;
  #opening: Promise<void> | null = null;
  #judging: Promise<void> = Promise.resolve();
  #explanations = 0;
  /** How often bytes were opened again. */
  #reopened = 0;

  constructor(deps: PieceProofDeps) {
    this.#deps = deps;
    this.#pace = new ArrivalPace(deps.now);
  }

  /** Parts that the Hub's hashes prove. */
  get proved(): ByteRanges {
    return [...this.#verdicts.values()].flatMap(({ proved }) => proved);
  }

  /**
   * Judges what is here. Rejects only when `signal` is aborted. `onBytes` is told how many bytes have been read.
   */
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

  /** Judges from now on what comes. */
  watch(): void {
    const judgeAll = () => {
      for (const index of this.#prover?.terms.keys() ?? []) this.#judgeSoon(index);
    };
    this.#open(this.#abort.signal).then(judgeAll, () => undefined);
  }

  /**
   * Bytes were written. While they come so fast that judging them would slow the rest, they are not judged: the hash of the file
   * decides within seconds, and only when it is wrong is everything judged.
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
   * The file does not have its hash although it is complete. Resolves to true when pieces were found wrong and opened again: first
   * those whose judgement was under way, then any, as they stand on the disk now. Else what no proof covers is suspected first, so
   * that proved bytes are not fetched a second time to be compared.
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

  /** Ends all judging. */
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

  /** Judged as far as it can be. What was opened again is judged again. */
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

  /** Opens what is wrong; the event tells the user. Two equal copies from the Hub are what the Hub has: then its hashes are of no use. */
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

  /** Without the Hub's word everything goes on as without Xet. */
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

/** The proofs of a content job. */
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

/** Chunks follow each other, so what is received of them may touch. */
function joined(ranges: ByteRanges): ByteRanges {
  const result: ByteRange[] = [];
  for (const range of ranges) {
    const last = result.at(-1);
    if (last?.end === range.start) result[result.length - 1] = { start: last.start, end: range.end };
    else result.push(range);
  }
  return result;
}

/** Index of the first term that ends behind `offset`. */
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
