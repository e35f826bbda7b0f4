import { repositoryIdSchema } from '../../shared/model/catalog.ts';
import { type ArrayLimits, readArray } from '../json/read-array.ts';
import { legacyName } from './legacy-names.ts';
import { ShapeProblem } from './shape-problem.ts';

/** A model as listed by the Hub. Missing or invalid fields are null. */
export interface ListedModel {
  readonly repo: string;
  readonly downloads: number | null;
  readonly likes: number | null;
  readonly updatedAt: string | null;
  readonly task: string | null;
  readonly library: string | null;
  readonly license: string | null;
  readonly gated: false | 'auto' | 'manual';
  readonly tags: readonly string[];
  /** Parameters by dtype, from safetensors headers. */
  readonly dtypes: ReadonlyArray<readonly [string, number]> | null;
  /** The total, when the dtypes are not listed. */
  readonly safetensorsParameters: number | null;
  /** Parameters of a GGUF repository, and the model's shape as far as its header contains it. */
  readonly gguf: {
    readonly parameters: number | null;
    readonly architecture: string | null;
    readonly contextLength: number | null;
  } | null;
  readonly baseModel: { readonly id: string; readonly relation: string } | null;
}

/** Chat templates, which come with `gguf`, can have tens of kilobytes. */
const LIMITS: ArrayLimits = { maxElements: 1000, maxElementBytes: 512 * 1024, maxRestBytes: 1 << 16 };
const MAX_TAGS = 100;
const MAX_DTYPES = 30;
/** No model has more parameters, downloads or bytes than this; a larger number is made up. */
const MAX_NUMBER = 1e15;
/** Names from the Hub's own vocabulary: tasks, libraries, licenses, relations, architectures. */
const NAME = /^[A-Za-z0-9][\w.+-]{0,79}$/;
const TAG = /^[\w.+:/-]{1,160}$/;

/**
 * Reads a page of models, one by one. An entry without a usable id is skipped: one bad row must not cost the others.
 * Throws `ShapeProblem` when none of several can be used, and `JsonProblem`.
 */
export function readModels(bytes: Uint8Array, onModel: (model: ListedModel) => void): void {
  let seen = 0;
  let used = 0;
  const rest = readArray(bytes, null, LIMITS, (element) => {
    seen += 1;
    const model = listedModel(element);
    if (model === null) return;
    used += 1;
    onModel(model);
  });
  if (!Array.isArray(rest)) throw new ShapeProblem('no list');
  if (seen > 0 && used === 0) throw new ShapeProblem('no entry is a model');
}

/**
 * Reads one entry; returns null when its id is not valid for a repository. The response about a single model has the
 * same form.
 */
export function listedModel(value: unknown): ListedModel | null {
  const entry = recordOf(value);
  const id = repositoryOf(entry?.id ?? entry?.modelId);
  if (entry === null || id === null) return null;
  const tags = listOf(entry.tags).filter((tag) => typeof tag === 'string' && TAG.test(tag)) as string[];
  return {
    repo: id,
    downloads: count(entry.downloads),
    likes: count(entry.likes),
    updatedAt: isoTime(entry.lastModified) ?? isoTime(entry.createdAt),
    task: name(entry.pipeline_tag),
    library: name(entry.library_name),
    license: licenseOf(tags),
    gated: gatedOf(entry.gated),
    tags: tags.slice(0, MAX_TAGS),
    ...weightsOf(recordOf(entry.safetensors)),
    gguf: ggufOf(recordOf(entry.gguf)),
    baseModel: baseModelOf(recordOf(entry.baseModels), tags),
  };
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> | null {
  const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isRecord ? (value as Readonly<Record<string, unknown>>) : null;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value.slice(0, MAX_TAGS * 10) : [];
}

function isRepository(value: unknown): value is string {
  return typeof value === 'string' && repositoryIdSchema.safeParse(value).success;
}

/** Older servers list models from before organizations by their single names. */
function repositoryOf(value: unknown): string | null {
  if (isRepository(value)) return value;
  return typeof value === 'string' ? (legacyName(value) ?? null) : null;
}

function count(value: unknown): number | null {
  return typeof value === 'number' && value >= 0 && value <= MAX_NUMBER ? Math.round(value) : null;
}

function name(value: unknown): string | null {
  return typeof value === 'string' && NAME.test(value) ? value : null;
}

function isoTime(value: unknown): string | null {
  const isTime = typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]{5,15}(Z|[+-]\d\d:?\d\d)$/.test(value);
  const time = isTime ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? null : new Date(time).toISOString();
}

function gatedOf(value: unknown): ListedModel['gated'] {
  if (value === 'auto') return 'auto';
  return value === true || typeof value === 'string' ? 'manual' : false;
}

function licenseOf(tags: readonly string[]): string | null {
  return name(tags.find((tag) => tag.startsWith('license:'))?.slice('license:'.length));
}

function weightsOf(safetensors: Readonly<Record<string, unknown>> | null) {
  const dtypes = dtypesOf(recordOf(safetensors?.parameters));
  return { dtypes, safetensorsParameters: dtypes === null ? count(safetensors?.total) : null };
}

function dtypesOf(parameters: Readonly<Record<string, unknown>> | null): ListedModel['dtypes'] {
  if (parameters === null) return null;
  const known = Object.entries(parameters)
    .slice(0, MAX_DTYPES)
    .flatMap(([dtype, value]) => {
      const parametersOfIt = count(value);
      return NAME.test(dtype) && parametersOfIt !== null ? [[dtype, parametersOfIt] as const] : [];
    });
  return known.length === 0 ? null : known;
}

function ggufOf(gguf: Readonly<Record<string, unknown>> | null): ListedModel['gguf'] {
  if (gguf === null) return null;
  return {
    parameters: count(gguf.total),
    architecture: name(gguf.architecture),
    contextLength: count(gguf.context_length),
  };
}

/** From `baseModels`, else from a tag `base_model:RELATION:org/name`, which older servers have as well. */
function baseModelOf(
  baseModels: Readonly<Record<string, unknown>> | null,
  tags: readonly string[],
): ListedModel['baseModel'] {
  const [first] = listOf(baseModels?.models);
  const id = recordOf(first)?.id;
  const relation = name(baseModels?.relation);
  if (isRepository(id) && relation !== null) return { id, relation };
  for (const tag of tags) {
    const [, said = '', base = ''] = /^base_model:([a-z]+):(.+)$/.exec(tag) ?? [];
    if (said !== '' && isRepository(base)) return { id: base, relation: said };
  }
  return null;
}
