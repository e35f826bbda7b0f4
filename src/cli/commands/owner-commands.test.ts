import { describe, expect, it } from 'vitest';
import { COMMIT, cli } from '../testing/cli.ts';

describe('remove', () => {
  it('reports the freed space', async () => {
    expect((await cli('remove org/name')).out).toBe('Removed org/name: 2.5 GB freed.\n');
    expect((await cli('remove org/name --json')).io.json()).toEqual([
      { repo: 'org/name', freedBytes: 2_500_000_000, removedSnapshots: 1 },
    ]);
  });
});

describe('cancel', () => {
  it('finds a download by the start of its id', async () => {
    const { code, engine, out } = await cli('cancel ab1');
    expect(code).toBe(0);
    expect(engine.calls).toContainEqual({
      name: 'downloads.cancel',
      args: { id: 'ab12', keepPartial: false },
    });
    expect(out).toBe('Canceled Moshi BF16 (ab12). Its unfinished files are deleted.\n');
  });

  it('keeps the partial on request', async () => {
    const { io, engine } = await cli('cancel ab12 --keep-partial --json');
    expect(engine.calls.at(-1)?.args).toEqual({ id: 'ab12', keepPartial: true });
    expect(io.json()).toEqual([{ cancelled: 'ab12', keptPartial: true }]);
  });

  it.each([
    ['nothing', 4, /There is no download nothing/],
    ['ab', 2, /ab12 and ab34/],
  ])('refuses the id %s with exit code %i', async (id, expected, message) => {
    const { code, err, engine } = await cli(`cancel ${id}`);
    expect(code).toBe(expected);
    expect(err).toMatch(message);
    expect(engine.calls.map(({ name }) => name)).not.toContain('downloads.cancel');
  });
});

describe('download --dry-run', () => {
  const plan = {
    repo: 'org/name',
    revision: 'main',
    commit: COMMIT,
    model: null,
    variant: null,
    files: [
      {
        path: 'w.safetensors',
        size: 100_000_000,
        hash: 'ab',
        algorithm: 'sha256' as const,
        chunks: 2,
        present: true,
        presentBytes: 100_000_000,
      },
    ],
    totalBytes: 100_000_000,
    presentBytes: 100_000_000,
    neededBytes: 3_000_000_000,
    freeBytes: 2_000_000_000,
    reserveBytes: 500_000_000,
  };

  it('prints the plan as one object and adds nothing', async () => {
    const { code, io, engine } = await cli('download org/name --dry-run --json', {
      'downloads.plan': () => plan,
    });
    expect(code).toBe(0);
    expect(io.json()).toEqual([plan]);
    expect(engine.opened[0]?.access).toBe('reader');
    expect(engine.calls.map(({ name }) => name)).toEqual(['downloads.plan']);
  });

  it('reports when there is not enough space', async () => {
    const { out } = await cli('download org/name --dry-run', { 'downloads.plan': () => plan });
    expect(out).toMatch(/^w\.safetensors {2}100\.0 MB +2 {2}already here$/m);
    expect(out).toContain('3.0 GB to download, 2.0 GB free — not enough: free up 1.5 GB');
  });

  it('refuses a partial file that is not there before it opens anything', async () => {
    const { code, err, engine } = await cli('download org/name --from w.bin=/no/such/file');
    expect(code).toBe(2);
    expect(err).toContain('/no/such/file, and there is no such file');
    expect(engine.opened).toHaveLength(0);
  });

  it('takes the token from standard input and not from the environment', async () => {
    const { engine } = await cli(
      'download org/name --dry-run --token-stdin',
      { 'downloads.plan': () => plan },
      { stdin: ['hf_in\n'], env: { HF_TOKEN: 'hf_env' } },
    );
    expect(engine.opened[0]?.token).toBe('hf_in');
  });
});
