import type { HostBackoff } from './host-backoff.ts';
import type { RangeAttempt } from './range-attempt.ts';
import type { RangeSupport } from './range-support.ts';
import type { SchedulerDeps } from './scheduler-deps.ts';
import type { TransferItem } from './transfer-item.ts';

/** What is known of the streams that are open. */
export type AdmittedAttempt = Pick<RangeAttempt, 'item' | 'host' | 'isLocating' | 'isHealthy' | 'isWhole'>;

/** What is known of the hosts. */
export interface AdmissionDeps {
  readonly hostBackoff: Pick<HostBackoff, 'waitMs' | 'isProbing'>;
  readonly rangeSupport: Pick<RangeSupport, 'isIgnoring' | 'ignored'>;
  readonly onSingleStream: SchedulerDeps['onSingleStream'];
}

/** Which hosts may be sent another stream now, as far as the hosts are concerned. */
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

  /** True while the Hub is asked where a blob is. */
  get isLocating(): boolean {
    return this.#some((stream) => stream.isLocating);
  }

  /** How long the host that a blob comes from must still be left alone, in milliseconds. */
  waitMs(item: TransferItem): number {
    return this.#hostBackoff.waitMs(hostOf(item));
  }

  /** One stream asks for the URL of a blob; the others follow when it is known which host they will go to. */
  canConnect(item: TransferItem): boolean {
    const isAsked = this.#some((stream) => stream.item === item && stream.isLocating);
    return !isAsked && !this.#isAlone(item, null) && this.#mayDial(hostOf(item), null);
  }

  /** False when the host that turned out to have the bytes must be left alone for now. */
  mayFetch(stream: AdmittedAttempt): boolean {
    const isOpen = this.#hostBackoff.waitMs(stream.host) === 0 && this.#mayDial(stream.host, stream);
    return isOpen && !this.#isAlone(stream.item, stream);
  }

  /** True when a further stream for this blob would be a help, not one more at a host that is in trouble. */
  isSteady(item: TransferItem): boolean {
    const host = hostOf(item);
    return (
      item.source.host !== null &&
      this.#hostBackoff.waitMs(host) === 0 &&
      !this.#hostBackoff.isProbing(host) &&
      !this.#rangeSupport.isIgnoring(host)
    );
  }

  /** The host of a stream sends the whole file in place of a part. True when this stream may take it: no other one does. */
  mayTakeWhole(stream: AdmittedAttempt): boolean {
    const { item, host } = stream;
    if (this.#rangeSupport.ignored(host)) this.#onSingleStream(item, host);
    return !this.#some((other) => other !== stream && other.item === item && other.isWhole);
  }

  /** A host that has failed proves itself with one stream before all of them are sent at it again. */
  #mayDial(host: string, self: AdmittedAttempt | null): boolean {
    if (!this.#hostBackoff.isProbing(host)) return true;
    return !this.#some((other) => other !== self && other.host === host && !other.isHealthy);
  }

  /** Where ranges are ignored, a second stream for a file would bring the same bytes once more. */
  #isAlone(item: TransferItem, self: AdmittedAttempt | null): boolean {
    const host = self?.host ?? hostOf(item);
    if (!this.#rangeSupport.isIgnoring(host)) return false;
    return this.#some((other) => other !== self && other.item === item);
  }

  #some(fits: (stream: AdmittedAttempt) => boolean): boolean {
    return [...this.#streams].some(fits);
  }
}

/** Host that is asked next: for the bytes, or where they are. */
function hostOf({ source }: TransferItem): string {
  return source.host ?? source.finderHost;
}
