import type { FileChoice, JudgedSet, WeightSet } from '../../../shared/model/file-choice.ts';
import { propose } from '../../../shared/weights/propose.ts';
import { sortFiles } from '../../../shared/weights/weight-sets.ts';
import type { EngineParts } from '../../engine-parts.ts';
import { fitAny } from '../../hardware/fit-any.ts';
import { type ModelShape, shapeFromConfig } from '../../hardware/model-shape.ts';
import type { RemoteFile } from '../../hub/hub-client.ts';
import type { ListedModel } from '../../hub/models-listing.ts';
import { writesText } from './judge-found.ts';
import { type Named, repositoryOf } from './repository-of.ts';

/**
 * Decides which of a repository's files to take. Requests the list of files, the facts of the model and its
 * `config.json`.
 */
export async function chooseFiles(named: Named, parts: EngineParts): Promise<FileChoice> {
  const { repo, revision } = await repositoryOf(named, parts);
  const { hub, modelSearch, signal } = parts;
  const [info, listed] = await Promise.all([
    hub.repositoryInfo(repo, revision, signal),
    modelSearch.facts(repo, signal).catch(() => null),
  ]);
  const sorted = sortFiles(info.files);
  const shape = await shapeOf(repo, info.commit, info.files, parts);
  const hardware = await parts.hardware();
  const judge = (set: WeightSet): JudgedSet => {
    const runtime = set.format === 'safetensors' && isMlx(listed) ? 'mlx' : 'other';
    const weights = {
      bytes: set.bytes,
      isExact: true,
      runtime,
      shape,
      writesText: writesText(listed?.task ?? null),
    } as const;
    return { ...set, suitability: fitAny(weights, hardware) };
  };
  return { repo, commit: info.commit, ...propose(sorted.sets.map(judge), sorted) };
}

async function shapeOf(
  repo: string,
  commit: string,
  files: readonly RemoteFile[],
  { modelSearch, signal }: EngineParts,
): Promise<ModelShape | null> {
  if (!files.some(({ path }) => path === 'config.json')) return null;
  const text = await modelSearch.smallFile(repo, commit, 'config.json', signal);
  return text === null ? null : shapeFromConfig(text);
}

function isMlx(listed: ListedModel | null): boolean {
  return listed?.library === 'mlx' || (listed?.tags.includes('mlx') ?? false);
}
