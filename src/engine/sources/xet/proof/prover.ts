import { type ByteRanges, clipRanges, totalLength } from '../../../../shared/model/byte-range.ts';
import { hashText, sameHash } from '../format/hash-text.ts';
import { type KeyedHash, openKeyedHash } from '../format/keyed-hash.ts';
import { fileHash, type HashedSpan, rootOf, verificationHash } from '../format/tree.ts';
import { CUT_RULES, type CutRule, MAX_CHUNK_BYTES } from '../kernel/limits.ts';
import type { Term } from '../protocol/reconstruction.ts';
import type { XetClient } from '../protocol/xet-client.ts';
import { isPresent, type LocalBytes, spansOf } from './local-bytes.ts';
import { nodeProofs, withoutRanges } from './node-proofs.ts';
import { ShardProofs } from './shard-proofs.ts';
import { termHashes } from './term-hashes.ts';
import { type ProofMethod, provedTerm, type TermVerdict, unprovedTerm } from './verdict.ts';

/** Terms that are read, divided and hashed concurrently. */
const PARALLEL_TERMS = 2;
/**
 * Shards have 48 bytes per chunk of 64 KiB; they are requested when they cost at most a quarter of what is undecided.
 */
const SHARD_SHARE = (48 / 65_536) * 4;

/** A term as divided by one rule. */
type Cuts = ReadonlyMap<CutRule, readonly HashedSpan[]>;

/** Compares local bytes of one file with the hashes of Xet storage. */
export class PieceProver {
  readonly terms: readonly Term[];
  readonly #client: XetClient;
  readonly #verification: ReadonlyMap<number, Uint8Array>;
  readonly #keyed: KeyedHash;
  readonly #shards: ShardProofs;
  /** The rule of the last proof; most files were divided by a single rule. */
  #rule: CutRule = 'modern';
  /** True once anything of the file was proved: from then on, a hash that does not fit is meaningful. */
  #hasProved = false;
  #termHashesFit = false;
  #nodesAreTold: boolean;

  private constructor(
    client: XetClient,
    terms: readonly Term[],
    verification: ReadonlyMap<number, Uint8Array> | null,
    keyed: KeyedHash,
  ) {
    this.#client = client;
    this.terms = terms;
    this.#verification = verification ?? new Map();
    this.#nodesAreTold = verification !== null;
    this.#keyed = keyed;
    this.#shards = new ShardProofs(client, keyed);
  }

  /**
   * Requests what the storage knows: no content, a few hundred kilobytes at most. Returns null when it does not know
   * the file.
   */
  static async open(client: XetClient, signal: AbortSignal): Promise<PieceProver | null> {
    const plan = await client.reconstruction(signal);
    if (plan === null) return null;
    const verification = await termHashes(client, plan.terms, signal).catch((error: unknown) => {
      if (signal.aborted) throw error;
      return null; // The other methods do not need it.
    });
    return new PieceProver(client, plan.terms, verification, openKeyedHash());
  }

  /** The number of terms for which the storage returned a hash, which can be proved without shards. */
  get toldTerms(): number {
    return this.#verification.size;
  }

  /** Checks one term, all of whose bytes are on disk. */
  async judgeTerm(index: number, local: LocalBytes, signal: AbortSignal): Promise<TermVerdict> {
    const [verdict] = await this.#judgeTerms([index], local, () => undefined, signal);
    return verdict ?? unprovedTerm({ term: index, start: 0, end: 0 }, false);
  }

  /** Terms of the file were proved in an earlier run, by these methods. */
  recall(methods: readonly ProofMethod[]): void {
    this.#hasProved ||= methods.length > 0;
    this.#termHashesFit ||= methods.includes('terms');
  }

  /** Judges everything that is here but for what is known, in file order; `onTerm` is told how many terms were read. */
  async judge(
    local: LocalBytes,
    onTerm: (done: number) => void,
    signal: AbortSignal,
    known: ReadonlySet<number> = new Set(),
  ): Promise<TermVerdict[]> {
    const here = this.terms.flatMap((term, index) =>
      !known.has(index) && clipRanges(local.present, term).length > 0 ? [index] : [],
    );
    return this.#judgeTerms(here, local, onTerm, signal);
  }

  async #judgeTerms(
    indexes: readonly number[],
    local: LocalBytes,
    onTerm: (done: number) => void,
    signal: AbortSignal,
  ): Promise<TermVerdict[]> {
    const verdicts = new Map<number, TermVerdict>();
    const whole = indexes.filter((index) => isPresent(local.present, this.#termAt(index)));
    for (const index of indexes) verdicts.set(index, unprovedTerm(this.#place(index), whole.includes(index)));
    const unfit = new Map<number, Cuts>();
    let done = 0;
    const queue = whole.values();
    const work = async () => {
      for (const index of queue) {
        signal.throwIfAborted();
        const verdict = await this.#compareTerm(index, local, unfit);
        if (verdict !== null) verdicts.set(index, verdict);
        onTerm(++done);
      }
    };
    await Promise.all(Array.from({ length: PARALLEL_TERMS }, work));
    for (const verdict of [...this.#byJoinedXorbs(unfit), ...this.#byFile(unfit, indexes.length)]) {
      verdicts.set(verdict.term, verdict);
      unfit.delete(verdict.term);
    }
    await this.#byNodes(verdicts, local, signal);
    await this.#byShards(verdicts, unfit, local, signal);
    return [...verdicts.values()].sort((a, b) => a.term - b.term);
  }

  /** Compares by verification hash or xorb hash, with the rule that fitted last and then the other. */
  async #compareTerm(
    index: number,
    local: LocalBytes,
    unfit: Map<number, Cuts>,
  ): Promise<TermVerdict | null> {
    const term = this.#termAt(index);
    const cuts = new Map<CutRule, readonly HashedSpan[]>();
    for (const rule of this.#rules()) {
      const chunks = spansOf(await local.cut(term, { rule, borders: [] }));
      const method = this.#fits(index, chunks);
      if (method !== null) return this.#proved(index, method, rule);
      cuts.set(rule, chunks);
    }
    unfit.set(index, cuts);
    return null;
  }

  #fits(index: number, chunks: readonly HashedSpan[]): ProofMethod | null {
    const term = this.#termAt(index);
    const told = this.#verification.get(index);
    if (chunks.length !== term.chunkEnd - term.chunkStart) return null;
    if (told && sameHash(told, verificationHash(chunks, this.#keyed))) return 'terms';
    return !told && term.chunkStart === 0 && this.#isXorb(term.xorb, chunks) ? 'xorbs' : null;
  }

  #isXorb(xorb: string, chunks: readonly HashedSpan[]): boolean {
    const root = rootOf(chunks, this.#keyed);
    return root !== null && hashText(root) === xorb;
  }

  /** Checks several terms that together are a whole xorb. */
  #byJoinedXorbs(unfit: ReadonlyMap<number, Cuts>): TermVerdict[] {
    const groups = Map.groupBy(unfit.keys(), (index) => this.#termAt(index).xorb);
    return [...groups].flatMap(([xorb, indexes]) => {
      const ordered = indexes.toSorted((a, b) => this.#termAt(a).chunkStart - this.#termAt(b).chunkStart);
      const joins = ordered.every((index, at) => {
        const before = ordered[at - 1];
        return this.#termAt(index).chunkStart === (before === undefined ? 0 : this.#termAt(before).chunkEnd);
      });
      if (ordered.length < 2 || !joins) return [];
      for (const rule of this.#rules()) {
        const chunks = ordered.flatMap((index) => unfit.get(index)?.get(rule) ?? []);
        if (this.#isXorb(xorb, chunks)) return ordered.map((index) => this.#proved(index, 'xorbs', rule));
      }
      return [];
    });
  }

  /** All terms are on disk and none fitted: the hash of the whole file may. The only hash of a file of one term. */
  #byFile(unfit: ReadonlyMap<number, Cuts>, judged: number): TermVerdict[] {
    if (unfit.size !== this.terms.length || judged !== this.terms.length) return [];
    for (const rule of this.#rules()) {
      const chunks = this.terms.flatMap((_, index) => unfit.get(index)?.get(rule) ?? []);
      if (hashText(fileHash(chunks, this.#keyed)) !== this.#client.ref.hash) continue;
      return this.terms.map((_, index) => this.#proved(index, 'file', rule));
    }
    return [];
  }

  /** Narrows down terms that do not fit, and checks parts of incomplete terms. */
  async #byNodes(verdicts: Map<number, TermVerdict>, local: LocalBytes, signal: AbortSignal): Promise<void> {
    const open = [...verdicts.values()].filter(({ state }) => state === 'unproved');
    const targets = open.flatMap(({ start, end }) => clipRanges(local.present, { start, end }));
    if (!this.#nodesAreTold || targets.length === 0) return;
    const result = await nodeProofs(
      targets,
      {
        client: this.#client,
        local,
        keyed: this.#keyed,
        borders: this.terms.map(({ start }) => start),
        rules: this.#rules(),
      },
      signal,
    ).catch((error: unknown) => {
      if (signal.aborted) throw error;
      return null;
    });
    if (result === null) {
      this.#nodesAreTold = false;
      return;
    }
    if (result.proved.length > 0) this.#hasProved = true;
    for (const verdict of open) verdicts.set(verdict.term, this.#narrowed(verdict, result, local, 'nodes'));
  }

  /** Compares chunk by chunk, for terms without any other result. */
  async #byShards(
    verdicts: Map<number, TermVerdict>,
    unfit: ReadonlyMap<number, Cuts>,
    local: LocalBytes,
    signal: AbortSignal,
  ): Promise<void> {
    const open = [...unfit.keys()].filter((index) => {
      const verdict = verdicts.get(index);
      return verdict?.state === 'unproved' && verdict.proved.length === 0;
    });
    const bytes = totalLength(open.map((index) => this.#termAt(index)));
    if (open.length === 0 || bytes < this.#client.ref.size * SHARD_SHARE) return;
    const ask = (term: Term, chunks: readonly HashedSpan[], isFirst: boolean) =>
      this.#shards.ask(term, chunks, isFirst, signal).catch((error: unknown) => {
        if (signal.aborted) throw error; // An answer is a convenience; none is not a failure.
      });
    // The first chunk of a file can always be queried, and the answer lists the xorbs that were stored with it.
    const beginning = { start: 0, end: Math.min(this.#termAt(0).end, MAX_CHUNK_BYTES) };
    for (const rule of isPresent(local.present, beginning) ? this.#rules() : []) {
      const [first] = spansOf(await local.cut(beginning, { rule, borders: [] }));
      if (first) await ask(this.#termAt(open[0] ?? 0), [first], true);
    }
    for (const index of open) {
      const term = this.#termAt(index);
      for (const rule of this.#rules()) await ask(term, unfit.get(index)?.get(rule) ?? [], false);
      const result = await this.#shards.compare(term, local);
      if (result === null) continue;
      if (result.proved.length > 0) this.#hasProved = true;
      const verdict = verdicts.get(index) ?? unprovedTerm(this.#place(index), true);
      verdicts.set(index, this.#narrowed(verdict, result, local, 'chunks'));
    }
  }

  /**
   * A hash that does not fit means wrong bytes only when others of the file fit: otherwise the rule may be the reason.
   */
  #narrowed(
    verdict: TermVerdict,
    { proved, failed }: { readonly proved: ByteRanges; readonly failed: ByteRanges },
    local: LocalBytes,
    method: ProofMethod,
  ): TermVerdict {
    const right = clipRanges(proved, verdict);
    const wrong = this.#hasProved ? clipRanges(failed, verdict) : [];
    const isWhole = isPresent(local.present, verdict);
    const rest = withoutRanges(withoutRanges([verdict], right), wrong);
    if (wrong.length === 0 && isWhole && rest.length === 0) {
      // Every node fits, although the term as a whole does not: its own hash is useless.
      return provedTerm(verdict, method, this.#rule);
    }
    // In a term that is known to be wrong, whatever is left when all else was proved must be wrong.
    const isLeftOver = isWhole && wrong.length === 0 && right.length > 0 && verdict.isDoubtful;
    const isToldHash =
      this.terms.length === 1 || (this.#termHashesFit && this.#verification.has(verdict.term));
    const bad = isLeftOver && isToldHash ? rest : wrong;
    if (bad.length === 0) return { ...verdict, method: right.length > 0 ? method : null, proved: right };
    return { ...verdict, state: 'bad', method, bad, proved: right };
  }

  #proved(index: number, method: ProofMethod, rule: CutRule): TermVerdict {
    this.#rule = rule;
    this.#hasProved = true;
    if (method === 'terms') this.#termHashesFit = true;
    return provedTerm(this.#place(index), method, rule);
  }

  #rules(): readonly CutRule[] {
    return CUT_RULES.toSorted((a, b) => Number(b === this.#rule) - Number(a === this.#rule));
  }

  #termAt(index: number): Term {
    const term = this.terms[index];
    if (!term) throw new RangeError(`no term ${index}`);
    return term;
  }

  #place(index: number): { term: number; start: number; end: number } {
    const { start, end } = this.#termAt(index);
    return { term: index, start, end };
  }
}
