import { createHash } from 'node:crypto';
import type { RoundingRule } from '../../../../shared/model/build.ts';
import type { Precision } from '../../../../shared/model/catalog.ts';
import { cutUnits } from './cut-units.ts';
import type { MadeWeights, ModelLayout, SourceModel } from './layouts/layout.ts';
import { notOffered } from './layouts/refusal.ts';
import { countNumbers, type FilePlan, planFile } from './plan-file.ts';
import { RECIPE_VERSION, type Recipe } from './recipe.ts';
import type { Unit } from './unit.ts';

/** A file of weights to be built. */
export interface PlannedFile {
  /** Path of the source in its repository. */
  readonly source: string;
  /** Path in the output folder. */
  readonly target: string;
  readonly sourceBytes: number;
  readonly plan: FilePlan;
}

/** Everything that follows from the headers, before a byte is written. */
export interface BuildPlan {
  readonly layout: ModelLayout;
  readonly recipe: Recipe;
  readonly rule: RoundingRule;
  readonly files: readonly PlannedFile[];
  readonly units: readonly Unit[];
  readonly sourceBytes: number;
  readonly outputBytes: number;
  /** Small files that are rewritten: path → content. */
  readonly writes: ReadonlyMap<string, string>;
  /** Names everything that kept units depend on, besides the source's content: their bytes, and how those are checked. */
  readonly hash: string;
}

/**
 * Plans a variant of a model. A pure function of its headers and configuration. Throws `BadRequest` for what cannot be
 * built here, with the reason.
 */
export function planBuild(
  source: SourceModel,
  layout: ModelLayout,
  variant: Precision,
  rule: RoundingRule,
): BuildPlan {
  const recipe = layout.recipeOf(variant);
  if (recipe === null)
    throw notOffered(`No program for this model could load a ${variant.toUpperCase()} made from it.`);
  const roleOf = layout.rolesOf(source, recipe);
  const files = [...source.headers].map(([path, header]): PlannedFile => {
    const plan = planFile(header, recipe, roleOf);
    return { source: path, target: layout.targetPath(path, variant), sourceBytes: header.fileBytes, plan };
  });
  requireDistinct(files);
  const units: Unit[] = [];
  for (const [index, { plan }] of files.entries()) units.push(...cutUnits(index, units.length, plan.pieces));
  if (units.every(({ pieces }) => pieces.every(({ action }) => action.kind === 'copy'))) {
    throw notOffered('There is nothing in this model that could be made smaller.');
  }
  return {
    layout,
    recipe,
    rule,
    files,
    units,
    sourceBytes: sum(files.map(({ sourceBytes }) => sourceBytes)),
    outputBytes: sum(files.map(({ plan }) => plan.layout.fileBytes)),
    writes: layout.writes(source, recipe, variant, madeWeights(source, files)),
    hash: hashOf(files, recipe, rule),
  };
}

/** The names that quantizing adds must not be taken by other tensors, in this file or another one. */
function requireDistinct(files: readonly PlannedFile[]): void {
  const seen = new Set<string>();
  for (const { plan } of files) {
    for (const name of plan.layout.tensors.keys()) {
      if (seen.has(name)) throw notOffered(`Two tensors of this model would be called ${name}.`);
      seen.add(name);
    }
  }
}

function madeWeights({ headers }: SourceModel, files: readonly PlannedFile[]): MadeWeights {
  const pairs = files.flatMap(({ target, plan }) =>
    [...plan.layout.tensors.keys()].map((name): [string, string] => [name, target]),
  );
  const tensors = [...headers.values()].flatMap((header) => header.tensors);
  const totalBytes = sum(files.map(({ plan }) => plan.layout.fileBytes - plan.layout.head.length));
  return { files: new Map(pairs), totalBytes, parameters: sum(tensors.map(countNumbers)) };
}

/** Rises when rows of units that an older program wrote can no longer be compared. */
const CHECKS_VERSION = 2;

function hashOf(files: readonly PlannedFile[], recipe: Recipe, rule: RoundingRule): string {
  const hash = createHash('sha256');
  hash.update(JSON.stringify([recipe.id, RECIPE_VERSION, rule, CHECKS_VERSION]));
  for (const { source, target, sourceBytes, plan } of files) {
    hash.update(JSON.stringify([source, target, sourceBytes])).update(plan.layout.head);
  }
  return hash.digest('hex');
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
