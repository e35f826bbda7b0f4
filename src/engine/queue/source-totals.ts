import type { Source, SourceBytes, SourceSpeed } from '../../shared/model/transport.ts';
import { type SpeedOfAttempt, sourceSpeeds } from '../transfer/source-speeds.ts';

/** Maximum number of separate hosts; a storage with more of them counts as the last one. */
const MAX_SOURCES = 64;

/** Bytes of a download by source, in this run of the engine. */
export class SourceTotals {
  readonly #totals = new Map<string, Source & { bytes: number }>();

  /** `kind` is null while the responding source is unknown; no bytes arrive then. */
  add(bytes: number, { kind, host, name }: Pick<SpeedOfAttempt, 'kind' | 'host' | 'name'>): void {
    if (kind === null) return;
    const known = this.#totals.get(keyOf({ kind, host }));
    if (known) known.bytes += bytes;
    else if (this.#totals.size < MAX_SOURCES)
      this.#totals.set(keyOf({ kind, host }), { kind, host, ...named(name), bytes });
  }

  /** Returns the sources that delivered anything, the most first. */
  list(): readonly SourceBytes[] {
    return [...this.#totals.values()].map((total) => ({ ...total })).sort((a, b) => b.bytes - a.bytes);
  }

  /** Returns the current sources, the fastest first, and then the peers that delivered before. */
  now(attempts: readonly SpeedOfAttempt[], bytesPerSecond: number): readonly SourceSpeed[] {
    const speeds = sourceSpeeds(attempts, bytesPerSecond);
    const active = speeds.map((speed) => ({ ...speed, bytes: this.#totals.get(keyOf(speed))?.bytes ?? 0 }));
    const isActive = new Set(active.map(keyOf));
    const before = this.list().filter((total) => total.kind === 'peer' && !isActive.has(keyOf(total)));
    return [...active, ...before.map((total) => ({ ...total, bytesPerSecond: 0 }))];
  }

  reset(): void {
    this.#totals.clear();
  }
}

const keyOf = ({ kind, host }: Source): string => `${kind} ${host}`;

const named = (name: string | undefined) => (name === undefined ? {} : { name });
