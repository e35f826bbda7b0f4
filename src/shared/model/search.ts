import type { Verdict } from './hardware.ts';

/** What a weights file is for: which programs can read it. */
export const WEIGHT_FORMATS = ['mlx', 'gguf', 'safetensors', 'pytorch', 'onnx', 'other'] as const;
export type WeightFormat = (typeof WEIGHT_FORMATS)[number];

/** Orders in which search gives what it found, most first. */
export const SEARCH_SORTS = ['downloads', 'likes', 'modified', 'trending'] as const;
export type SearchSort = (typeof SEARCH_SORTS)[number];

/** How well any model would run on this computer. */
export interface Suitability {
  /** Null where nothing is known to judge by. */
  readonly verdict: Verdict | null;
  /** False only where the weights' size and the model's shape are known. */
  readonly estimated: boolean;
  /** Memory that it takes to run, in bytes. */
  readonly neededBytes: number | null;
  /** More than this cannot be: each token reads all weights once. Null where that says nothing of the model. */
  readonly mostTokensPerSecond: number | null;
  /** Sentences with the numbers behind the verdict. */
  readonly reasons: readonly string[];
}

/** A repository as search found it. What the Hub did not say is null. */
export interface FoundModel {
  readonly repo: string;
  readonly downloads: number | null;
  readonly likes: number | null;
  /** ISO time. */
  readonly updatedAt: string | null;
  /** What it is for, as the Hub calls it: `text-generation`. */
  readonly task: string | null;
  readonly license: string | null;
  /** Whether its files are given to everybody; `auto`: to everybody who asks; `manual`: to whom its owners choose. */
  readonly gated: false | 'auto' | 'manual';
  readonly format: WeightFormat;
  /** How its weights are stored, for people: `4-bit`, `BF16`. */
  readonly precision: string | null;
  readonly parameters: number | null;
  /** Bytes of its weights: of one file to choose from where it has several. */
  readonly bytes: number | null;
  /** True when `bytes` is an estimate. */
  readonly approximate: boolean;
  /** The model that this one is a smaller version of. */
  readonly quantizedFrom: string | null;
  readonly suitability: Suitability;
  /** What of it is on this computer. */
  readonly here: 'whole' | 'partly' | null;
}

/** One page of what was found. */
export interface SearchPage {
  readonly models: readonly FoundModel[];
  /** Asks for the next page; null on the last one. */
  readonly cursor: string | null;
  /** True when no server was asked: what is here and what was seen before. */
  readonly offline: boolean;
  /** Why no server was asked, or why it did not answer; null when one did. */
  readonly offlineReason: string | null;
}

/** A model and the smaller versions of it that were found, the one that suits this computer first. */
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
  /** True when the README is longer than what is here. */
  readonly shortened: boolean;
  /** Why there is no README to show, in a sentence; null when there is one or none was written. */
  readonly readmeProblem: string | null;
  /** Its page on the Hub. */
  readonly pageUrl: string;
}

/** A card longer than this is cut: nobody reads it here, and every character is drawn. */
export const MAX_CARD_CHARACTERS = 200_000;
