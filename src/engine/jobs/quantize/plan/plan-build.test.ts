import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { FULL_MOSHI, moshiShapes, SMALL_MOSHI } from '../../../../../test/quantize/moshi-shapes.ts';
import { sourceOf } from '../../../../../test/quantize/source-file.ts';
import { MAX_SOURCE_BYTES } from '../arithmetic/kernel.ts';
import type { TensorShape } from '../safetensors/layout.ts';
import { layoutOfConfig, requireLayout } from './layouts/find-layout.ts';
import type { SourceModel } from './layouts/layout.ts';
import { type BuildPlan, planBuild } from './plan-build.ts';

function model(
  shapes: readonly TensorShape[],
  config: Record<string, unknown> | null = null,
  paths = ['model.safetensors'],
): SourceModel {
  return { paths, config, headers: new Map([['model.safetensors', sourceOf(shapes).header]]) };
}

function plan(source: SourceModel, variant: 'q4' | 'q8' | 'bf16'): BuildPlan {
  const layout = layoutOfConfig(source.config);
  requireLayout(layout, source);
  return planBuild(source, layout, variant, 'metal');
}

const headOf = ({ files }: BuildPlan) => files[0]!.plan.layout.head;
const tensorsOf = ({ files }: BuildPlan) => [...files[0]!.plan.layout.tensors.values()];
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe('the plan of Moshi', () => {
  const source = model(moshiShapes(FULL_MOSHI));

  it('finds the published size of the source from its shapes', () => {
    const { layout } = sourceOf(moshiShapes(FULL_MOSHI));
    expect(layout.tensors.size).toBe(523);
    expect(layout.fileBytes - layout.head.length).toBe(15_375_630_336);
  });

  it.each([
    ['q4', 4_805_546_280, 160_544, '7143a831c34e9efd7fa299942f7d00eb1c856f244f4fe4fd4bc62be5bb529324'],
    ['q8', 8_168_805_880, 160_496, '27481bce2602046b2dddbc6745c07aac0f21d7ad61f5565a0c42eb01acc65894'],
  ] as const)('gives %s its size and its header to the byte', (variant, bytes, headerBytes, digest) => {
    const made = plan(source, variant);
    expect(made.outputBytes).toBe(bytes);
    expect(headOf(made).length - 8).toBe(headerBytes);
    expect(sha256(headOf(made))).toBe(digest);
    expect(made.files[0]!.target).toBe(`model.${variant}.safetensors`);
  });

  it('has 1,951 units of matrices and one of all norms', () => {
    const { units } = plan(source, 'q4');
    const isCopy = (kind: string) => kind === 'copy';
    const copies = units.filter(({ pieces }) => pieces.some(({ action }) => isCopy(action.kind)));
    expect(units.length - copies.length).toBe(1951);
    expect(copies.map(({ pieces }) => pieces.length)).toEqual([161]);
    expect(Math.max(...units.map(({ sourceBytes }) => sourceBytes))).toBeLessThanOrEqual(MAX_SOURCE_BYTES);
  });

  it.each(['q4', 'q8'] as const)('fills every byte of the data of %s once', (variant) => {
    const made = plan(model(moshiShapes(SMALL_MOSHI)), variant);
    const ranges = made.units
      .flatMap(({ pieces }) => pieces.flatMap(({ targets }) => targets))
      .sort((a, b) => a.start - b.start);
    let at = headOf(made).length;
    for (const { start, bytes } of ranges) {
      expect(start).toBe(at);
      at += bytes;
    }
    expect(at).toBe(made.outputBytes);
  });

  it('names another plan when the rule or the variant differs', () => {
    const layout = layoutOfConfig(null);
    const hashes = [
      planBuild(source, layout, 'q4', 'metal'),
      planBuild(source, layout, 'q4', 'cpu'),
      planBuild(source, layout, 'q8', 'metal'),
    ].map(({ hash }) => hash);
    expect(new Set(hashes).size).toBe(3);
    expect(planBuild(source, layout, 'q4', 'metal').hash).toBe(hashes[0]);
  });

  it('renames the weights in config.json', () => {
    const withConfig = model(moshiShapes(SMALL_MOSHI), { moshi_name: 'model.safetensors', dim: 4 });
    expect(JSON.parse(plan(withConfig, 'q8').writes.get('config.json')!)).toEqual({
      moshi_name: 'model.q8.safetensors',
      dim: 4,
    });
  });

  it.each([
    ['a relative with other names', { name: 'text_emb.low_rank.weight', dtype: 'BF16', shape: [8, 64] }],
    ['a type that is not BF16', { name: 'out_norm.weight', dtype: 'F32', shape: [256] }],
    ['columns that make no whole groups', { name: 'audio_embs.9.weight', dtype: 'BF16', shape: [4, 48] }],
  ])('refuses %s', (_what, tensor) => {
    const shapes = moshiShapes(SMALL_MOSHI).filter(({ name }) => name !== tensor.name);
    expect(() => plan(model([...shapes, tensor]), 'q4')).toThrow(
      expect.objectContaining({ code: 'BadRequest' }),
    );
  });

  it('refuses to make BF16 of it', () => {
    expect(() => plan(source, 'bf16')).toThrow('No program for this model');
  });
});

describe('the plan of Parakeet', () => {
  const config = { target: 'nemo.collections.asr.models.rnnt_bpe_models.EncDecRNNTBPEModel' };
  const shapes = [
    { name: 'encoder.layers.0.linear.weight', dtype: 'F32', shape: [128, 64] },
    { name: 'encoder.layers.0.norm.bias', dtype: 'F32', shape: [3] },
    { name: 'encoder.layers.0.conv.batch_norm.num_batches_tracked', dtype: 'I64', shape: [] },
  ];

  it('halves what is F32 and copies the rest', () => {
    const made = plan(model(shapes, config), 'bf16');
    expect(tensorsOf(made).map(({ dtype, start, end }) => [dtype, end - start])).toEqual([
      ['I64', 8],
      ['BF16', 16_384],
      ['BF16', 6],
    ]);
    expect(made.files[0]!.target).toBe('model.safetensors');
  });

  it('refuses Q4, which its program would destroy', () => {
    expect(() => plan(model(shapes, config), 'q4')).toThrow('No program for this model');
  });

  it('refuses weights without any F32', () => {
    expect(() => plan(model([{ name: 'a', dtype: 'BF16', shape: [8] }], config), 'bf16')).toThrow('F32');
  });
});
