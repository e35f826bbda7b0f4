import { MIN_PROGRESS_BYTES } from './host-backoff.ts';

/** The fields of an attempt that holds a connection slot. */
export interface SlotHolder {
  /** When its request began, on the scheduler's clock. */
  readonly startedMs: number;
  /** Time without a byte in which it could have received one. */
  readonly silentMs: number;
  readonly deliveredBytes: number;
  /** True when it receives a whole file from a host that ignores ranges: a replacement would have to start over. */
  readonly isWhole: boolean;
  /** The claim it is fetching; 0 bytes per second means not known yet. */
  readonly claim: { readonly position: number; readonly end: number; readonly bytesPerSecond: number };
}

/** How many attempts are wanted, and how long a silence is tolerated. */
export interface SlotRules {
  readonly nowMs: number;
  readonly wanted: number;
  readonly silentAfterMs: number;
  /** Time since the last byte on any attempt. */
  readonly quietMs: number;
  /** False when there must never be more attempts than wanted. */
  readonly hasSpares: boolean;
}

/** Attempts to end. Their bytes are kept, and the rest of their claims becomes free for others. */
export interface Evictions<T> {
  /** Silent, and replaced by another attempt. */
  readonly silent: readonly T[];
  /** In excess of the wanted number. */
  readonly surplus: readonly T[];
}

/** Attempts beyond the wanted number that may be open alongside silent ones. */
const MAX_SPARES = 2;
/** Wait after the first probe on a link without traffic; doubled each time up to the cap. */
const PROBE_MS = 10_000;
const PROBE_CAP_MS = 300_000;
/** A surplus attempt that will be done within this time is left alone. */
const NEARLY_DONE_SECONDS = 3;

/**
 * Decides which attempts hold a connection slot. A silent attempt keeps its connection, because it may wake up, but not
 * its slot: another attempt is opened next to it and, once that one has proved itself, the silent one is evicted. On a
 * link with no traffic at all that would be useless, so only a single probe is sent from time to time.
 */
export class ConnectionSlots {
  /** Probes since the last traffic, and when the last one was sent. */
  #probes = 0;
  #probedMs = Number.NEGATIVE_INFINITY;

  /** Returns how many more attempts may be opened now; 0 or less for none. */
  available(streams: readonly SlotHolder[], rules: SlotRules): number {
    const vacant = rules.wanted - streams.length;
    const silent = streams.filter((stream) => isSilent(stream, rules)).length;
    if (vacant > 0 || silent === 0 || !rules.hasSpares) return vacant;
    const spares = vacant + Math.min(silent, MAX_SPARES);
    return this.mayDial(rules) ? spares : Math.min(spares, 0);
  }

  /** True when the link has traffic, or one more connection may be tried. */
  mayDial({ nowMs, quietMs, silentAfterMs }: SlotRules): boolean {
    if (quietMs < silentAfterMs) this.#probes = 0;
    const waitMs = this.#probes === 0 ? 0 : Math.min(PROBE_CAP_MS, PROBE_MS * 2 ** (this.#probes - 1));
    return nowMs - this.#probedMs >= waitMs;
  }

  /**
   * Records that a connection was opened, in addition to the wanted ones or in place of one. On a link without traffic
   * it counts as a probe.
   */
  dialled({ nowMs, quietMs, silentAfterMs }: SlotRules): void {
    if (quietMs < silentAfterMs) return;
    this.#probes += 1;
    this.#probedMs = nowMs;
  }
}

/** Returns the attempts to evict: the longest silent first, and among the surplus those with the most left to do. */
export function evictions<T extends SlotHolder>(open: readonly T[], rules: SlotRules): Evictions<T> {
  const streams = open.filter(({ isWhole }) => !isWhole);
  const wanted = rules.wanted - (open.length - streams.length);
  const silent = streams
    .filter((stream) => isSilent(stream, rules))
    .sort((a, b) => b.silentMs - a.silentMs)
    .slice(0, Math.max(0, streams.length - wanted));
  const moving = streams.filter((stream) => !isSilent(stream, rules));
  const surplus = moving
    .filter((stream) => secondsLeft(stream) > NEARLY_DONE_SECONDS)
    .sort((a, b) => secondsLeft(b) - secondsLeft(a))
    .slice(0, Math.max(0, moving.length - wanted));
  return { silent: replaced(silent, moving, rules), surplus };
}

/** Returns as many of the silent attempts as there are others that began later and have proved themselves. */
function replaced<T extends SlotHolder>(silent: readonly T[], moving: readonly T[], { nowMs }: SlotRules) {
  const proven = moving.filter(({ deliveredBytes }) => deliveredBytes >= MIN_PROGRESS_BYTES);
  return silent.filter(({ silentMs }, index) => {
    const later = proven.filter(({ startedMs }) => startedMs >= nowMs - silentMs);
    return later.length > index;
  });
}

function isSilent({ silentMs }: SlotHolder, { silentAfterMs }: SlotRules): boolean {
  return silentMs >= silentAfterMs;
}

function secondsLeft({ claim: { position, end, bytesPerSecond } }: SlotHolder): number {
  return bytesPerSecond > 0 ? (end - position) / bytesPerSecond : Number.POSITIVE_INFINITY;
}
