import type { Bits, GroupSize, ValueFormat } from '../arithmetic/kernel.ts';

/** A range of an output file. */
export interface TargetRange {
  readonly start: number;
  readonly bytes: number;
}

/** A range of one source tensor and the destinations of its results. All offsets count from the start of a file. */
export interface Piece {
  /** Name of the source tensor, for messages. */
  readonly tensor: string;
  /** True when it is the whole tensor. */
  readonly isWhole: boolean;
  readonly action: PieceAction;
  readonly sourceStart: number;
  readonly sourceBytes: number;
  /** Codes, scales and biases; or the one range of a copy or a cast. */
  readonly targets: readonly TargetRange[];
}

/** What to do with the bytes of a piece. */
export type PieceAction =
  | {
      readonly kind: 'affine';
      readonly bits: Bits;
      readonly groupSize: GroupSize;
      readonly format: ValueFormat;
    }
  | { readonly kind: 'cast' }
  | { readonly kind: 'copy'; readonly dtype: string };

/** The smallest amount of work that is done at once, recorded and checked: at most 8 MiB of the source. */
export interface Unit {
  readonly index: number;
  /** Index of its file. */
  readonly file: number;
  readonly pieces: readonly Piece[];
  readonly sourceBytes: number;
  readonly targetBytes: number;
}
