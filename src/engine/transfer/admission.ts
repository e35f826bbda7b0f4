import type { HostGates } from './host-backoff.ts';
import type { Stream } from './range-attempt.ts';
import type { TransferSource } from './transfer-item.ts';

/** What is known of the streams that are open. */
export type DialledStream = Pick<Stream, 'source' | 'host' | 'isLocating' | 'isProven'>;

/** Which hosts may be sent another stream now, as far as the hosts are concerned. */
export class Dialling {
  readonly #streams: ReadonlySet<DialledStream>;
  readonly #gates: Pick<HostGates, 'waitMs' | 'isProbing'>;
  readonly #hubHost: string;

  constructor(
    streams: ReadonlySet<DialledStream>,
    deps: { readonly gates: Pick<HostGates, 'waitMs' | 'isProbing'>; readonly hubHost: string },
  ) {
    this.#streams = streams;
    this.#gates = deps.gates;
    this.#hubHost = deps.hubHost;
  }

  /** True while the Hub is asked where a blob is. */
  get isLocating(): boolean {
    return this.#some((stream) => stream.isLocating);
  }

  /** How long the host that a blob comes from must still be left alone, in milliseconds. */
  waitMs(source: TransferSource): number {
    return this.#gates.waitMs(this.#hostOf(source));
  }

  /** One stream asks for the URL of a blob; the others follow when it is known which host they will go to. */
  mayOpen(source: TransferSource): boolean {
    const isAsked = this.#some((stream) => stream.source === source && stream.isLocating);
    return !isAsked && this.#mayDial(this.#hostOf(source), null);
  }

  /** False when the host that turned out to have the bytes must be left alone for now. */
  mayFetch(stream: DialledStream): boolean {
    return this.#gates.waitMs(stream.host) === 0 && this.#mayDial(stream.host, stream);
  }

  /** True when a further stream for this blob would be a help, not one more at a host that is in trouble. */
  isSteady(source: TransferSource): boolean {
    const host = this.#hostOf(source);
    return source.location.host !== null && this.#gates.waitMs(host) === 0 && !this.#gates.isProbing(host);
  }

  #hostOf(source: TransferSource): string {
    return source.location.host ?? this.#hubHost;
  }

  /** A host that has failed proves itself with one stream before all of them are sent at it again. */
  #mayDial(host: string, self: DialledStream | null): boolean {
    if (!this.#gates.isProbing(host)) return true;
    return !this.#some((other) => other !== self && other.host === host && !other.isProven);
  }

  #some(fits: (stream: DialledStream) => boolean): boolean {
    return [...this.#streams].some(fits);
  }
}
