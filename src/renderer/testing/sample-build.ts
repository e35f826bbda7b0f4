import type { BuildPlanView, BuildView } from '../../shared/model/build.ts';

/** A Q4 of Moshi being built. */
export function sampleBuild(over: Partial<BuildView> = {}): BuildView {
  return {
    id: 'b1',
    kind: 'build',
    model: 'moshi',
    variant: 'q4',
    source: { repo: 'kyutai/moshiko-mlx-bf16', commit: '12'.repeat(20), path: 'model.safetensors' },
    path: '/models/haulyard/kyutai/moshiko-mlx-bf16-q4',
    file: '/models/haulyard/kyutai/moshiko-mlx-bf16-q4/model.q4.safetensors',
    state: 'making',
    reason: null,
    waitReason: null,
    error: null,
    hash: null,
    sourceBytesDone: 6_300_000_000,
    sourceBytes: 15_375_697_208,
    writtenBytes: 2_000_000_000,
    durableBytes: 1_900_000_000,
    outputBytes: 4_805_546_280,
    bytesPerSecond: 900_000_000,
    etaSeconds: 10,
    unitsDone: 800,
    unitsTotal: 1952,
    tensor: 'transformer.layers.3.gating.linear_in.weight',
    hashedBytes: 0,
    createdAt: 1_764_000_000_000,
    ...over,
  };
}

/** What making a Q8 of Moshi would take, with room enough, on a machine that has made none. */
export function sampleBuildPlan(over: Partial<BuildPlanView> = {}): BuildPlanView {
  return {
    source: { repo: 'kyutai/moshiko-mlx-bf16', commit: '12'.repeat(20), path: 'model.safetensors' },
    model: 'moshi',
    variant: 'q8',
    recipe: 'mlx-affine-8-64',
    rule: 'metal',
    units: 1952,
    sourceBytes: 15_375_697_208,
    outputBytes: 8_168_805_880,
    neededBytes: 8_168_805_880,
    freeBytes: 90_000_000_000,
    reserveBytes: 2_000_000_000,
    estimatedSeconds: null,
    path: '/models/haulyard/kyutai/moshiko-mlx-bf16-q8',
    file: 'model.q8.safetensors',
    exists: false,
    ...over,
  };
}
