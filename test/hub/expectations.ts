import type { FaultMatch } from './faults/fault.ts';
import { matches } from './faults/match.ts';
import type { RequestRecord } from './http/request-log.ts';

/** A request that must not have come. */
export interface Violation {
  /** What is wrong with it, in a sentence. */
  readonly reason: string;
  readonly request: RequestRecord;
}

/** The requests that a strict Hub answers. */
export interface Expectations {
  /** Allows `times` fitting requests; any number by default. */
  expect(match: FaultMatch, times?: number): void;
  /** True when the request was expected; uses up one of the allowed times. */
  allows(record: RequestRecord): boolean;
}

/** No expectation at first. */
export function expectations(): Expectations {
  const entries: { match: FaultMatch; left: number }[] = [];
  return {
    expect(match, times = Number.POSITIVE_INFINITY) {
      entries.push({ match, left: times });
    },
    allows(record) {
      const entry = entries.find(({ match, left }) => left > 0 && matches(match, record));
      if (entry === undefined) return false;
      entry.left -= 1;
      return true;
    },
  };
}
