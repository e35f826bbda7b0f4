import { isAbsolute } from 'node:path';
import type { StartBuild } from '../../shared/contract/commands.ts';
import { AppError } from '../../shared/contract/errors.ts';
import type { CatalogModel, CatalogVariant, Precision } from '../../shared/model/catalog.ts';
import { findByRepository, findModel } from '../catalog/find-model.ts';
import type { EngineParts } from '../engine-parts.ts';
import { parseReference } from '../hub/reference.ts';
import type { BuildWish } from '../jobs/quantize/build-wish.ts';
import type { DownloadRow } from '../ledger/downloads.ts';

/** The repository from which a variant is built. */
export interface BuildSourceRef {
  readonly model: CatalogModel | null;
  readonly repo: string;
  readonly revision: string;
}

/**
 * Returns what a variant of the named model is built from. Throws `BadRequest` for a catalog model without this variant
 * to build, `NotFound` for one that is not in the catalog.
 */
export async function buildSource(
  text: string,
  variant: Precision,
  revision: string | undefined,
  parts: Pick<EngineParts, 'catalog' | 'hub'>,
): Promise<BuildSourceRef> {
  const reference = parseReference(text, parts.hub.endpoint);
  if (reference.kind === 'repo') {
    const { repo } = reference;
    const catalog = await parts.catalog().catch(() => null);
    const model = (catalog && findByRepository(catalog, repo)?.model) ?? null;
    return { model, repo, revision: revision ?? reference.revision ?? 'main' };
  }
  const model = findModel(await parts.catalog(), reference.id);
  const source = sourceVariant(model, variant);
  return { model, repo: source.repo, revision: revision ?? source.revision };
}

/**
 * Returns the variant from which another one of the same model is built. Throws `BadRequest` when it cannot be built.
 */
export function sourceVariant(model: CatalogModel, variant: Precision): CatalogVariant {
  const wanted = model.variants.find(({ id }) => id === variant);
  const source = model.variants.find(({ id }) => id === wanted?.makeable?.from);
  if (source) return source;
  const offered = model.variants.filter(({ makeable }) => makeable).map(({ id }) => id);
  const others = offered.length > 0 ? ` What can be made here: ${offered.join(', ')}.` : '';
  throw new AppError(
    'BadRequest',
    `${variant.toUpperCase()} of ${model.name} can’t be made here: no program for this model could load it.${others}`,
  );
}

/**
 * Throws `BadRequest` when a variant of the catalog is not built from what a download provides. What is not in the
 * catalog is judged once its headers are on disk.
 */
export async function requireMakeable(
  { model, repo, variant }: Pick<DownloadRow, 'model' | 'repo' | 'variant'>,
  make: Precision,
  parts: Pick<EngineParts, 'catalog'>,
): Promise<void> {
  if (model === null) return;
  const found = findModel(await parts.catalog(), model);
  if (sourceVariant(found, make).repo === repo) return;
  throw new AppError(
    'BadRequest',
    `${make.toUpperCase()} of ${found.name} is not made from its ${variant?.toUpperCase()}.`,
  );
}

/** Returns the request of `build.plan` and `build.start`. */
export async function buildWish(args: StartBuild, parts: EngineParts, root: string): Promise<BuildWish> {
  if (args.output !== undefined && !isAbsolute(args.output)) {
    throw new AppError('BadRequest', `${args.output} is not an absolute path.`);
  }
  const { model, repo, revision } = await buildSource(args.reference, args.variant, args.revision, parts);
  return {
    model: model?.id ?? null,
    variant: args.variant,
    repo,
    revision,
    cacheDir: parts.cacheDir,
    root: args.output ?? root,
    rule: args.rule,
    workers: args.workers ?? null,
    force: args.force,
  };
}
