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

/** The hash that a file is to have, and parts of it of which there are several copies. */
export interface CopyChoice {
  readonly algorithm: DigestAlgorithm;
  /** What is hashed before the file. */
  readonly prefix: string;
  /** Digest in hex that the file must have. */
  readonly expected: string;
  /** In the order of the file; the copies of each in the order in which they are tried, wherever they lie. */
  readonly parts: ReadonlyArray<{
    readonly start: number;
    readonly end: number;
    readonly copies: readonly FilePart[];
  }>;
}

/** To a hash worker. A `stream` is a hash whose state stays in the worker between messages. */
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
  /** Records and `out` lie in memory that is shared between threads. */
  | { readonly op: 'decode'; readonly batch: RecordBatch; readonly out: Uint8Array }
  | { readonly op: 'choose'; readonly part: FilePart; readonly choice: CopyChoice }
  | { readonly op: 'digest'; readonly stream: number }
  | { readonly op: 'drop'; readonly stream: number }
  | { readonly op: 'safetensors'; readonly path: string }
  | { readonly op: 'written'; readonly path: string; readonly maxBytes: number };

/** Answer values by operation. */
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
  /** Which of its copies each part needs to make the file right, or null when none of the combinations does. */
  readonly choose: readonly number[] | null;
  /** Digest in hex; the stream is gone. */
  readonly digest: string;
  readonly drop: null;
  /** What is wrong with the header, or null. */
  readonly safetensors: string | null;
  /** Pairs of offsets of the parts that hold anything but zeros. */
  readonly written: ReadonlyArray<readonly [number, number]>;
}

/** From a hash worker. `code` is an errno where there is one. */
export type HashReply =
  | { readonly id: number; readonly ok: true; readonly value: HashAnswers[keyof HashAnswers] }
  | { readonly id: number; readonly ok: false; readonly message: string; readonly code: string | null };

/** Stands in place of an errno when it is the data that cannot be used. */
export const MALFORMED = 'MALFORMED';
