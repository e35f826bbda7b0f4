import { describe, expect, it } from 'vitest';
import * as fault from '../hub/faults/constructors.ts';
import type { RepositoryDeclaration } from '../hub/repositories/declaration.ts';
import { type CliWorld, catalogOf, openCliWorld } from './cli-world.ts';
import { SMALL_PARAKEET } from './repositories.ts';

const FOREVER = Number.POSITIVE_INFINITY;
const XET: RepositoryDeclaration = {
  id: 'org/xet',
  files: [
    { path: 'config.json', kind: 'bytes', content: '{}\n' },
    {
      path: 'model.safetensors',
      kind: 'seeded',
      size: 400_000,
      seed: 'doctor',
      format: 'safetensors',
      lfs: true,
      xet: {},
    },
  ],
};

interface Trial {
  readonly name: string;
  readonly works: boolean | null;
  readonly message: string;
  readonly follows: string;
}

async function doctor({ run }: CliWorld, ...repo: string[]) {
  const { code, json, stdout } = await run(['--json', 'doctor', '--hold', '0', '--hub', ...repo]);
  const [{ trials, ...diagnosis }] = json() as unknown as [{ trials: readonly Trial[] }];
  return { code, diagnosis, trials, stdout, works: trials.map(({ works }) => works) };
}

describe('doctor --hub', () => {
  it('finds that everything works, in plain storage', async () => {
    await using world = await openCliWorld([SMALL_PARAKEET]);
    const { code, works, diagnosis } = await doctor(world, SMALL_PARAKEET.id);
    expect(works).toEqual([true, true, true, true, true, true, true, true, null, null]);
    expect(diagnosis).toEqual({ endpoint: world.hub.url, repo: SMALL_PARAKEET.id, ok: true });
    expect(code).toBe(0);
  });

  it('finds that Xet works where a file is in Xet storage, and shows no secret', async () => {
    await using world = await openCliWorld([XET]);
    const { code, works, stdout } = await doctor(world, XET.id);
    expect(works).toEqual(Array(10).fill(true));
    expect(code).toBe(0);
    expect(stdout).not.toMatch(/Signature|Policy|xet_[0-9a-f]|Key-Pair/);
  });

  it('takes the smallest model of the catalog when none is named, one line for each kind', async () => {
    const catalog = catalogOf([{ id: 'bf16', repo: SMALL_PARAKEET.id }]);
    await using world = await openCliWorld([SMALL_PARAKEET], {}, catalog);
    const { code, stdout } = await world.run(['doctor', '--hub', '--hold', '0']);
    expect(code).toBe(0);
    expect(stdout).toContain(`${world.hub.url} with ${SMALL_PARAKEET.id}`);
    expect(stdout).toMatch(/^two parts at once +works +2 times/m);
  });

  it('reports a storage that ignores ranges, and what follows', async () => {
    await using world = await openCliWorld([SMALL_PARAKEET]);
    world.hub.faults.add({ match: { origin: 'cdn' }, times: FOREVER, ...fault.wholeBodyForRange() });
    const { code, trials } = await doctor(world, SMALL_PARAKEET.id);
    expect(code).toBe(1);
    expect(trials.find(({ name }) => name === 'one part')).toMatchObject({
      works: false,
      message: expect.stringContaining('whole file'),
      follows: expect.stringContaining('one piece'),
    });
  });

  it('reports the message of a storage that refuses a URL when it is used again', async () => {
    await using world = await openCliWorld([SMALL_PARAKEET]);
    world.hub.faults.add({ match: { origin: 'cdn', nth: 4 }, times: FOREVER, ...fault.invalidRange() });
    const { trials, works } = await doctor(world, SMALL_PARAKEET.id);
    expect(works).toEqual([true, true, true, true, true, true, true, false, null, null]);
    expect(trials[7]!.message).toContain('Auth failed: invalid range');
  });

  it('reports a missing repository, and tries nothing else', async () => {
    await using world = await openCliWorld([]);
    const { code, works, trials } = await doctor(world, 'org/nothing');
    expect(works).toEqual([false, ...Array(9).fill(null)]);
    expect(trials[0]!.message).toContain('org/nothing');
    expect(code).toBe(1);
  });

  it('refuses a time that is none', async () => {
    await using world = await openCliWorld([]);
    const { code, stderr } = await world.run(['doctor', '--hub', '--hold', '-1']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('--hold')]);
  });
});
