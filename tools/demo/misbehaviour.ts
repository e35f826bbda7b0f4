import type { LineConditions } from '../../test/hub/conditions/conditions.ts';
import type { Fault } from '../../test/hub/faults/fault.ts';

/** Ways in which the Hub of the demo can be a nuisance, to watch the recovery. */
export const MISBEHAVIOURS = ['drop', 'stall', 'corrupt', 'all'] as const;
export type Misbehaviour = (typeof MISBEHAVIOURS)[number];

/** What a {@link Misbehaviour} means for a local Hub. */
export interface Trouble {
  readonly conditions: Partial<LineConditions>;
  readonly faults: readonly Fault[];
}

/** Often enough to be seen, rarely enough to see what comes of it. */
const DROP_EVERY_SECONDS = 8;
/** Of the connections, those that fall silent within one chunk. */
const STALLED_SHARE = 0.25;
const STALL_WITHIN_BYTES = 40_000_000;
/** File offsets that arrive damaged once: in the first chunks, so that a repair is seen within a minute. */
const DAMAGED_OFFSETS = [20_000_000, 130_000_000, 420_000_000, 900_000_000, 2_000_000_000];

/** What makes the Hub behave like that; nothing for null. */
export function troubleOf(misbehaviour: Misbehaviour | null): Trouble {
  const is = (kind: Misbehaviour) => misbehaviour === kind || misbehaviour === 'all';
  return {
    conditions: {
      ...(is('drop') ? { drops: { everySeconds: DROP_EVERY_SECONDS, probability: 0.7 } } : {}),
      ...(is('stall') ? { stalls: { proportion: STALLED_SHARE, withinBytes: STALL_WITHIN_BYTES } } : {}),
    },
    faults: is('corrupt')
      ? DAMAGED_OFFSETS.map((offset) => ({
          match: { origin: 'cdn', covers: offset },
          times: 1,
          flipBytes: [offset],
        }))
      : [],
  };
}
