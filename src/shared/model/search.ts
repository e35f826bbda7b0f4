import type { Verdict } from './hardware.ts';

/** Which programs can read a weights file. */
export const WEIGHT_FORMATS = ['mlx', 'gguf', 'safetensors', 'pytorch', 'onnx', 'other'] as const;
export type WeightFormat = (typeof WEIGHT_FORMATS)[number];

/** Orders of search results, most first. */
export const SEARCH_SORTS = ['downloads', 'likes', 'modified', 'trending'] as const;
export type SearchSort = (typeof SEARCH_SORTS)[number];

/** How well any model would run on this computer. */
export interface Suitability {
  /** Null when there is nothing to judge by. */
  readonly verdict: Verdict | null;
  /** False only where the weights' size and the model's shape are known. */
  readonly estimated: boolean;
  /** Memory needed to run, in bytes. */
  readonly neededBytes: number | null;
  /** Upper bound: each token reads all weights once. Null where that does not apply to the model. */
  readonly mostTokensPerSecond: number | null;
  /** Sentences with the numbers behind the verdict. */
  readonly reasons: readonly string[];
}

/** A repository found by search. Values the Hub did not report are null. */
export interface FoundModel {
  readonly repo: string;
  readonly downloads: number | null;
  readonly likes: number | null;
  /** ISO time. */
  readonly updatedAt: string | null;
  /** Its purpose in the Hub's vocabulary: `text-generation`. */
  readonly task: string | null;
  readonly license: string | null;
  /** Who may have its files. False: everybody; `auto`: everybody who asks; `manual`: whom its owners choose. */
  readonly gated: false | 'auto' | 'manual';
  readonly format: WeightFormat;
  /** How its weights are stored, for people: `4-bit`, `BF16`. */
  readonly precision: string | null;
  readonly parameters: number | null;
  /** Bytes of its weights: of one file to choose from where it has several. */
  readonly bytes: number | null;
  /** True when `bytes` is an estimate. */
  readonly approximate: boolean;
  /** Of GGUF, as its header says: what reads it must know this architecture. Absent where the Hub does not say. */
  readonly architecture?: string;
  /** Of GGUF: the most tokens that it can look back on. Absent where the Hub does not say. */
  readonly contextTokens?: number;
  /** The model that this one is a smaller version of. */
  readonly quantizedFrom: string | null;
  readonly suitability: Suitability;
  /** How much of it is on this computer. */
  readonly here: 'whole' | 'partly' | null;
}

/** One page of results. */
export interface SearchPage {
  readonly models: readonly FoundModel[];
  /** Requests the next page; null on the last one. */
  readonly cursor: string | null;
  /** True when no server was asked: results are from the library and earlier searches. */
  readonly offline: boolean;
  /** Why no server was asked, or why it did not answer; null when one did. */
  readonly offlineReason: string | null;
}

/** A model and the smaller versions of it that were found, the one that suits this computer best first. */
export interface FoundGroup {
  /** The repository that the others were made from; it need not be among them. */
  readonly base: string;
  readonly variants: readonly [FoundModel, ...FoundModel[]];
}

/** The card of a repository, before anything is downloaded. */
export interface ModelCard {
  readonly model: FoundModel;
  /** Its README without the front matter, at most {@link MAX_CARD_CHARACTERS}; hostile text. Null without one. */
  readonly readme: string | null;
  /** True when the README is longer than this part. */
  readonly shortened: boolean;
  /** Why there is no README to show, in a sentence; null when there is one or none was written. */
  readonly readmeProblem: string | null;
  /** Its page on the Hub. */
  readonly pageUrl: string;
}

/** A longer card is truncated: nobody reads it in the app, and every character is drawn. */
export const MAX_CARD_CHARACTERS = 200_000;
