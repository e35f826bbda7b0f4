/**
 * The Hub's data about a model besides its files. Absent keys are left out of responses, as the Hub does for what it
 * does not know; the shapes are those of `ModelInfo` in huggingface_hub (hf_api.py).
 */
export interface ListedFacts {
  readonly downloads?: number;
  readonly likes?: number;
  readonly trendingScore?: number;
  /** ISO times. */
  readonly createdAt?: string;
  readonly lastModified?: string;
  /** The task. */
  readonly pipeline_tag?: string;
  readonly library_name?: string;
  readonly tags?: readonly string[];
  readonly cardData?: Readonly<Record<string, unknown>>;
  readonly config?: Readonly<Record<string, unknown>>;
  /** Parameters by dtype, and all of them. */
  readonly safetensors?: { readonly parameters: Readonly<Record<string, number>>; readonly total: number };
  /** `total` counts parameters; the rest is from the header of one of the files. */
  readonly gguf?: {
    readonly total: number;
    readonly architecture?: string;
    readonly context_length?: number;
    readonly [key: string]: unknown;
  };
  readonly childrenModelCount?: Readonly<Record<string, number>>;
}
