import { isKnownLanguageModel, languageModel, modelTypeOf } from './language-model.ts';
import type { ModelLayout, SourceModel } from './layout.ts';
import { isMoshi, moshi } from './moshi.ts';
import { isParakeet, parakeet } from './parakeet.ts';
import { notOffered } from './refusal.ts';

/** Returns the layouts that can be identified by the configuration alone; for others the weights must be examined. */
export function layoutOfConfig(config: SourceModel['config']): ModelLayout {
  if (isKnownLanguageModel(config)) return languageModel;
  return isParakeet(config) ? parakeet : moshi;
}

/** Throws `BadRequest` unless the weights have the layout that the configuration promises. */
export function requireLayout(layout: ModelLayout, { config, headers }: SourceModel): void {
  if (headers.size === 0) throw notOffered('There are no weights in the safetensors format in this model.');
  if (layout !== moshi) return;
  const names = [...headers.values()].flatMap(({ tensors }) => tensors.map(({ name }) => name));
  if (isMoshi(names)) return;
  const type = modelTypeOf(config);
  throw notOffered(
    `Haulyard does not know how this architecture is quantized yet${type === null ? '' : ` (model_type ${type})`}.`,
  );
}
