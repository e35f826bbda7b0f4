import type { RequestRecord } from '../http/request-log.ts';
import type { Fault, FaultActions, FaultList } from './fault.ts';
import { matches } from './match.ts';

interface Entry {
  readonly fault: Fault;
  seen: number;
  fired: number;
}

/** A {@link FaultList} that the server can ask. */
export interface FaultSource extends FaultList {
  /** What shall happen to this request: all faults that fit, the later ones on top. Counts them as fired. */
  take(record: RequestRecord): FaultActions;
}

/** A list of faults, empty at first. */
export function faultList(): FaultSource {
  const entries = new Set<Entry>();
  return {
    add(fault) {
      const entry: Entry = { fault, seen: 0, fired: 0 };
      entries.add(entry);
      return {
        get fired() {
          return entry.fired;
        },
        remove: () => void entries.delete(entry),
      };
    },
    clear: () => entries.clear(),
    take(record) {
      return [...entries].filter((entry) => fires(entry, record)).reduce<FaultActions>(merge, {});
    },
  };
}

function fires(entry: Entry, record: RequestRecord): boolean {
  const { match = {}, times = 1 } = entry.fault;
  if (!matches(match, record)) return false;
  entry.seen += 1;
  if (entry.seen < (match.nth ?? 1) || entry.fired >= times) return false;
  entry.fired += 1;
  return true;
}

function merge(
  actions: FaultActions,
  { fault: { match: _match, times: _times, ...more } }: Entry,
): FaultActions {
  return { ...actions, ...more };
}
