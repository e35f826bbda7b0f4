import type { HostBackoff } from './host-backoff.ts';
import type { RangeAttempt } from './range-attempt.ts';
import type { RangeSupport } from './range-support.ts';
import type { SchedulerDeps } from './scheduler-deps.ts';
import type { TransferItem } from './transfer-item.ts';

/** The fields of an open attempt that admission depends on. */
export type AdmittedAttempt = Pick<RangeAttempt, 'item' | 'host' | 'isLocating' | 'isHealthy' | 'isWhole'>;

/** The hosts' shared state that admission consults. */
export interface AdmissionDeps {
  readonly hostBackoff: Pick<HostBackoff, 'waitMs' | 'isProbing'>;
  readonly rangeSupport: Pick<RangeSupport, 'isIgnoring' | 'ignored'>;
  readonly onSingleStream: SchedulerDeps['onSingleStream'];
}

/** Decides which hosts may be sent another attempt now. Looks at the hosts only, not at connection slots. */
export class Admission {
  readonly #streams: ReadonlySet<AdmittedAttempt>;
  readonly #hostBackoff: AdmissionDeps['hostBackoff'];
  readonly #rangeSupport: AdmissionDeps['rangeSupport'];
  readonly #onSingleStream: AdmissionDeps['onSingleStream'];

  constructor(streams: ReadonlySet<AdmittedAttempt>, deps: AdmissionDeps) {
    this.#streams = streams;
    this.#hostBackoff = deps.hostBackoff;
    this.#rangeSupport = deps.rangeSupport;
    this.#onSingleStream = deps.onSingleStream;
  }

  /** True while an attempt is asking the Hub for a content's location. */
  get isLocating(): boolean {
    return this.#some((stream) => stream.isLocating);
  }

  /** Returns the milliseconds for which the content's host must still be left alone. */
  waitMs(item: TransferItem): number {
    return this.#hostBackoff.waitMs(hostOf(item));
  }

  /**
   * Only one attempt at a time asks for a content's URL; the others wait until the host that URL points to is known.
   */
  canConnect(item: TransferItem): boolean {
    const isAsked = this.#some((stream) => stream.item === item && stream.isLocating);
    return !isAsked && !this.#isAlone(item, null) && this.#mayDial(hostOf(item), null);
  }

  /** Returns false when the located host must be left alone for now. */
  mayFetch(stream: AdmittedAttempt): boolean {
    const isOpen = this.#hostBackoff.waitMs(stream.host) === 0 && this.#mayDial(stream.host, stream);
    return isOpen && !this.#isAlone(stream.item, stream);
  }

  /** True when another attempt for this content would help rather than add load to a host in trouble. */
  isSteady(item: TransferItem): boolean {
    const host = hostOf(item);
    return (
      item.source.host !== null &&
      this.#hostBackoff.waitMs(host) === 0 &&
      !this.#hostBackoff.isProbing(host) &&
      !this.#rangeSupport.isIgnoring(host)
    );
  }

  /**
   * Called when a host sends the whole file instead of a range. Returns true when no other attempt is receiving that
   * file, so this one may.
   */
  mayTakeWhole(stream: AdmittedAttempt): boolean {
    const { item, host } = stream;
    if (this.#rangeSupport.ignored(host)) this.#onSingleStream(item, host);
    return !this.#some((other) => other !== stream && other.item === item && other.isWhole);
  }

  /** A host that has failed gets a single attempt, which must succeed before more are sent. */
  #mayDial(host: string, self: AdmittedAttempt | null): boolean {
    if (!this.#hostBackoff.isProbing(host)) return true;
    return !this.#some((other) => other !== self && other.host === host && !other.isHealthy);
  }

  /** When a host ignores ranges, a second attempt on a file would download the same bytes twice. */
  #isAlone(item: TransferItem, self: AdmittedAttempt | null): boolean {
    const host = self?.host ?? hostOf(item);
    if (!this.#rangeSupport.isIgnoring(host)) return false;
    return this.#some((other) => other !== self && other.item === item);
  }

  #some(fits: (stream: AdmittedAttempt) => boolean): boolean {
    return [...this.#streams].some(fits);
  }
}

/** Returns the host that is contacted next: the one with the bytes, or the one that knows where they are. */
function hostOf({ source }: TransferItem): string {
  return source.host ?? source.finderHost;
}
