import type { RecordBatch } from '../sources/xet/format/decode-records.ts';
import type { Cutting, Pieces } from './pieces.ts';

/** Digest algorithms of the hash workers. */
export type DigestAlgorithm = 'sha256' | 'sha1';

/** Part of a file; `end` is exclusive. */
export interface FilePart {
  readonly path: string;
  readonly start: number;
  readonly end: number;
}

/** The expected hash of a file, and parts of it that have several copies. */
export interface CopyChoice {
  readonly algorithm: DigestAlgorithm;
  /** Hashed before the file. */
  readonly prefix: string;
  /** Expected digest of the file in hex. */
  readonly expected: string;
  /** In the order of the file; the copies of each in the order in which they are tried, wherever they are. */
  readonly parts: ReadonlyArray<{
    readonly start: number;
    readonly end: number;
    readonly copies: readonly FilePart[];
  }>;
}

/** A message to a hash worker. A `stream` is a hash whose state stays in the worker between messages. */
export type HashRequest =
  | { readonly op: 'hash'; readonly part: FilePart; readonly algorithm: DigestAlgorithm }
  | {
      readonly op: 'open';
      readonly stream: number;
      readonly algorithm: DigestAlgorithm;
      readonly prefix: string;
      /** Whether each feed is answered with the CRCs of its blocks. */
      readonly blocks: boolean;
    }
  | { readonly op: 'feed'; readonly stream: number; readonly part: FilePart }
  | { readonly op: 'blocks'; readonly part: FilePart }
  | { readonly op: 'pieces'; readonly part: FilePart; readonly cutting: Cutting }
  /** Records and `out` are in memory shared between threads. */
  | { readonly op: 'decode'; readonly batch: RecordBatch; readonly out: Uint8Array }
  | { readonly op: 'choose'; readonly part: FilePart; readonly choice: CopyChoice }
  | { readonly op: 'digest'; readonly stream: number }
  | { readonly op: 'drop'; readonly stream: number }
  | { readonly op: 'safetensors'; readonly path: string }
  | { readonly op: 'written'; readonly path: string; readonly maxBytes: number };

/** Results by operation. */
export interface HashAnswers {
  /** Digest in hex. */
  readonly hash: string;
  readonly open: null;
  /** CRC-32 of each block that the part touches, or null. */
  readonly feed: Uint32Array | null;
  /** The same, without a hash. */
  readonly blocks: Uint32Array;
  readonly pieces: Pieces;
  /** The chunks are in `out`. */
  readonly decode: null;
  /** The copy of each part that makes the file correct, or null when no combination does. */
  readonly choose: readonly number[] | null;
  /** Digest in hex; the stream has ended. */
  readonly digest: string;
  readonly drop: null;
  /** What is wrong with the header, or null. */
  readonly safetensors: string | null;
  /** Pairs of offsets of the parts that contain anything but zeros. */
  readonly written: ReadonlyArray<readonly [number, number]>;
}

/** A message from a hash worker. `code` is an errno if there is one. */
export type HashReply =
  | { readonly id: number; readonly ok: true; readonly value: HashAnswers[keyof HashAnswers] }
  | { readonly id: number; readonly ok: false; readonly message: string; readonly code: string | null };

/** Used instead of an errno when the data itself is unusable. */
export const MALFORMED = 'MALFORMED';
