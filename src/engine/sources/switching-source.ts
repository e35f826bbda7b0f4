import { AppError, type ErrorCode } from '../../shared/contract/errors.ts';
import type { ByteRange } from '../../shared/model/byte-range.ts';
import type { Transport, TransportChoice, TransportReason } from '../../shared/model/transport.ts';
import { classify } from '../errors/classify.ts';
import type { ContentSource, FetchControl, RangeSink, SourcePlace } from './source.ts';
import type { TransportJudge } from './transport-judge.ts';

/** Errors of this machine, or the end of the attempt: no transport is at fault. */
const NOT_ITS_FAULT: ReadonlySet<ErrorCode> = new Set([
  'Cancelled',
  'DiskFull',
  'DiskMissing',
  'DiskPermission',
  'Internal',
]);

const WRONG_BYTES = 'Some of what came by Xet was wrong.';

/** What a {@link SwitchingSource} works with. */
export interface SwitchingDeps {
  readonly http: ContentSource;
  readonly xet: ContentSource;
  /** Whether the Hub says that this content is in Xet storage; known once it has been asked where the bytes are. */
  readonly isInXet: () => boolean;
  readonly choice: TransportChoice;
  readonly judge: TransportJudge;
  readonly now: () => number;
  readonly log: (level: 'info' | 'warn', message: string) => void;
  /** Path in the repository, for messages. */
  readonly path: string;
}

/**
 * One content by whichever transport is the better one, decided anew for each range: so a transport that fails costs one
 * attempt, and the next one goes on by the other where it stopped.
 */
export class SwitchingSource implements ContentSource {
  readonly #deps: SwitchingDeps;
  #hasBroughtByXet = false;
  #isDistrusted = false;

  constructor(deps: SwitchingDeps) {
    this.#deps = deps;
  }

  get host(): string | null {
    const { http, xet } = this.#deps;
    if (http.host === null) return null;
    return this.transport.transport === 'xet' ? (xet.host ?? http.host) : http.host;
  }

  get finderHost(): string {
    return this.#deps.http.finderHost;
  }

  /** What is used now, and why. */
  get transport(): TransportReason {
    const { isInXet, judge, choice } = this.#deps;
    if (!isInXet()) return { transport: 'http', because: 'only', failure: null };
    if (this.#isDistrusted) return { transport: 'http', because: 'other-failed', failure: WRONG_BYTES };
    return judge.reason(choice);
  }

  async find(signal: AbortSignal): Promise<SourcePlace> {
    const place = await this.#deps.http.find(signal);
    return { host: this.host ?? place.host, fetch: (...request) => this.#fetch(place, ...request) };
  }

  /** Where Xet had a part in it, plain HTTP brings the rest: a second copy by the same way may be as wrong. */
  distrust(): void {
    if (!this.#hasBroughtByXet || this.#isDistrusted) return;
    this.#isDistrusted = true;
    this.#deps.log('warn', `${this.#deps.path}: ${WRONG_BYTES} Plain HTTP is used for the rest of it.`);
  }

  async #fetch(plain: SourcePlace, range: ByteRange, sink: RangeSink, control: FetchControl): Promise<void> {
    const { judge, choice, xet, now } = this.#deps;
    const { transport: usual, because } = this.transport;
    const isOpen = because !== 'only' && !this.#isDistrusted;
    const transport: Transport = isOpen ? judge.next(choice, range.end - range.start) : usual;
    const startedMs = now();
    if (transport === 'http') await plain.fetch(range, sink, control);
    else {
      try {
        const place = await xet.find(control.signal);
        this.#hasBroughtByXet = true;
        await place.fetch(range, sink, control);
      } catch (error) {
        throw this.#xetFailed(classify(error), startedMs, control);
      }
    }
    judge.measured(transport, control.deliveredBytes(), startedMs);
  }

  /** A line that breaks in the middle is no reason to go another way; all else may be. */
  #xetFailed(error: AppError, startedMs: number, control: FetchControl): AppError {
    const { judge, log, path } = this.#deps;
    if (NOT_ITS_FAULT.has(error.code) || control.signal.aborted) return error;
    if (error.retryable && control.hasProgressed()) return error;
    const restMs = judge.failed(error.message, startedMs);
    const minutes = Math.ceil(restMs / 60_000);
    log('info', `${path}: Xet failed, so plain HTTP is used for ${minutes} min. ${error.message}`);
    return new AppError(error.code, error.message, {
      retryable: true,
      details: { ...error.details, otherTransport: 'http' },
      cause: error,
    });
  }
}
