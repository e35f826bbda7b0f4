import type { EngineEvent } from '../contract/events.ts';
import type { DownloadStats, HashAlgorithm } from './download.ts';
import type { SourceKind, TransportReason } from './transport.ts';

/** State of a chunk in the chunk map. */
export const CHUNK_STATES = [
  'waiting',
  /** An attempt is fetching it now. */
  'receiving',
  /** Some or all of its bytes are on disk; its hash is not recorded yet. */
  'received',
  /** Its hash is recorded. */
  'done',
  /** All of it is proved by the Hub's own hashes of its pieces; see docs/xet.md. */
  'proved',
  /** Like `done` or `received`, from bytes that were on disk before. */
  'rescued',
  /** It was damaged and replaced. */
  'repaired',
] as const;
export type ChunkState = (typeof CHUNK_STATES)[number];

/** Consecutive chunks in one state. A map of 20,000 chunks stays small. */
export interface ChunkRun {
  readonly state: ChunkState;
  readonly count: number;
}

/** One file as displayed by the inspector. */
export interface FileInspection {
  readonly path: string;
  readonly size: number;
  readonly algorithm: HashAlgorithm;
  /** Hash by which the Hub names the content. */
  readonly expectedHash: string;
  /** The actual hash; null until all bytes were hashed. */
  readonly foundHash: string | null;
  /** Progress of the hash of the whole file. */
  readonly hashedBytes: number;
  readonly chunkSizeBytes: number;
  /** All chunks in file order. */
  readonly chunkRuns: readonly ChunkRun[];
  /** How its bytes are transferred; absent while none are fetched. */
  readonly transport?: TransportReason;
}

/** One connection that delivers bytes. */
export interface StreamView {
  /** Host the bytes come from. */
  readonly host: string;
  /** Absent while it is asked where they are. */
  readonly kind?: SourceKind;
  /** What people call a peer. */
  readonly name?: string;
  readonly path: string;
  readonly chunk: number;
  readonly bytesPerSecond: number;
  readonly receivedBytes: number;
  /** Time since the last byte, or since it was opened. */
  readonly silentSeconds: number;
}

/** Result of `downloads.inspect`. */
export interface DownloadInspection {
  readonly id: string;
  readonly commit: string | null;
  /** What it has cost so far; absent where it does not run. Progress events do not include it. */
  readonly stats?: DownloadStats;
  readonly files: readonly FileInspection[];
  readonly streams: readonly StreamView[];
  /** The events, oldest first, at most 200. */
  readonly events: readonly EngineEvent[];
}
