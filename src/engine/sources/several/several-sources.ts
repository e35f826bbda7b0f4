import { AppError } from '../../../shared/contract/errors.ts';
import {
  addRange,
  type ByteRange,
  type ByteRanges,
  missingRanges,
} from '../../../shared/model/byte-range.ts';
import type { TransportReason } from '../../../shared/model/transport.ts';
import { classify } from '../../errors/classify.ts';
import type { ContentSource, FetchControl, RangeSink, SourcePlace } from '../source.ts';
import type { SourcePaces } from './source-paces.ts';
import { type Progress, watchedFetch } from './watched-fetch.ts';

// How the bytes of one content are fetched from several computers. Each claim goes to the source that would give one
// more connection the most bytes (`SourcePaces`); peers count double, because they cost no internet traffic. A peer
// without a measurement is tried; the Hub, while a peer delivers, is tried with one short claim a minute. A running
// attempt is ended when nothing arrives, or when another source would deliver its rest several times as fast, so that a
// slow or dead computer loses its share within seconds. The source of bytes is recorded as they reach the disk. When
// some of them turn out wrong, their source is excluded for this run; when the content as a whole is wrong and the
// error cannot be located, the Hub alone delivers the rest of it.

/** Factor by which a peer's speed counts. */
const PEER_PREFERENCE = 2;
/** Assumed speed of the Hub per connection while it is unknown, in bytes per second. */
const LEAST_BYTES_PER_SECOND = 64 * 1024;
/** How often the Hub is tried while peers deliver, for how long and how much. */
const TRIAL_EVERY_MS = 60_000;
const TRIAL_MS = 1000;
const TRIAL_BYTES = 8 * 1024 * 1024;
/** A peer that sends nothing for this long has lost its claim. */
const PEER_SILENT_MS = 3000;
/** Age from which an attempt is compared with other sources, and the factor by which another one must be faster. */
const COMPARE_AFTER_MS = 2000;
const CLEARLY_FASTER = 4;

/** Name of the Hub among the sources, whatever its host or transport. */
export const HUB = 'hub';

/** A computer that announced the content. */
export interface PeerSource {
  /** Identifies it. */
  readonly key: string;
  readonly place: SourcePlace;
  /** True once it is excluded for this run. */
  readonly isExcluded: boolean;
  /** Records a failure of an attempt that began at `startedMs`; it is left alone for a while. */
  failed(error: AppError, startedMs: number): void;
  /** Records that it delivered everything requested. */
  succeeded(): void;
  /** Bytes that it sent were wrong: it is not contacted again in this run. */
  exclude(wrongBytes: number): void;
}

/** Dependencies of {@link SeveralSources}. */
export interface SeveralDeps {
  readonly hub: ContentSource;
  /** Returns those that have the content and may be contacted now. */
  readonly peers: () => readonly PeerSource[];
  readonly paces: SourcePaces;
  /** True when a host of the Hub may be contacted now. */
  readonly mayAsk: (host: string) => boolean;
  /** Milliseconds on a monotonic clock. */
  readonly now: () => number;
  readonly log: (level: 'info' | 'warn', message: string) => void;
  /** Path in the repository, for messages. */
  readonly path: string;
}

/** Fetches one content from the Hub and from peers, from the fastest one for each claim. */
export class SeveralSources implements ContentSource {
  readonly #deps: SeveralDeps;
  /** What is on disk, by source. */
  readonly #brought = new Map<PeerSource['key'], { readonly peer: PeerSource; ranges: ByteRanges }>();
  /** True when only the Hub delivers the rest of this content. */
  #isHubOnly = false;
  #triedHubMs = Number.NEGATIVE_INFINITY;

  constructor(deps: SeveralDeps) {
    this.#deps = deps;
  }

  get host(): string | null {
    return this.#bestPeer()?.place.host ?? this.#deps.hub.host;
  }

  get finderHost(): string {
    return this.#deps.hub.finderHost;
  }

  /** The Hub's: a peer has no choice of transports. */
  get transport(): TransportReason | undefined {
    return this.#deps.hub.transport;
  }

  async find(range: ByteRange, signal: AbortSignal): Promise<SourcePlace> {
    const peer = this.#bestPeer();
    if (peer === null) return this.#watchedHub(await this.#deps.hub.find(range, signal), false);
    if (!this.#isTrialDue()) return this.#watchedPeer(peer);
    this.#triedHubMs = this.#deps.now();
    try {
      return this.#watchedHub(await this.#deps.hub.find(range, signal), true);
    } catch (error) {
      if (signal.aborted) throw error;
      // It was only a trial: no reason to wait for anything.
      return this.#watchedPeer(this.#bestPeer() ?? peer);
    }
  }

  distrust(wrong?: ByteRanges): ByteRanges {
    const brought = [...this.#brought.values()];
    if (wrong === undefined) {
      const ofPeers = brought.flatMap(({ ranges }) => ranges);
      if (ofPeers.length > 0) this.#askHubOnly();
      this.#deps.hub.distrust?.();
      return ofPeers;
    }
    for (const part of wrong) this.#blame(part, brought);
    return [];
  }

  /** What several peers delivered together may be the fault of any of them: another part will show. */
  #blame(
    wrong: ByteRange,
    brought: ReadonlyArray<{ readonly peer: PeerSource; readonly ranges: ByteRanges }>,
  ): void {
    const involved = brought.filter(({ ranges }) => overlap(ranges, [wrong]) > 0);
    const [first] = involved;
    if (!first) this.#deps.hub.distrust?.([wrong]);
    else if (involved.length === 1) first.peer.exclude(overlap(first.ranges, [wrong]));
  }

  #askHubOnly(): void {
    if (this.#isHubOnly) return;
    this.#isHubOnly = true;
    const { log, path } = this.#deps;
    log('warn', `${path} doesn’t match its checksum; the rest of it is downloaded from the internet only.`);
  }

  /** Returns the peer to contact next; null when the Hub is the better source. */
  #bestPeer(): PeerSource | null {
    if (this.#isHubOnly) return null;
    let best: { readonly peer: PeerSource; readonly bytesPerSecond: number } | null = null;
    for (const peer of this.#deps.peers()) {
      const bytesPerSecond = this.#expected(peer);
      if (bytesPerSecond !== null && (!best || bytesPerSecond > best.bytesPerSecond))
        best = { peer, bytesPerSecond };
    }
    if (best === null) return null;
    return this.#mayAskHub() && this.#expectedOfHub() > best.bytesPerSecond ? null : best.peer;
  }

  /** Returns null for a peer that is being tried while others are known to work. */
  #expected({ key }: PeerSource): number | null {
    const { paces } = this.#deps;
    const next = paces.next(key);
    if (next !== null) return next * PEER_PREFERENCE;
    return paces.open(key) > 0 && paces.next(HUB) !== null ? null : Number.POSITIVE_INFINITY;
  }

  #expectedOfHub(): number {
    return this.#deps.paces.next(HUB) ?? LEAST_BYTES_PER_SECOND;
  }

  #mayAskHub(): boolean {
    const { hub, mayAsk } = this.#deps;
    return mayAsk(hub.host ?? hub.finderHost);
  }

  /** True while a peer is known to deliver, and the Hub's speed is unknown. */
  #isTrialDue(): boolean {
    const { paces, now } = this.#deps;
    if (now() - this.#triedHubMs < TRIAL_EVERY_MS || paces.next(HUB) !== null || !this.#mayAskHub())
      return false;
    return this.#deps.peers().some(({ key }) => paces.next(key) !== null);
  }

  #watchedHub(place: SourcePlace, isTrial: boolean): SourcePlace {
    const judge = ({ bytes, ms }: Progress) => {
      if (isTrial && (ms >= TRIAL_MS || bytes >= TRIAL_BYTES)) return 'enough';
      return this.#isFarSlower(HUB, bytes, ms) ? 'enough' : 'go-on';
    };
    return {
      ...place,
      fetch: (range, sink, control) => this.#fetch(HUB, place, range, sink, control, judge),
      wrote: (range) => this.#wrote(null, range),
    };
  }

  #watchedPeer(peer: PeerSource): SourcePlace {
    const { place, key } = peer;
    const judge = ({ bytes, ms, silentMs }: Progress) => {
      if (peer.isExcluded) return 'enough';
      if (silentMs >= PEER_SILENT_MS) return silent(place);
      return this.#isFarSlower(key, bytes, ms) ? 'enough' : 'go-on';
    };
    return {
      ...place,
      fetch: async (range, sink, control) => {
        const startedMs = this.#deps.now();
        try {
          await this.#fetch(key, place, range, sink, control, judge);
          if (sink.isFull()) peer.succeeded();
        } catch (error) {
          throw this.#peerFailed(peer, classify(error), startedMs, control);
        }
      },
      wrote: (range) => this.#wrote(peer, range),
    };
  }

  async #fetch(
    key: string,
    place: SourcePlace,
    range: ByteRange,
    sink: RangeSink,
    control: FetchControl,
    judge: (progress: Progress) => 'go-on' | 'enough' | Error,
  ): Promise<void> {
    const { paces, now } = this.#deps;
    const meter = paces.began(key);
    try {
      await watchedFetch(place, range, sink, control, { now, onBytes: meter.add, judge });
    } finally {
      meter.end();
    }
  }

  /** True when another source would deliver the rest of an attempt several times as fast. */
  #isFarSlower(key: string, bytes: number, ms: number): boolean {
    // Without a byte, silence decides.
    if (ms < COMPARE_AFTER_MS || bytes === 0) return false;
    const own = (bytes * 1000) / ms;
    return this.#others(key).some((bytesPerSecond) => bytesPerSecond > own * CLEARLY_FASTER);
  }

  /** Returns what the other sources would deliver over one more connection. */
  #others(key: string): number[] {
    const peers = this.#isHubOnly ? [] : this.#deps.peers().filter((peer) => peer.key !== key);
    const ofPeers = peers.map((peer) => this.#deps.paces.next(peer.key) ?? 0);
    return key === HUB || !this.#mayAskHub() ? ofPeers : [...ofPeers, this.#expectedOfHub()];
  }

  #peerFailed(peer: PeerSource, error: AppError, startedMs: number, control: FetchControl): AppError {
    if (control.signal.aborted || isOurs(error)) return error;
    peer.failed(error, startedMs);
    // Nobody has to wait: the next attempt goes to another source.
    return new AppError(
      'Offline',
      `${peer.place.name ?? peer.place.host} can’t be used now: ${whatHappened(error)}.`,
      {
        retryable: true,
        details: { host: peer.place.host, otherSource: true },
        cause: error,
      },
    );
  }

  /** The last writer is the source of the bytes there. */
  #wrote(peer: PeerSource | null, range: ByteRange): void {
    for (const entry of this.#brought.values()) {
      if (entry.peer.key !== peer?.key)
        entry.ranges = entry.ranges.flatMap((own) => missingRanges([range], own));
    }
    if (peer === null) return;
    const entry = this.#brought.get(peer.key) ?? { peer, ranges: [] };
    entry.ranges = addRange(entry.ranges, range);
    this.#brought.set(peer.key, entry);
  }
}

/** Errors of this computer: no computer on the network is at fault. */
const isOurs = ({ code }: AppError): boolean =>
  code.startsWith('Disk') || code === 'Cancelled' || code === 'Internal';

function silent({ host, name }: SourcePlace): AppError {
  return new AppError('Stalled', `No data from ${name ?? host} for ${PEER_SILENT_MS / 1000} s.`, {
    details: { host },
  });
}

/** Text from a foreign response is not repeated. */
function whatHappened({ code, details: { status } }: AppError): string {
  if (typeof status === 'number') return `it answered with ${status}`;
  if (code === 'Stalled') return 'nothing comes from it';
  return code === 'Offline' || code === 'Timeout' ? 'it can’t be reached' : 'its answer was wrong';
}

/** Returns how many bytes two lists of ranges have in common. */
function overlap(ranges: ByteRanges, others: ByteRanges): number {
  const both = ranges.flatMap((range) =>
    others.map(({ start, end }) => Math.min(range.end, end) - Math.max(range.start, start)),
  );
  return both.reduce((sum, bytes) => sum + Math.max(0, bytes), 0);
}
