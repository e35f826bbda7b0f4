/** How the line behaves. Everything is off by default. */
export interface LineConditions {
  /** Limit of each connection, in bytes per second; null for none. */
  readonly bytesPerSecond: number | null;
  /** Limit of all connections together, in bytes per second; null for none. */
  readonly totalBytesPerSecond: number | null;
  /** Wait before each answer, in milliseconds. */
  readonly latencyMs: number;
  /** Every so many seconds each running transfer is cut with the given probability; null for never. */
  readonly drops: { readonly everySeconds: number; readonly probability: number } | null;
  /** Share of the connections that fall silent somewhere in their first `withinBytes` bytes of file content. */
  readonly stalls: { readonly proportion: number; readonly withinBytes: number } | null;
  /** Share of the connections that end at a slow edge server with this limit in bytes per second. */
  readonly slowEdges: { readonly proportion: number; readonly bytesPerSecond: number } | null;
}

/** Line conditions that can be changed while connections are open. */
export interface Conditions {
  readonly current: LineConditions;
  /** Changes what is given and leaves the rest; takes effect at once, on open connections too. */
  set(changes: Partial<LineConditions>): void;
  /** Calls back after each change; returns the way to stop it. */
  onChange(listener: () => void): () => void;
}

const PERFECT: LineConditions = {
  bytesPerSecond: null,
  totalBytesPerSecond: null,
  latencyMs: 0,
  drops: null,
  stalls: null,
  slowEdges: null,
};

/** A perfect line, but for what is given. */
export function lineConditions(initial: Partial<LineConditions> = {}): Conditions {
  let current: LineConditions = { ...PERFECT, ...initial };
  const listeners = new Set<() => void>();
  return {
    get current() {
      return current;
    },
    set(changes) {
      current = { ...current, ...changes };
      for (const listener of listeners) listener();
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
