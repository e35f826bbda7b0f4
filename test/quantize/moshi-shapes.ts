import type { TensorShape } from '../../src/engine/jobs/quantize/safetensors/layout.ts';

/** Sizes of a Moshi. The real one has those of {@link FULL_MOSHI}. */
export interface MoshiSizes {
  readonly layers: number;
  readonly dim: number;
  /** Rows of a gated projection, and half of them. */
  readonly hidden: number;
  readonly texts: number;
  readonly sounds: number;
  readonly codebooks: number;
  readonly slices: number;
  readonly sliceLayers: number;
  readonly sliceDim: number;
  readonly sliceHidden: number;
}

/** moshiko and moshika. Source: moshi 0.3, moshi_mlx/models/lm.py, `config_v0_1`. */
export const FULL_MOSHI: MoshiSizes = {
  layers: 32,
  dim: 4096,
  hidden: 11264,
  texts: 32000,
  sounds: 2049,
  codebooks: 16,
  slices: 8,
  sliceLayers: 6,
  sliceDim: 1024,
  sliceHidden: 2816,
};

/** The same tree with 18 MB: matrices of several units, of one, and of a few kilobytes. */
export const SMALL_MOSHI: MoshiSizes = {
  layers: 2,
  dim: 512,
  hidden: 1408,
  texts: 4500,
  sounds: 129,
  codebooks: 4,
  slices: 2,
  sliceLayers: 2,
  sliceDim: 64,
  sliceHidden: 192,
};

/** All tensors of a Moshi in BF16, unordered. */
export function moshiShapes(sizes: MoshiSizes): TensorShape[] {
  const { dim, sliceDim, slices } = sizes;
  const list: TensorShape[] = [];
  const add = (name: string, ...shape: readonly number[]) =>
    list.push({ name: `${name}.weight`, dtype: 'BF16', shape });
  const layer = (prefix: string, width: number, hidden: number) => {
    add(`${prefix}.self_attn.in_proj`, 3 * width, width);
    add(`${prefix}.self_attn.out_proj`, width, width);
    add(`${prefix}.gating.linear_in`, 2 * hidden, width);
    add(`${prefix}.gating.linear_out`, width, hidden);
    add(`${prefix}.norm1`, width);
    add(`${prefix}.norm2`, width);
  };
  add('text_emb', sizes.texts + 1, dim);
  add('text_linear', sizes.texts, dim);
  for (let n = 0; n < sizes.codebooks; n += 1) add(`audio_embs.${n}`, sizes.sounds, dim);
  add('out_norm', dim);
  for (let n = 0; n < sizes.layers; n += 1) layer(`transformer.layers.${n}`, dim, sizes.hidden);
  for (let k = 0; k < slices; k += 1) {
    const slice = `depformer.slices.${k}`;
    add(`${slice}.emb`, k === 0 ? sizes.texts + 1 : sizes.sounds, sliceDim);
    add(`${slice}.linear_in`, sliceDim, dim);
    add(`${slice}.linear_out`, sizes.sounds - 1, sliceDim);
    for (let n = 0; n < sizes.sliceLayers; n += 1)
      layer(`${slice}.transformer.layers.${n}`, sliceDim, sizes.sliceHidden);
  }
  return list;
}
