import { AppError, type ErrorCode } from '../../shared/contract/errors.ts';
import type { ByteRange, ByteRanges } from '../../shared/model/byte-range.ts';
import type { Transport, TransportChoice, TransportReason } from '../../shared/model/transport.ts';
import { classify } from '../errors/classify.ts';
import type { ContentSource, FetchControl, SourcePlace } from './source.ts';
import type { TransportJudge } from './transport-judge.ts';

/** Errors of this computer, or the end of the attempt: no transport is at fault. */
const NOT_ITS_FAULT: ReadonlySet<ErrorCode> = new Set([
  'Cancelled',
  'DiskFull',
  'DiskMissing',
  'DiskPermission',
  'Internal',
]);

const WRONG_BYTES = 'Some of what came by Xet was wrong.';

/** Dependencies of {@link SwitchingSource}. */
export interface SwitchingDeps {
  readonly http: ContentSource;
  readonly xet: ContentSource;
  /** Whether the Hub reports this content as being in Xet storage; known once it has been located. */
  readonly isInXet: () => boolean;
  readonly choice: TransportChoice;
  readonly judge: TransportJudge;
  readonly now: () => number;
  readonly log: (level: 'info' | 'warn', message: string) => void;
  /** Path in the repository, for messages. */
  readonly path: string;
}

/**
 * Fetches one content by the better transport, decided again for each range: a transport that fails costs one attempt,
 * and the next one continues with the other where it stopped.
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

  /** The transport in use, and the reason. */
  get transport(): TransportReason {
    const { isInXet, judge, choice } = this.#deps;
    if (!isInXet()) return { transport: 'http', because: 'only', failure: null };
    if (this.#isDistrusted) return { transport: 'http', because: 'other-failed', failure: WRONG_BYTES };
    return judge.reason(choice);
  }

  async find(range: ByteRange, signal: AbortSignal): Promise<SourcePlace> {
    // Only the Hub's answer shows whether there is a choice.
    const plain = await this.#deps.http.find(range, signal);
    if (this.#chosen(range) === 'http') return this.#measured('http', plain);
    const { xet, now } = this.#deps;
    const startedMs = now();
    const place = await xet.find(range, signal).catch((error) => {
      throw this.#xetFailed(classify(error), startedMs, signal.aborted);
    });
    return this.#measured('xet', place);
  }

  /** After bytes from Xet, plain HTTP fetches the rest: a second copy by the same transport may be as wrong. */
  distrust(): ByteRanges {
    this.#deps.http.distrust?.();
    if (!this.#hasBroughtByXet || this.#isDistrusted) return [];
    this.#isDistrusted = true;
    this.#deps.log('warn', `${this.#deps.path}: ${WRONG_BYTES} Plain HTTP is used for the rest of it.`);
    return [];
  }

  #chosen({ start, end }: ByteRange): Transport {
    const { transport, because } = this.transport;
    const isOpen = because !== 'only' && !this.#isDistrusted;
    return isOpen ? this.#deps.judge.next(this.#deps.choice, end - start) : transport;
  }

  #measured(transport: Transport, { kind, host, fetch }: SourcePlace): SourcePlace {
    const { judge, now } = this.#deps;
    return {
      kind,
      host,
      fetch: async (range, sink, control) => {
        const startedMs = now();
        if (transport === 'xet') this.#hasBroughtByXet = true;
        try {
          await fetch(range, sink, control);
        } catch (error) {
          throw transport === 'xet' ? this.#xetBroke(classify(error), startedMs, control) : error;
        }
        judge.measured(transport, control.deliveredBytes(), startedMs);
      },
    };
  }

  /** A connection that drops midway is no reason to switch. */
  #xetBroke(error: AppError, startedMs: number, control: FetchControl): AppError {
    if (error.retryable && control.hasProgressed()) return error;
    return this.#xetFailed(error, startedMs, control.signal.aborted);
  }

  #xetFailed(error: AppError, startedMs: number, isAborted: boolean): AppError {
    const { judge, log, path } = this.#deps;
    if (NOT_ITS_FAULT.has(error.code) || isAborted) return error;
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
