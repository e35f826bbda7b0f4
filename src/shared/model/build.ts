import type { ErrorData } from '../contract/errors.ts';
import type { Precision } from './catalog.ts';

/**
 * How ties are rounded and where the search for a group's largest value begins: like MLX's kernels for GPUs (`metal`),
 * or like the one for CPUs (`cpu`). Any MLX loads either.
 */
export const ROUNDING_RULES = ['metal', 'cpu'] as const;
export type RoundingRule = (typeof ROUNDING_RULES)[number];

/** Life cycle of a variant that is built here from another one on disk. */
export const BUILD_STATES = [
  'queued',
  'planning',
  'making',
  'verifying',
  'installing',
  'ready',
  'paused',
  'waiting',
  'failed',
] as const;
export type BuildState = (typeof BUILD_STATES)[number];

/** What a build in the state `waiting` waits for. */
export type BuildWaitReason = 'disk' | 'volume' | 'source';

/** Progress of a build. All bytes were counted when they were read or written. */
export interface BuildProgress {
  readonly state: BuildState;
  /** Why it waits, failed or is stopped; null while it works. */
  readonly reason: string | null;
  readonly waitReason: BuildWaitReason | null;
  readonly sourceBytesDone: number;
  readonly sourceBytes: number;
  readonly writtenBytes: number;
  /** Written, synced and recorded: what survives a crash. */
  readonly durableBytes: number;
  readonly outputBytes: number;
  /** Bytes of the source per second. */
  readonly bytesPerSecond: number;
  readonly etaSeconds: number | null;
  readonly unitsDone: number;
  readonly unitsTotal: number;
  /** The most recently started tensor. */
  readonly tensor: string | null;
  /** Of the verification; 0 before it. */
  readonly hashedBytes: number;
}

/** Where the bytes come from. */
export interface BuildSource {
  readonly repo: string;
  readonly commit: string;
  /** The first file of weights. */
  readonly path: string;
}

/** One build as displayed by tray, page and `status`. */
export interface BuildView extends BuildProgress {
  readonly id: string;
  readonly kind: 'build';
  /** Catalog model; null when the source is not in the catalog. */
  readonly model: string | null;
  readonly variant: Precision;
  readonly source: BuildSource;
  /** The folder that is built. */
  readonly path: string;
  /** The first file of weights in it. */
  readonly file: string;
  readonly error: ErrorData | null;
  /** SHA-256 of {@link file}; null before it is ready. */
  readonly hash: string | null;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

/** What a build would do. */
export interface BuildPlanView {
  readonly source: BuildSource;
  readonly model: string | null;
  readonly variant: Precision;
  readonly recipe: string;
  readonly rule: RoundingRule;
  readonly units: number;
  readonly sourceBytes: number;
  readonly outputBytes: number;
  /** Bytes that the volume must still have space for, and its free space; null where it does not report it. */
  readonly neededBytes: number;
  readonly freeBytes: number | null;
  /** Bytes of that room which stay free. */
  readonly reserveBytes: number;
  /** As fast as the last whole build with this recipe on this machine; null before the first. */
  readonly estimatedSeconds: number | null;
  /** The folder that is made, and the first file of weights in it. */
  readonly path: string;
  readonly file: string;
  /** True when it exists already. */
  readonly exists: boolean;
}

/** Bytes that must be freed before a build has room; 0 where it has, or where the volume does not say. */
export function lackingBytes({ neededBytes, freeBytes, reserveBytes }: BuildPlanView): number {
  if (freeBytes === null || neededBytes <= 0) return 0;
  return Math.max(0, neededBytes + reserveBytes - freeBytes);
}

/** A variant that was made here. */
export interface MadeModel {
  /** Id in lists: `org/name-q4`. */
  readonly id: string;
  readonly model: string | null;
  readonly variant: Precision;
  readonly from: { readonly repo: string; readonly commit: string; readonly sha256: string };
  readonly path: string;
  /** The first file of weights. */
  readonly file: string;
  readonly bytes: number;
  readonly files: number;
  /** ISO time. */
  readonly madeAt: string;
  readonly recipe: string;
  readonly rule: RoundingRule;
  /** Bits of a code; null where the weights were only rounded. */
  readonly bits: number | null;
  /** Paths of its files in the folder. */
  readonly paths: readonly string[];
  /** True when every file exists with its length. */
  readonly complete: boolean;
}

/** What a build cost. */
export interface BuildStats {
  readonly seconds: number;
  readonly readBytes: number;
  readonly writtenBytes: number;
  readonly recomputedUnits: number;
  readonly worstErrorInSteps: number;
}
