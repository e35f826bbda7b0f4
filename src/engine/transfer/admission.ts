import type { HostBackoff } from './host-backoff.ts';
import type { RangeAttempt } from './range-attempt.ts';
import type { RangeSupport } from './range-support.ts';
import type { SchedulerDeps } from './scheduler-deps.ts';
import type { TransferItem } from './transfer-item.ts';

/** What is known of the streams that are open. */
export type AdmittedAttempt = Pick<RangeAttempt, 'source' | 'host' | 'isLocating' | 'isHealthy' | 'isWhole'>;

/** What is known of the hosts, and which of them is the Hub's. */
export interface AdmissionDeps {
  readonly hostBackoff: Pick<HostBackoff, 'waitMs' | 'isProbing'>;
  readonly rangeSupport: Pick<RangeSupport, 'isIgnoring' | 'ignored'>;
  readonly hubHost: string;
  readonly onSingleStream: SchedulerDeps['onSingleStream'];
}

/** Which hosts may be sent another stream now, as far as the hosts are concerned. */
export class Admission {
  readonly #streams: ReadonlySet<AdmittedAttempt>;
  readonly #hostBackoff: AdmissionDeps['hostBackoff'];
  readonly #rangeSupport: AdmissionDeps['rangeSupport'];
  readonly #hubHost: string;
  readonly #onSingleStream: AdmissionDeps['onSingleStream'];

  constructor(streams: ReadonlySet<AdmittedAttempt>, deps: AdmissionDeps) {
    this.#streams = streams;
    this.#hostBackoff = deps.hostBackoff;
    this.#rangeSupport = deps.rangeSupport;
    this.#hubHost = deps.hubHost;
    this.#onSingleStream = deps.onSingleStream;
  }

  /** True while the Hub is asked where a blob is. */
  get isLocating(): boolean {
    return this.#some((stream) => stream.isLocating);
  }

  /** How long the host that a blob comes from must still be left alone, in milliseconds. */
  waitMs(source: TransferItem): number {
    return this.#hostBackoff.waitMs(this.#hostOf(source));
  }

  /** One stream asks for the URL of a blob; the others follow when it is known which host they will go to. */
  canConnect(source: TransferItem): boolean {
    const isAsked = this.#some((stream) => stream.source === source && stream.isLocating);
    return !isAsked && !this.#isAlone(source, null) && this.#mayDial(this.#hostOf(source), null);
  }

  /** False when the host that turned out to have the bytes must be left alone for now. */
  mayFetch(stream: AdmittedAttempt): boolean {
    const isOpen = this.#hostBackoff.waitMs(stream.host) === 0 && this.#mayDial(stream.host, stream);
    return isOpen && !this.#isAlone(stream.source, stream);
  }

  /** True when a further stream for this blob would be a help, not one more at a host that is in trouble. */
  isSteady(source: TransferItem): boolean {
    const host = this.#hostOf(source);
    return (
      source.location.host !== null &&
      this.#hostBackoff.waitMs(host) === 0 &&
      !this.#hostBackoff.isProbing(host) &&
      !this.#rangeSupport.isIgnoring(host)
    );
  }

  /** The host of a stream sends the whole file in place of a part. True when this stream may take it: no other one does. */
  mayTakeWhole(stream: AdmittedAttempt): boolean {
    const { source, host } = stream;
    if (this.#rangeSupport.ignored(host)) this.#onSingleStream(source, host);
    return !this.#some((other) => other !== stream && other.source === source && other.isWhole);
  }

  #hostOf(source: TransferItem): string {
    return source.location.host ?? this.#hubHost;
  }

  /** A host that has failed proves itself with one stream before all of them are sent at it again. */
  #mayDial(host: string, self: AdmittedAttempt | null): boolean {
    if (!this.#hostBackoff.isProbing(host)) return true;
    return !this.#some((other) => other !== self && other.host === host && !other.isHealthy);
  }

  /** Where ranges are ignored, a second stream for a file would bring the same bytes once more. */
  #isAlone(source: TransferItem, self: AdmittedAttempt | null): boolean {
    const host = self?.host ?? this.#hostOf(source);
    if (!this.#rangeSupport.isIgnoring(host)) return false;
    return this.#some((other) => other !== self && other.source === source);
  }

  #some(fits: (stream: AdmittedAttempt) => boolean): boolean {
    return [...this.#streams].some(fits);
  }
}
