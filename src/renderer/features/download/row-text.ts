import type { VerifyingEvent } from '../../../shared/contract/events.ts';
import type { Activity } from '../../stores/activity.ts';

/** The one button that a row's state offers. */
export type RowAction = 'start-now' | 'try-now' | 'try-again' | 'enter-token' | 'accept-change' | 'remove';

/** Style of a row's state text, besides its words. */
export type Tone = 'plain' | 'good' | 'attention' | 'bad';

/** A row's text about its state: what happened, what is safe, what happens next, and one button at most. */
export interface RowText {
  readonly text: string;
  readonly tone: Tone;
  readonly action: RowAction | null;
  /** The engine's own words and codes, to expand and to copy. */
  readonly details: string | null;
  /** True while the text counts seconds by the page's own clock. */
  readonly isTicking: boolean;
}

/** Inputs of a row's words, besides the download. */
export interface Seen {
  readonly verifying?: VerifyingEvent | undefined;
  readonly activity?: Activity | undefined;
  /** Returns the name of another download by its id; null when there is none. */
  readonly nameOf?: ((id: string) => string | null) | undefined;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
}

/** Whole seconds until a moment, never negative. */
export function secondsUntil(dueAtMs: number, nowMs: number): number {
  return Math.max(0, Math.ceil((dueAtMs - nowMs) / 1000));
}
