import type { AddDownload } from '../../shared/contract/commands.ts';
import { AppError } from '../../shared/contract/errors.ts';
import type { CatalogVariant, Precision } from '../../shared/model/catalog.ts';
import { revisionSegments } from '../cache/layout.ts';
import { localSnapshot } from '../cache/resolve-local.ts';
import { chooseVariant } from '../catalog/choose-variant.ts';
import { findModel } from '../catalog/find-model.ts';
import type { EngineParts } from '../engine-parts.ts';
import { fitModel } from '../hardware/fit-model.ts';
import type { Endpoint } from '../hub/endpoint.ts';
import { parseReference, type Reference } from '../hub/reference.ts';
import type { DownloadTarget } from '../queue/download-target.ts';
import { literalPattern } from '../queue/selection.ts';
import { sourceVariant } from './build-target.ts';

/** The target of a reference, with the catalog's variant if it came from the catalog. */
export interface ResolvedTarget {
  readonly target: DownloadTarget;
  readonly variant: CatalogVariant | null;
  readonly wish: AddDownload;
}

/** Turns the user's input into a repository and a file selection. */
export async function resolveTarget(wish: AddDownload, parts: EngineParts): Promise<ResolvedTarget> {
  const reference = checkedReference(wish, parts.hub.endpoint);
  if (reference.kind === 'repo') {
    const revision = wish.revision ?? reference.revision ?? 'main';
    const target = { repo: reference.repo, revision, model: null, variant: null };
    const inside = reference.path === undefined ? [] : pathPatterns(reference.path);
    const files = [...(reference.files ?? []), ...wish.files].map(literalPattern);
    const include = [...wish.include, ...(reference.include ?? []), ...inside, ...files];
    const exclude = [...wish.exclude, ...(reference.exclude ?? [])];
    return { target, variant: null, wish: { ...wish, include, exclude } };
  }
  const model = findModel(await parts.catalog(), reference.id);
  const variant =
    wish.make === undefined
      ? chooseVariant(model, wish.variant, fitModel(model, await parts.hardware()))
      : sourceVariant(model, wish.make);
  const revision = wish.revision ?? variant.revision;
  revisionSegments(revision);
  const named = { ...wish, include: [...wish.include, ...wish.files.map(literalPattern)] };
  return {
    target: { repo: variant.repo, revision, model: model.id, variant: variant.id },
    variant,
    wish: named,
  };
}

/** A user's input about a model, as far as it can be checked without a catalog, a cache or a Hub. */
export interface WrittenReference {
  readonly reference: string;
  readonly variant?: 'auto' | Precision | undefined;
  readonly revision?: string | undefined;
}

/**
 * Parses the input, and rejects what no catalog, cache or Hub could make right. A caller that owns nothing yet may call
 * this first, so that a typo never waits for another program. Throws `BadRequest` or `PathUnsafe`.
 */
export function checkedReference(written: WrittenReference, endpoint: Endpoint): Reference {
  const reference = parseReference(written.reference, endpoint);
  if (reference.kind === 'repo' && written.variant !== undefined && written.variant !== 'auto') {
    throw new AppError('BadRequest', 'Only models of the catalog have variants; a repository has files.', {
      details: { remedy: 'choose-files' },
    });
  }
  const revision = written.revision ?? (reference.kind === 'repo' ? reference.revision : undefined);
  // It will be the name of a file: better rejected now than after the download.
  if (revision !== undefined) revisionSegments(revision);
  return reference;
}

/** A pasted URL may end in a file or a folder. */
function pathPatterns(path: string): readonly string[] {
  return [literalPattern(path), `${literalPattern(path)}/**`];
}

/** An installed model that a reference stands for. */
export interface InstalledTarget {
  readonly repo: string;
  readonly revision: string;
  readonly path: string;
  readonly commit: string;
}

/**
 * Returns the repositories of a reference that are in the cache, the recommended variant first. Throws `NotFound` when
 * none is.
 */
export async function installedTargets(
  args: {
    readonly reference: string;
    readonly revision?: string | undefined;
    readonly variant?: Precision | undefined;
  },
  parts: EngineParts,
): Promise<readonly [InstalledTarget, ...InstalledTarget[]]> {
  const candidates = await candidatesOf(args, parts);
  const found: InstalledTarget[] = [];
  for (const { repo, revision } of candidates) {
    const snapshot = await localSnapshot({ cacheDir: parts.cacheDir, repo, revision });
    if (snapshot) found.push({ repo, revision, ...snapshot });
  }
  const [first, ...rest] = found;
  if (first) return [first, ...rest];
  throw new AppError('NotFound', `${args.reference} isn’t in ${parts.cacheDir}.`, {
    details: { remedy: 'see-library' },
  });
}

async function candidatesOf(
  { reference: text, revision, variant: only }: Parameters<typeof installedTargets>[0],
  parts: EngineParts,
): Promise<ReadonlyArray<{ readonly repo: string; readonly revision: string }>> {
  const reference = parseReference(text, parts.hub.endpoint);
  if (reference.kind === 'repo') {
    return [{ repo: reference.repo, revision: revision ?? reference.revision ?? 'main' }];
  }
  const model = findModel(await parts.catalog(), reference.id);
  const { recommended } = fitModel(model, await parts.hardware());
  return model.variants
    .filter(({ id }) => only === undefined || id === only)
    .sort((a, b) => Number(b.id === recommended) - Number(a.id === recommended))
    .map((variant) => ({ repo: variant.repo, revision: revision ?? variant.revision }));
}
