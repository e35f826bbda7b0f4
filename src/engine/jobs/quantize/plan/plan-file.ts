import { MAX_SOURCE_BYTES, type ValueFormat } from '../arithmetic/kernel.ts';
import { dtypeBytes } from '../safetensors/dtypes.ts';
import type { Header, Tensor } from '../safetensors/header.ts';
import { type FileLayout, layOut, type TensorShape } from '../safetensors/layout.ts';
import type { Recipe } from './recipe.ts';
import type { Piece, PieceAction } from './unit.ts';

/** What to do with one tensor. */
export type TensorRole = 'make' | 'copy' | 'omit';

/** One output file: its layout and the pieces that fill it, in the order of the source. */
export interface FilePlan {
  readonly layout: FileLayout;
  readonly pieces: readonly Piece[];
}

/** Decides what to do with each tensor. Throws `BadRequest` for a model that does not fit the recipe. */
export type ChooseRole = (tensor: Tensor) => TensorRole;

/** Plans one file. A pure function: the same header gives the same plan. */
export function planFile(header: Header, recipe: Recipe, roleOf: ChooseRole): FilePlan {
  const jobs = header.tensors.flatMap((tensor) => {
    const role = roleOf(tensor);
    return role === 'omit' ? [] : [{ tensor, action: actionOf(tensor, role, recipe) }];
  });
  const layout = layOut(jobs.flatMap(({ tensor, action }) => results(tensor, action)));
  return { layout, pieces: jobs.flatMap(({ tensor, action }) => cut(tensor, action, layout)) };
}

function actionOf({ dtype }: Tensor, role: 'make' | 'copy', recipe: Recipe): PieceAction {
  if (role === 'copy') return { kind: 'copy', dtype };
  if (recipe.kind === 'cast') return { kind: 'cast' };
  const format: ValueFormat = dtype === 'F16' ? 'f16' : 'bf16';
  return { kind: 'affine', bits: recipe.bits, groupSize: recipe.groupSize, format };
}

/** The tensors that one source tensor becomes. */
function results({ name, dtype, shape }: Tensor, action: PieceAction): TensorShape[] {
  if (action.kind === 'copy') return [{ name, dtype, shape }];
  if (action.kind === 'cast') return [{ name, dtype: 'BF16', shape }];
  const columns = shape.at(-1) ?? 0;
  const rows = shape.slice(0, -1);
  const { weight, scales, biases } = quantizedNames(name);
  return [
    { name: weight, dtype: 'U32', shape: [...rows, (columns * action.bits) / 32] },
    { name: scales, dtype, shape: [...rows, columns / action.groupSize] },
    { name: biases, dtype, shape: [...rows, columns / action.groupSize] },
  ];
}

/** Names of the three tensors in place of `X.weight`. Source: MLX, python/mlx/nn/layers/quantized.py. */
function quantizedNames(name: string) {
  const module = name.replace(/\.weight$/, '');
  return { weight: name, scales: `${module}.scales`, biases: `${module}.biases` };
}

/** Pieces of at most 8 MiB; 8 MiB is a multiple of every group and of every number. */
function cut(tensor: Tensor, action: PieceAction, { tensors }: FileLayout): Piece[] {
  const targets = results(tensor, action).map(({ name }) => tensors.get(name));
  const bytes = tensor.end - tensor.start;
  const pieces: Piece[] = [];
  for (let at = 0; at < bytes; at += MAX_SOURCE_BYTES) {
    const sourceBytes = Math.min(MAX_SOURCE_BYTES, bytes - at);
    const ranges = targets.map((target, place) => ({
      start: (target?.start ?? 0) + resultBytes(at, action, place),
      bytes: resultBytes(sourceBytes, action, place),
    }));
    pieces.push({
      tensor: tensor.name,
      isWhole: sourceBytes === bytes,
      action,
      sourceStart: tensor.start + at,
      sourceBytes,
      targets: ranges,
    });
  }
  return pieces;
}

/** Bytes that `sourceBytes` of a tensor become: of codes (place 0), scales (1) or biases (2). */
function resultBytes(sourceBytes: number, action: PieceAction, place: number): number {
  if (action.kind === 'copy') return sourceBytes;
  if (action.kind === 'cast') return (sourceBytes / 4) * 2;
  const values = sourceBytes / 2;
  return place === 0 ? (values * action.bits) / 8 : (values / action.groupSize) * 2;
}

/** Numbers in a tensor. */
export function countNumbers({ dtype, start, end }: Tensor): number {
  return (end - start) / (dtypeBytes(dtype) ?? 1);
}
