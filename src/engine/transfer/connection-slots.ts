import { MIN_PROGRESS_BYTES } from './host-backoff.ts';

/** What is known of a stream that holds a place. */
export interface SlotHolder {
  /** When its request began, on the clock of the pool. */
  readonly startedMs: number;
  /** Time without a byte in which it could have got one. */
  readonly silentMs: number;
  readonly deliveredBytes: number;
  /** True when it takes a whole file from a host that ignores ranges: in its place another one would begin from the start. */
  readonly isWhole: boolean;
  /** What it is fetching; 0 bytes per second are not known yet. */
  readonly claim: { readonly position: number; readonly end: number; readonly bytesPerSecond: number };
}

/** How many streams are wanted, and which silence is too long. */
export interface SlotRules {
  readonly nowMs: number;
  readonly wanted: number;
  readonly silentAfterMs: number;
  /** Time since the last byte of any stream. */
  readonly quietMs: number;
  /** False when there are never to be more streams than wanted. */
  readonly hasSpares: boolean;
}

/** Streams that are to end: their bytes stay, and what is left of their claims is free for others. */
export interface Evictions<T> {
  /** Silent, and replaced by another one. */
  readonly silent: readonly T[];
  /** More than are wanted. */
  readonly surplus: readonly T[];
}

/** Streams beyond the wanted number that may be open beside silent ones. */
const MAX_SPARES = 2;
/** Wait after the first probe on a line on which nothing moves; doubled each time up to the cap. */
const PROBE_MS = 10_000;
const PROBE_CAP_MS = 300_000;
/** A stream that is not wanted any more is left alone when it will be done so soon. */
const NEARLY_DONE_SECONDS = 3;

/**
 * Who has a place among the wanted streams. A silent stream keeps its connection, as it may wake up, but not its place:
 * another one is opened beside it, and when that one has proved itself the silent one leaves. On a line where nothing moves
 * at all that would be useless; there a single probe is sent now and then.
 */
export class ConnectionSlots {
  /** Probes since something moved, and when the last one was sent. */
  #probes = 0;
  #probedMs = Number.NEGATIVE_INFINITY;

  /** How many more streams may be opened now; 0 or less for none. */
  available(streams: readonly SlotHolder[], rules: SlotRules): number {
    const vacant = rules.wanted - streams.length;
    const silent = streams.filter((stream) => isSilent(stream, rules)).length;
    if (vacant > 0 || silent === 0 || !rules.hasSpares) return vacant;
    const spares = vacant + Math.min(silent, MAX_SPARES);
    return this.mayDial(rules) ? spares : Math.min(spares, 0);
  }

  /** True when the line moves, or may be tried with one more connection. */
  mayDial({ nowMs, quietMs, silentAfterMs }: SlotRules): boolean {
    if (quietMs < silentAfterMs) this.#probes = 0;
    const waitMs = this.#probes === 0 ? 0 : Math.min(PROBE_CAP_MS, PROBE_MS * 2 ** (this.#probes - 1));
    return nowMs - this.#probedMs >= waitMs;
  }

  /** A connection was opened beside those that were wanted, or in place of one. On a line where nothing moves it is a probe. */
  dialled({ nowMs, quietMs, silentAfterMs }: SlotRules): void {
    if (quietMs < silentAfterMs) return;
    this.#probes += 1;
    this.#probedMs = nowMs;
  }
}

/** Which streams leave, the longest silent first, and of the surplus those that have most left to do. */
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

/** Of the silent streams as many as there are others that began later and have proved themselves. */
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
