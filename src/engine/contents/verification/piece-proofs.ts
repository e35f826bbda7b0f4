import {
  addRange,
  type ByteRange,
  type ByteRanges,
  clipRanges,
  missingRanges,
  totalLength,
} from '../../../shared/model/byte-range.ts';
import { aborted } from '../../coordination/aborted.ts';
import type { LocalBytes } from '../../sources/xet/proof/local-bytes.ts';
import type { PieceProver } from '../../sources/xet/proof/prover.ts';
import { provedTerm, type TermVerdict } from '../../sources/xet/proof/verdict.ts';
import { ArrivalPace } from './arrival-pace.ts';
import type { PieceProofDeps } from './piece-proof-deps.ts';
import { firstBehind, joined } from './ranges.ts';
import { summarize } from './summarize.ts';

/** How many copies of a piece may be wrong before its hashes are given up on and the file hash decides. */
const MAX_COPIES = 5;
/** How often a wrong file hash is explained by checking everything again. */
const MAX_EXPLANATIONS = 2;

/**
 * Checks the pieces of a content against the Hub's hashes: existing bytes before anything is fetched, and each piece as
 * soon as it is complete. What is wrong is narrowed down and reopened. A Hub without such hashes, or with nonsensical
 * ones, changes nothing: then the file hash decides alone.
 */
export class PieceProofs {
  readonly #deps: PieceProofDeps;
  readonly #verdicts = new Map<number, TermVerdict>();
  /** Proved in an earlier run, and still so. Their terms get their numbers once the Hub has been asked. */
  #kept: readonly TermVerdict[] = [];
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
  /** How often bytes were reopened, and how often any were given up. */
  #reopened = 0;
  #forgotten = 0;

  constructor(deps: PieceProofDeps) {
    this.#deps = deps;
    this.#pace = new ArrivalPace(deps.now);
  }

  /** Parts that the Hub's hashes prove. */
  get proved(): ByteRanges {
    const all = [...this.#kept, ...this.#verdicts.values()].flatMap(({ proved }) => proved);
    return all.reduce<ByteRanges>(addRange, []);
  }

  /**
   * Checks what is on disk and was not proved before. Rejects only when it cannot be read, and when `signal` is aborted. `onBytes`
   * receives the number of bytes read.
   */
  async judgeHere(onBytes: (bytes: number) => void, signal: AbortSignal): Promise<void> {
    let keptBytes = 0;
    const rows = await this.#deps.kept.restore((bytes) => {
      keptBytes = bytes;
      onBytes(bytes);
    }, signal);
    this.#kept = rows.map((row) => provedTerm({ term: -1, ...row }, row.method, null));
    const { proved } = this;
    const present = this.#present();
    if (present.every((range) => missingRanges(proved, range).length === 0)) {
      this.#deps.onJudged(summarize(this.#kept, present, false));
      return;
    }
    await this.#judgeAll((bytes) => onBytes(keptBytes + bytes), signal);
  }

  /** Checks everything on disk that is not known to be proved. */
  async #judgeAll(onBytes: (bytes: number) => void, signal: AbortSignal): Promise<void> {
    await this.#open(signal);
    const prover = this.#prover;
    if (prover === null) return;
    const present = this.#present();
    const known = new Set([...this.#verdicts.values()].filter(isProved).map(({ term }) => term));
    const share = totalLength(present) / Math.max(1, prover.terms.length - known.size);
    const local = this.#local(present, signal);
    const onTerm = (done: number) => onBytes(Math.floor(done * share));
    const verdicts = await this.#guarded(() => prover.judge(local, onTerm, signal, known), signal);
    if (!verdicts) return;
    for (const verdict of verdicts) this.#verdicts.set(verdict.term, verdict);
    await this.#deps.kept.save(verdicts);
    const judged = new Map([...this.#verdicts].filter(([term]) => known.has(term)));
    this.#deps.onJudged(summarize([...judged.values(), ...verdicts], present, false));
    for (const verdict of verdicts) {
      const arrived = this.#late.delete(verdict.term);
      if (verdict.state === 'bad') await this.#reopen(verdict, arrived);
    }
  }

  /** Checks bytes from now on as they arrive. */
  watch(): void {
    if (this.#deps.table.isComplete && this.#isAllProved()) return;
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
    // Without hashes and without earlier proofs there is nothing to say.
    if (this.#prover === null && this.#kept.length === 0) return false;
    if (this.#explanations < MAX_EXPLANATIONS) {
      this.#explanations += 1;
      // Nothing that was judged before is believed.
      this.forget([{ start: 0, end: table.plan.size }]);
      await this.#judgeAll(() => undefined, this.#abort.signal).catch(() => undefined);
      if (this.#reopened !== before) return true;
    }
    if (this.#prover === null) return false;
    const { proved } = this;
    for (const chunk of table.chunks) chunk.suspect = missingRanges(proved, chunk.range).length > 0;
    return false;
  }

  /** The bytes of these ranges are given up: the pieces they lie in are checked again once they are complete. */
  forget(ranges: ByteRanges): void {
    const isHit = ({ start, end }: ByteRange) =>
      ranges.some((range) => range.start < end && start < range.end);
    for (const [term, verdict] of this.#verdicts) if (isHit(verdict)) this.#verdicts.delete(term);
    this.#kept = this.#kept.filter((verdict) => !isHit(verdict));
    this.#forgotten += 1;
    this.#deps.kept.forget(ranges);
  }

  /** Stops all checks. Nothing may be written to the file any more. */
  async stop(): Promise<void> {
    this.#abort.abort();
    await this.#deps.kept.seal();
  }

  async #open(signal: AbortSignal): Promise<void> {
    this.#opening ??= this.#guarded(() => this.#deps.openProver(this.#abort.signal), this.#abort.signal).then(
      (prover) => {
        this.#prover = prover ?? null;
        this.#placeKept();
      },
    );
    await Promise.race([this.#opening, aborted(signal)]);
    signal.throwIfAborted();
  }

  /** What was proved in an earlier run gets the number of its term; what is no term any more is judged again. */
  #placeKept(): void {
    if (this.#prover === null) return; // It stays proved, whatever the Hub does now.
    this.#deps.table.align(this.#prover.terms.map(({ end }) => end));
    for (const [term, { start, end }] of this.#prover.terms.entries()) {
      const kept = this.#kept.find((each) => each.start === start && each.end === end);
      if (kept) this.#verdicts.set(term, { ...kept, term });
    }
    this.#kept = [];
    this.#prover.recall([...this.#verdicts.values()].flatMap(({ method }) => method ?? []));
  }

  #isAllProved(): boolean {
    return missingRanges(this.proved, { start: 0, end: this.#deps.table.plan.size }).length === 0;
  }

  #judgeSoon(index: number): void {
    const term = this.#prover?.terms[index];
    if (!term || this.#waiting.has(index) || this.#isSettled(index)) return;
    if (!this.#isHere(term)) return;
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
      const forgotten = this.#forgotten;
      const verdict = await this.#guarded(() => prover.judgeTerm(index, local, signal), signal);
      // What was given up meanwhile is judged when it is here again.
      if (!verdict || (forgotten !== this.#forgotten && !this.#isHere(term))) return;
      this.#verdicts.set(index, verdict);
      if (verdict.state === 'bad') await this.#reopen(verdict, true);
      else await this.#deps.kept.save([verdict]);
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

  #isHere(term: ByteRange): boolean {
    return missingRanges(this.#present(term), term).length === 0;
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

const isProved = ({ state }: TermVerdict): boolean => state === 'proved';
