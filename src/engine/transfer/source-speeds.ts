import type { Source, SourceKind } from '../../shared/model/transport.ts';
import { dividedSpeed } from './connection-shares.ts';

/** An attempt that delivers bytes. */
export interface SpeedOfAttempt {
  readonly kind: SourceKind | null;
  readonly host: string;
  readonly name?: string | undefined;
  readonly share: { readonly recentBytes: number };
}

/** Divides a speed among the hosts that deliver the bytes, the fastest first; the parts add up to the whole. */
export function sourceSpeeds(
  attempts: readonly SpeedOfAttempt[],
  bytesPerSecond: number,
): ReadonlyArray<Source & { readonly bytesPerSecond: number }> {
  const known = attempts.filter(({ kind }) => kind !== null);
  const groups = [...Map.groupBy(known, ({ kind, host }) => `${kind} ${host}`).values()];
  const recentBytes = groups.map((group) => group.reduce((sum, { share }) => sum + share.recentBytes, 0));
  const speeds = dividedSpeed(bytesPerSecond, recentBytes);
  return groups
    .flatMap(([first], index) => {
      if (!first?.kind) return [];
      const { kind, host, name } = first;
      return [{ kind, host, ...(name === undefined ? {} : { name }), bytesPerSecond: speeds[index] ?? 0 }];
    })
    .sort((a, b) => b.bytesPerSecond - a.bytesPerSecond);
}
