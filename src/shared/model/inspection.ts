import type { EngineEvent } from '../contract/events.ts';
import type { DownloadStats, HashAlgorithm } from './download.ts';
import type { TransportReason } from './transport.ts';

/** State of a chunk as the chunk map shows it. */
export const CHUNK_STATES = [
  'waiting',
  /** A stream fetches it now. */
  'receiving',
  /** Some or all of its bytes are here; its hash is not recorded yet. */
  'received',
  /** Its hash is recorded. */
  'done',
  /** As `done` or `received`, from bytes that were on disk before. */
  'rescued',
  /** Was damaged and replaced. */
  'repaired',
] as const;
export type ChunkState = (typeof CHUNK_STATES)[number];

/** Chunks in a row that are in one state. A map of 20,000 chunks stays small. */
export interface ChunkRun {
  readonly state: ChunkState;
  readonly count: number;
}

/** One file as the inspector shows it. */
export interface FileInspection {
  readonly path: string;
  readonly size: number;
  readonly algorithm: HashAlgorithm;
  /** Hash by which the Hub names the content. */
  readonly expectedHash: string;
  /** Hash that was found; null until all bytes were hashed. */
  readonly foundHash: string | null;
  /** How far the hash of the whole file is. */
  readonly hashedBytes: number;
  readonly chunkSizeBytes: number;
  /** All chunks in file order. */
  readonly chunkRuns: readonly ChunkRun[];
  /** How its bytes come; absent while none are fetched. */
  readonly transport?: TransportReason;
}

/** One connection that brings bytes. */
export interface StreamView {
  /** Host the bytes come from. */
  readonly host: string;
  readonly path: string;
  readonly chunk: number;
  readonly bytesPerSecond: number;
  readonly receivedBytes: number;
  /** Time since the last byte, or since it was opened. */
  readonly silentSeconds: number;
}

/** Answer of `downloads.inspect`. */
export interface DownloadInspection {
  readonly id: string;
  readonly commit: string | null;
  /** What it cost up to now; absent where it does not run. Events of progress do not carry it. */
  readonly stats?: DownloadStats;
  readonly files: readonly FileInspection[];
  readonly streams: readonly StreamView[];
  /** What happened, oldest first, at most 200. */
  readonly events: readonly EngineEvent[];
}
