import type { Hardware } from '../../../shared/model/hardware.ts';
import type { FoundModel } from '../../../shared/model/search.ts';
import { fitAny } from '../../hardware/fit-any.ts';
import { listedWeights } from '../../hardware/listed-weights.ts';
import type { ListedModel } from '../../hub/models-listing.ts';

/** Tasks whose models generate token by token. */
const WRITES_TEXT: ReadonlySet<string> = new Set([
  'text-generation',
  'text2text-generation',
  'image-text-to-text',
  'audio-text-to-text',
  'any-to-any',
]);

/** Adds to the Hub's listing what it means on this computer. */
export function judgeFound(listed: ListedModel, hardware: Hardware, here: FoundModel['here']): FoundModel {
  const { repo, downloads, likes, updatedAt, task, license, gated, baseModel } = listed;
  const { format, precision, parameters, bytes, isExact } = listedWeights({
    ...listed,
    ggufParameters: listed.gguf?.parameters ?? null,
  });
  const suitability = fitAny(
    {
      bytes,
      isExact,
      runtime: format === 'mlx' ? 'mlx' : 'other',
      shape: null,
      writesText: writesText(task),
    },
    hardware,
  );
  const { architecture = null, contextLength = null } = listed.gguf ?? {};
  const quantizedFrom = baseModel?.relation === 'quantized' ? baseModel.id : null;
  return {
    ...{ repo, downloads, likes, updatedAt, task, license, gated },
    ...{ format, precision, parameters, bytes, approximate: !isExact, quantizedFrom, suitability, here },
    ...(architecture === null ? {} : { architecture }),
    ...(contextLength === null ? {} : { contextTokens: contextLength }),
  };
}

/** Returns whether a model of this task generates token by token. */
export function writesText(task: string | null): boolean {
  return task !== null && WRITES_TEXT.has(task);
}
