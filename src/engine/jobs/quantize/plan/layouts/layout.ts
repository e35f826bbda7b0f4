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

/** A family of models: how its tensors are named, and what its programs expect of a folder. */
export interface ModelLayout {
  readonly id: 'moshi' | 'parakeet' | 'language-model';
  /** Returns its files of weights among the paths of a snapshot. */
  weightsOf(paths: readonly string[]): readonly string[];
  /** Returns the recipe of a variant; null when the programs of this family cannot load it. */
  recipeOf(variant: Precision): Recipe | null;
  /** Returns what to do with each tensor. Throws `BadRequest` when the weights are not as expected. */
  rolesOf(source: SourceModel, recipe: Recipe): ChooseRole;
  /** Returns the name of the file built from a file of weights. */
  targetPath(path: string, variant: Precision): string;
  /** True for a file that belongs next to the weights unchanged. */
  isCompanion(path: string): boolean;
  /** Returns small files that are rewritten: path → content. */
  writes(
    source: SourceModel,
    recipe: Recipe,
    variant: Precision,
    made: MadeWeights,
  ): ReadonlyMap<string, string>;
}

/** Contents of the output files of weights. */
export interface MadeWeights {
  /** Name of each tensor → its file. */
  readonly files: ReadonlyMap<string, string>;
  /** Bytes of all tensors. */
  readonly totalBytes: number;
  /** Numbers in the source. */
  readonly parameters: number;
}
