import type { Precision } from '../../../../../shared/model/catalog.ts';
import type { Header } from '../../safetensors/header.ts';
import type { ChooseRole } from '../plan-file.ts';
import type { Recipe } from '../recipe.ts';

/** A model on disk as far as its layout is concerned. */
export interface SourceModel {
  /** Paths of all files of the snapshot. */
  readonly paths: readonly string[];
  /** Content of `config.json`; null when there is none. */
  readonly config: Readonly<Record<string, unknown>> | null;
  /** Headers of its weights by path. */
  readonly headers: ReadonlyMap<string, Header>;
}

/** What is known of one family of models: how its tensors are named, and what its programs expect of a folder. */
export interface ModelLayout {
  readonly id: 'moshi' | 'parakeet' | 'language-model';
  /** Its files of weights among the paths of a snapshot. */
  weightsOf(paths: readonly string[]): readonly string[];
  /** The recipe of a variant; null when the programs of this family cannot load such a one. */
  recipeOf(variant: Precision): Recipe | null;
  /** What becomes of each tensor. Throws `BadRequest` when the weights are not what they should be. */
  rolesOf(source: SourceModel, recipe: Recipe): ChooseRole;
  /** Name of the file that is made from a file of weights. */
  targetPath(path: string, variant: Precision): string;
  /** True for a file that belongs beside the weights as it is. */
  isCompanion(path: string): boolean;
  /** Small files that are written anew: path → content. */
  writes(
    source: SourceModel,
    recipe: Recipe,
    variant: Precision,
    made: MadeWeights,
  ): ReadonlyMap<string, string>;
}

/** What the files of weights will hold. */
export interface MadeWeights {
  /** Name of each tensor → its file. */
  readonly files: ReadonlyMap<string, string>;
  /** Bytes of all tensors. */
  readonly totalBytes: number;
  /** Numbers in the source. */
  readonly parameters: number;
}
