import { formatBytes } from '../../shared/format/bytes.ts';
import { formatCount } from '../../shared/format/count.ts';
import { formatDay } from '../../shared/format/day.ts';
import { groupModels } from '../../shared/model/group-models.ts';
import type { FoundModel } from '../../shared/model/search.ts';
import type { Column } from './table.ts';
import { verdictWord } from './words.ts';

/** Columns of search results. */
export const SEARCH_COLUMNS: readonly Column[] = [
  { title: 'MODEL' },
  { title: 'WEIGHTS' },
  { title: 'SIZE', align: 'right' },
  { title: 'FIT' },
  { title: 'DOWNLOADS', align: 'right' },
  { title: 'UPDATED' },
  { title: 'LICENSE' },
  { title: 'NOTE' },
];

/**
 * Returns one row per model; smaller versions of one model are grouped, the one that suits this computer best first.
 */
export function searchRows(models: readonly FoundModel[]): ReadonlyArray<readonly string[]> {
  return groupModels(models).flatMap(({ variants }) =>
    variants.map((model, at) => rowOf(model, at === 0 ? '' : '  ')),
  );
}

function rowOf(model: FoundModel, indent: string): readonly string[] {
  const { repo, format, precision, bytes, suitability, downloads, updatedAt, license } = model;
  const about = model.approximate ? 'about ' : '';
  return [
    `${indent}${repo}`,
    [formatWord(format), precision].filter((word) => word !== null).join(' '),
    bytes === null ? '' : `${about}${formatBytes(bytes)}`,
    suitability.verdict === null ? '' : verdictWord(suitability.verdict),
    downloads === null ? '' : formatCount(downloads),
    updatedAt === null ? '' : formatDay(updatedAt),
    license ?? '',
    notesOf(model),
  ];
}

function notesOf({ gated, here }: FoundModel): string {
  const access = gated === false ? [] : ['needs access'];
  const place = here === null ? [] : [here === 'whole' ? 'on this computer' : 'partly on this computer'];
  return [...access, ...place].join(', ');
}

function formatWord(format: FoundModel['format']): string {
  return {
    mlx: 'MLX',
    gguf: 'GGUF',
    safetensors: 'Safetensors',
    pytorch: 'PyTorch',
    onnx: 'ONNX',
    other: '',
  }[format];
}

/** Shape of `search --json`. */
export function searchJson(models: readonly FoundModel[], offline: boolean): unknown {
  return {
    offline,
    models: models.map((model) => ({
      id: model.repo,
      downloads: model.downloads,
      likes: model.likes,
      updated: model.updatedAt,
      task: model.task,
      license: model.license,
      gated: model.gated,
      format: model.format,
      precision: model.precision,
      parameters: model.parameters,
      bytes: model.bytes,
      approximate: model.approximate,
      baseModel: model.quantizedFrom,
      fit: model.suitability.verdict,
      estimated: model.suitability.estimated,
      neededBytes: model.suitability.neededBytes,
      reasons: model.suitability.reasons,
      here: model.here,
    })),
  };
}
