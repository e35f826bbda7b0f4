import { AppError } from '../../../../shared/contract/errors.ts';
import type { ByteRange } from '../../../../shared/model/byte-range.ts';
import { isRefusedUrl } from '../../another-way.ts';
import { fetchRange } from '../../http/fetch-range.ts';
import type { HttpSession } from '../../http/http-session.ts';
import type { ContentSource, FetchControl, RangeSink, SourcePlace } from '../../source.ts';
import type { FetchRange, Reconstruction, Term } from '../protocol/reconstruction.ts';
import type { XetClient } from '../protocol/xet-client.ts';
import type { DecodeBuffers } from './decode-buffers.ts';
import { type DecodeRecords, TermSink } from './term-sink.ts';

/** Dependencies of {@link XetSource}. */
export interface XetSourceDeps {
  /**
   * Requests about the content; resolves to null when the Hub does not report it as being in Xet storage. Asks the Hub
   * if necessary.
   */
  readonly openClient: (signal: AbortSignal) => Promise<XetClient | null>;
  readonly session: Pick<HttpSession, 'dispatcher' | 'userAgent'>;
  /** Host (with port) of the Hub. */
  readonly finderHost: string;
  /** Path in the repository, for messages. */
  readonly path: string;
  readonly decode: DecodeRecords;
  /** Shared by all sources. */
  readonly buffers: DecodeBuffers;
  /** True when the Hub uses TLS; then its storage must, too. */
  readonly isSecure: boolean;
  /** Milliseconds on a monotonic clock. */
  readonly now: () => number;
}

/** How often a refused signed URL is renewed for one range; a second refusal is final. Source: xet.md, section 3.4. */
const MAX_REFUSALS = 1;
/**
 * How many records in front of the wanted ones may be fetched with them, in addition to twice as many as are wanted.
 */
const MAX_SKIPPED_RECORDS = 16;

/**
 * Fetches one content from Xet storage. For each range it requests the reconstruction of exactly that range: so the
 * response names no more stored bytes than the range needs, and a stopped download resumes in the middle of a term. One
 * request per term, in file order; records are decoded as they arrive.
 */
export class XetSource implements ContentSource {
  readonly #deps: XetSourceDeps;
  #client: XetClient | null = null;
  #host: string | null = null;

  constructor(deps: XetSourceDeps) {
    this.#deps = deps;
  }

  get host(): string | null {
    return this.#host;
  }

  get finderHost(): string {
    return this.#deps.finderHost;
  }

  /** Rejects with `NotFound` when the content is not in Xet storage. */
  async find(_: ByteRange, signal: AbortSignal): Promise<SourcePlace> {
    this.#client ??= await this.#deps.openClient(signal);
    const client = this.#client;
    if (client === null) throw notInXet(this.#deps.path);
    return {
      kind: 'xet',
      host: this.#host ?? this.#deps.finderHost,
      fetch: (range, sink, control) => this.#fetch(client, range, sink, control),
    };
  }

  async #fetch(client: XetClient, range: ByteRange, sink: RangeSink, control: FetchControl): Promise<void> {
    let at = range.start;
    for (let refusals = 0; at < range.end && !sink.isFull(); ) {
      const plan = await client.partialReconstruction(at, range.end, control.signal);
      if (plan === null) throw notInXet(this.#deps.path);
      try {
        for (const term of plan.terms) {
          if (sink.isFull()) return;
          await this.#fetchTerm(term, plan, { start: at, end: range.end }, sink, control);
          at = Math.min(term.end, range.end);
          refusals = 0;
        }
      } catch (error) {
        const isRefused = error instanceof AppError && isRefusedUrl(error);
        if (!isRefused || refusals >= MAX_REFUSALS) throw error;
        refusals += 1;
      }
    }
  }

  async #fetchTerm(
    term: Term,
    plan: Reconstruction,
    wanted: ByteRange,
    sink: RangeSink,
    { signal, stallTimeoutMs }: FetchControl,
  ): Promise<void> {
    const { session, path, decode, buffers, isSecure, now } = this.#deps;
    const stored = storedRange(term, plan);
    if (isSecure && !stored.url.startsWith('https:')) throw unusable('named an address without TLS');
    this.#host = new URL(stored.url).host;
    const firstRecord = stored.chunkStart;
    const storedBytes = stored.end - stored.start;
    const termSink = new TermSink({
      term,
      firstRecord,
      storedBytes,
      wanted,
      sink,
      decode,
      buffers,
      signal,
      now,
    });
    // Nothing that identifies the user is sent to a signed URL.
    const deps = { ...session, hubHost: '', authorizationFor: () => undefined, stallTimeoutMs };
    const request = { url: stored.url, start: stored.start, end: stored.end, total: null, path };
    try {
      await fetchRange(request, termSink, deps, signal);
    } finally {
      await termSink.finish();
    }
  }
}

/**
 * Returns the smallest signed range that contains a term. It can only be fetched from its start, so what precedes the
 * term costs.
 */
function storedRange({ xorb, chunkStart, chunkEnd }: Term, { fetches }: Reconstruction): FetchRange {
  const [smallest] = (fetches.get(xorb) ?? [])
    .filter((range) => range.chunkStart <= chunkStart && range.chunkEnd >= chunkEnd)
    .sort((a, b) => a.end - a.start - (b.end - b.start));
  if (!smallest) throw unusable('named no data for a part of the file');
  const skipped = chunkStart - smallest.chunkStart;
  if (skipped > 2 * (chunkEnd - chunkStart) + MAX_SKIPPED_RECORDS)
    throw unusable('named far more data than is wanted');
  return smallest;
}

function unusable(what: string): AppError {
  return new AppError('ServerError', `The Xet storage ${what}.`, { retryable: false });
}

function notInXet(path: string): AppError {
  return new AppError('NotFound', `${path} is not in Xet storage.`);
}
