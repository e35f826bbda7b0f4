import type { Suitability, WeightFormat } from './search.ts';

/** Files that together are one copy of a model's weights: one of several in a repository. */
export interface WeightSet {
  /** Unique within its repository. */
  readonly id: string;
  /** For people: `4-bit, medium`, `Safetensors`. */
  readonly title: string;
  /** One sentence on what choosing it means. */
  readonly words: string;
  /** The experts' name: `Q4_K_M`, `fp16`; null where there is none. */
  readonly code: string | null;
  readonly format: WeightFormat;
  readonly paths: readonly string[];
  readonly bytes: number;
  /** From 0, broken, to 100, as trained. Null where unknown. */
  readonly quality: number | null;
}

/** A set, and how it would run on this computer. */
export interface JudgedSet extends WeightSet {
  readonly suitability: Suitability;
}

/** Which files of a repository to take. */
export interface FileChoice {
  readonly repo: string;
  readonly commit: string;
  /** From best to smallest; empty when the repository has no weights. */
  readonly sets: readonly JudgedSet[];
  /** Id of the set to take; null when there is nothing to choose. */
  readonly proposed: string | null;
  /** The reason for the proposal, in a sentence. */
  readonly why: string;
  /** What is not taken, in a sentence; empty when everything is. */
  readonly leftOut: string;
  /** Files that go with every set: configuration, tokenizer, license. */
  readonly companions: readonly string[];
  readonly companionBytes: number;
}
