import type { LineConditions } from '../../hub/conditions/conditions.ts';
import type { RepositoryDeclaration } from '../../hub/repositories/declaration.ts';

/** Plain data that a Hub process is started with. */
export interface HubSetup {
  readonly repositories: readonly RepositoryDeclaration[];
  readonly conditions: Partial<LineConditions>;
  /** Seed of everything that is left to chance: the same for all contestants. */
  readonly seed: number;
  /** Files whose content another server has: `org/name/path` → URL to redirect to. */
  readonly redirects: Readonly<Record<string, string>>;
  /** A line that gets worse when too many transfers share it. */
  readonly crowding: Crowding | null;
}

/** How all transfers together slow down when there are too many of them. */
export interface Crowding {
  /** What the line carries, in bytes per second. */
  readonly bytesPerSecond: number;
  /** So many transfers it carries without loss. */
  readonly transfers: number;
  /** Share of the rate that each transfer beyond that costs. */
  readonly lossEach: number;
}

/** A message to a running Hub process. */
export interface HubRequest {
  /** Changes of the line, at once; absent for none. */
  readonly conditions?: Partial<LineConditions>;
  /** Only requests from then on are looked for, in milliseconds since the epoch; 0 for all. */
  readonly since: number;
}

/** What a Hub process has served. */
export interface Served {
  /** Bytes of file content. */
  readonly contentBytes: number;
  readonly requests: number;
  /** Transfers of file content that are under way. */
  readonly running: number;
  /** Milliseconds since the epoch when the first request for file content since then came; null before that. */
  readonly firstContentAt: number | null;
}

/** The rate of a crowded line, in bytes per second. */
export function crowdedRate({ bytesPerSecond, transfers, lossEach }: Crowding, running: number): number {
  const left = 1 - lossEach * Math.max(0, running - transfers);
  return Math.round(bytesPerSecond * Math.max(0.1, left));
}
