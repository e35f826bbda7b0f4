import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorld } from '../../integration/harness.ts';
import { addFolder } from '../../quantize/make-source.ts';
import { type Environment, judgesEnvironment } from '../environment.ts';
import { outputOf } from '../run-program.ts';

const REQUIREMENTS = fileURLToPath(new URL('../requirements-mlx.txt', import.meta.url));
const MODELS = fileURLToPath(new URL('mlx_models.py', import.meta.url));
/** The environment has 50 packages. */
const INSTALL_MS = 400_000;

let environment: Environment;
let models: string;

async function python(...args: readonly string[]): Promise<string> {
  const bin = environment.bin ?? '';
  return outputOf(join(bin, 'python'), [MODELS, ...args], {
    env: { PATH: bin, HOME: models, HF_HUB_OFFLINE: '1' },
  });
}

beforeAll(async () => {
  environment = await judgesEnvironment(REQUIREMENTS);
  models = await mkdtemp(join(tmpdir(), 'haulyard-mlx-'));
  if (environment.bin !== null) await python('make', models);
}, INSTALL_MS);
afterAll(() => rm(models, { recursive: true, force: true }));

describe('what is built here is what MLX builds itself', () => {
  it.for([
    ['llama', 'q4'],
    ['llama', 'q8'],
    ['qwen3', 'q4'],
    ['gemma', 'q8'],
    ['moshiko', 'q4'],
    ['moshiko', 'q8'],
    ['moshika', 'q4'],
    ['moshika', 'q8'],
    ['parakeet', 'bf16'],
  ] as const)(
    '%s %s: loaded strictly by its real class, every byte and the output equal',
    async ([model, variant], { skip }) => {
      if (environment.bin === null) skip(`judges: skipped, because ${environment.reason}`);
      await using world = await openWorld([]);
      await addFolder(world.cacheDir, `judges/${model}`, join(models, model));
      const engine = await world.open();
      const { id } = await engine.call('build.start', { reference: `judges/${model}`, variant, rule: 'cpu' });
      const done = await engine.waitFor('build.done', ({ download }) => download === id, {
        timeoutMs: 60_000,
      });
      const verdict = JSON.parse(await python('check', join(models, model), done.path, model));
      expect(verdict).toMatchObject({ different: [], sameOutput: true, varied: true });
    },
  );
});
