import { AppError } from '../../../../shared/contract/errors.ts';
import { type LocalFile, listSnapshot, localSnapshot } from '../../../cache/resolve-local.ts';
import { layoutOfConfig, requireLayout } from '../plan/layouts/find-layout.ts';
import type { ModelLayout, SourceModel } from '../plan/layouts/layout.ts';
import type { Header } from '../safetensors/header.ts';
import { readJsonObject } from './read-config.ts';
import { readHeader } from './read-header.ts';

/** A file of a source with its expected hash. */
export interface SourceFile {
  /** Path in the repository. */
  readonly path: string;
  /** Where its content is. */
  readonly realPath: string;
  readonly size: number;
  /** SHA-256 in hex; null when it is not known on this computer. */
  readonly sha256: string | null;
}

/** A model on disk, ready to be planned. */
export interface Source {
  readonly repo: string;
  readonly commit: string;
  /** The snapshot folder. */
  readonly folder: string;
  readonly layout: ModelLayout;
  readonly model: SourceModel;
  /** In the order of the model's headers. */
  readonly weights: readonly SourceFile[];
  /** Files that belong next to the weights unchanged. */
  readonly companions: readonly SourceFile[];
}

/** The model, and a source for hashes of files that the cache does not name by them. */
export interface SourceQuery {
  readonly cacheDir: string;
  readonly repo: string;
  /** Commit, branch or tag. */
  readonly revision: string;
  readonly hashOf: (commit: string, path: string) => string | null;
}

/**
 * Reads a model from disk: names, configuration, headers. Throws `NotFound` when it is not on this computer or not
 * complete, `BadRequest` when it is not a known kind of model, or a disk error.
 */
export async function readSource(query: SourceQuery): Promise<Source> {
  const { cacheDir, repo, revision } = query;
  const snapshot = await localSnapshot({ cacheDir, repo, revision });
  if (!snapshot) throw notHere(repo, `is not in ${cacheDir}`);
  const files = await listSnapshot(snapshot.path);
  const config = await configOf(files);
  const layout = layoutOfConfig(config);
  const paths = files.map(({ path }) => path);
  const weights = layout.weightsOf(paths).map((path) => fileOf(path, files, snapshot.commit, query));
  await requireEveryPart(files, weights, repo);
  const headers = new Map<string, Header>();
  for (const { path, realPath } of weights) headers.set(path, await readHeader(path, realPath));
  const model = { paths, config, headers };
  requireLayout(layout, model);
  const companions = paths
    .filter((path) => layout.isCompanion(path))
    .map((path) => fileOf(path, files, snapshot.commit, query));
  return { repo, commit: snapshot.commit, folder: snapshot.path, layout, model, weights, companions };
}

function fileOf(path: string, files: readonly LocalFile[], commit: string, query: SourceQuery): SourceFile {
  const file = files.find((each) => each.path === path);
  if (!file || file.realPath === null) throw notHere(query.repo, `lacks ${path}`);
  const named = file.hash?.length === 64 ? file.hash : null;
  return { path, realPath: file.realPath, size: file.size, sha256: named ?? query.hashOf(commit, path) };
}

async function configOf(files: readonly LocalFile[]): Promise<Record<string, unknown> | null> {
  const path = files.find((file) => file.path === 'config.json')?.realPath ?? null;
  return path === null ? null : readJsonObject(path);
}

/** The index of a model in several files names those that must exist. */
async function requireEveryPart(
  files: readonly LocalFile[],
  weights: readonly SourceFile[],
  repo: string,
): Promise<void> {
  const index = files.find(({ path }) => path === 'model.safetensors.index.json')?.realPath ?? null;
  if (index === null) return;
  const { weight_map: map } = await readJsonObject(index);
  const named = new Set(Object.values(typeof map === 'object' && map !== null ? map : {}));
  const missing = [...named].find((name) => !weights.some(({ path }) => path === name));
  if (missing !== undefined) throw notHere(repo, `lacks ${String(missing).slice(0, 200)}`);
}

function notHere(repo: string, why: string): AppError {
  return new AppError('NotFound', `${repo} ${why}.`, {
    details: { source: true, remedy: 'download-first', repo },
  });
}
