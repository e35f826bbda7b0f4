import type { HostBackoff } from './host-backoff.ts';
import type { RangeAttempt } from './range-attempt.ts';
import type { TransferItem } from './transfer-item.ts';

/** What is known of the streams that are open. */
export type AdmittedAttempt = Pick<RangeAttempt, 'source' | 'host' | 'isLocating' | 'isHealthy'>;

/** Which hosts may be sent another stream now, as far as the hosts are concerned. */
export class Admission {
  readonly #streams: ReadonlySet<AdmittedAttempt>;
  readonly #hostBackoff: Pick<HostBackoff, 'waitMs' | 'isProbing'>;
  readonly #hubHost: string;

  constructor(
    streams: ReadonlySet<AdmittedAttempt>,
    deps: { readonly hostBackoff: Pick<HostBackoff, 'waitMs' | 'isProbing'>; readonly hubHost: string },
  ) {
    this.#streams = streams;
    this.#hostBackoff = deps.hostBackoff;
    this.#hubHost = deps.hubHost;
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
    return !isAsked && this.#mayDial(this.#hostOf(source), null);
  }

  /** False when the host that turned out to have the bytes must be left alone for now. */
  mayFetch(stream: AdmittedAttempt): boolean {
    return this.#hostBackoff.waitMs(stream.host) === 0 && this.#mayDial(stream.host, stream);
  }

  /** True when a further stream for this blob would be a help, not one more at a host that is in trouble. */
  isSteady(source: TransferItem): boolean {
    const host = this.#hostOf(source);
    return (
      source.location.host !== null &&
      this.#hostBackoff.waitMs(host) === 0 &&
      !this.#hostBackoff.isProbing(host)
    );
  }

  #hostOf(source: TransferItem): string {
    return source.location.host ?? this.#hubHost;
  }

  /** A host that has failed proves itself with one stream before all of them are sent at it again. */
  #mayDial(host: string, self: AdmittedAttempt | null): boolean {
    if (!this.#hostBackoff.isProbing(host)) return true;
    return !this.#some((other) => other !== self && other.host === host && !other.isHealthy);
  }

  #some(fits: (stream: AdmittedAttempt) => boolean): boolean {
    return [...this.#streams].some(fits);
  }
}
