import { describe, expect, it } from 'vitest';
import { COMMIT, cli, DIAGNOSIS, LIBRARY } from '../testing/cli.ts';
import { downloadView, HARDWARE, snapshotOf, WEIGHTS_BYTES } from '../testing/samples.ts';

describe('catalog', () => {
  it('prints the published shape with --json', async () => {
    const { code, io } = await cli('catalog --json');
    expect(code).toBe(0);
    expect(io.json()).toEqual([
      {
        models: [
          {
            id: 'moshi',
            name: 'Moshi',
            summary: 'Speech in, speech out.',
            license: 'CC-BY-4.0',
            recommended: 'q4',
            variants: [
              {
                variant: 'bf16',
                repo: 'kyutai/moshiko-mlx-bf16',
                revision: 'main',
                bytes: 15_400_000_000,
                approximate: false,
                fit: 'wont-fit',
              },
              {
                variant: 'q4',
                repo: 'kyutai/moshiko-mlx-q4',
                revision: 'main',
                bytes: 4_900_000_000,
                approximate: true,
                fit: 'runs-well',
              },
            ],
          },
        ],
      },
    ]);
  });

  it('marks the recommended variant for people', async () => {
    const { out } = await cli('catalog');
    expect(out).toMatch(/^\* q4 +about 4\.9 GB {2}Runs well +kyutai\/moshiko-mlx-q4$/m);
  });
});

describe('hardware', () => {
  it('prints the published shape with --json', async () => {
    const { io } = await cli('hardware --json');
    expect(io.json()).toEqual([
      {
        chip: 'Apple M3 Pro',
        memoryBytes: 18 * 2 ** 30,
        budgetBytes: 14_000_000_000,
        bandwidthGBps: 150,
        models: HARDWARE.models,
      },
    ]);
  });

  it('passes an assumed machine to the engine', async () => {
    const { engine } = await cli(['hardware', '--assume', 'Apple M3 Pro,18GB']);
    expect(engine.calls).toEqual([{ name: 'hardware.get', args: { assume: 'Apple M3 Pro,18GB' } }]);
  });

  it('gives people the machine and the reason of each verdict', async () => {
    const { out } = await cli('hardware');
    expect(out).toContain('Apple M3 Pro · 18 GB memory · 14.0 GB of it for a model · 150 GB/s');
    expect(out).toMatch(/^moshi +bf16 +Won’t fit +18\.5 GB\n {4}Needs 18\.5 GB\.$/m);
  });
});

describe('status', () => {
  it('prints the published shape with --json', async () => {
    const { io } = await cli('status --json', {
      snapshot: () => snapshotOf([downloadView({ state: 'waiting', reason: 'Offline.' })]),
    });
    expect(io.json()).toEqual([
      {
        builds: [],
        downloads: [
          {
            id: 'd1',
            repo: 'kyutai/moshiko-mlx-bf16',
            commit: COMMIT,
            variant: 'bf16',
            state: 'waiting',
            reason: 'Offline.',
            files: [
              {
                path: 'model.safetensors',
                size: WEIGHTS_BYTES,
                receivedBytes: 6_300_000_000,
                verifiedBytes: 6_000_000_000,
                chunksDone: 114,
                chunksTotal: 294,
              },
            ],
          },
        ],
      },
    ]);
  });

  it('shows people a line per download and the reason below', async () => {
    const { out } = await cli('status', {
      snapshot: () => snapshotOf([downloadView({ state: 'waiting', reason: 'Disk full.' })]),
    });
    expect(out).toMatch(/^d1 {2}Moshi BF16 {2}Waiting {2}6\.30 of 15\.38 GB · 40 % {2}114\/294$/m);
    expect(out).toMatch(/^d1: Disk full\.$/m);
  });

  it('explains how to begin when there is nothing', async () => {
    const { out } = await cli('status', { snapshot: () => snapshotOf([]) });
    expect(out).toBe('No downloads. Start one with: haulyard download REF\n');
  });
});

describe('list', () => {
  it('prints the published shape with --json', async () => {
    const { io } = await cli('list --json');
    expect(io.json()).toEqual([
      {
        models: [
          {
            repo: 'org/name',
            commit: COMMIT,
            bytes: 2_500_000_000,
            files: 5,
            complete: true,
            path: '/cache/models--org--name/snapshots/c',
            verifiedAt: '2025-03-04T12:00:00.000Z',
            verifiedOk: true,
          },
        ],
        elsewhere: [
          {
            tool: 'ollama',
            name: 'llama3.2:latest',
            repo: null,
            path: '/ollama/blobs/x',
            bytes: 2_000_000,
            files: 1,
          },
        ],
        partials: [
          { repo: 'org/other', path: '/cache/blobs/x.incomplete', bytes: 1_000_000, download: 'ab12' },
        ],
      },
    ]);
  });

  it('shows people models and partials, and warnings apart', async () => {
    const { out, err } = await cli('list');
    expect(out).toMatch(/^org\/name +cccccccc {2}main {2}2\.5 GB +5 {2}complete {2}2025-03-04$/m);
    expect(out).toMatch(/^org\/other +1\.0 MB {2}ab12 +\/cache\/blobs\/x\.incomplete$/m);
    expect(out).toMatch(/^llama3\.2:latest +Ollama +2\.0 MB {2}\/ollama\/blobs\/x$/m);
    expect(err).toBe('haulyard: A link is broken.\n');
  });
});

describe('when a model was verified', () => {
  const listing = async (verifiedAt: string | null, verifiedOk: boolean | null) => {
    const [model] = LIBRARY.models;
    const models = model ? [{ ...model, verifiedAt, verifiedOk }] : [];
    return (await cli('list', { 'library.list': () => ({ ...LIBRARY, models }) })).out;
  };

  it('shows never when it was not', async () => {
    expect(await listing(null, null)).toMatch(/complete {2}never$/m);
  });

  it('shows the result with the day', async () => {
    expect(await listing('2025-03-04T12:00:00.000Z', false)).toMatch(/complete {2}damaged 2025-03-04$/m);
  });
});

describe('path', () => {
  it('prints the folder alone on one line', async () => {
    expect((await cli('path org/name')).out).toBe('/cache/models--org--name/snapshots/c\n');
  });
});

describe('doctor', () => {
  it('exits with 0 when every check passed', async () => {
    const { code, out } = await cli('doctor');
    expect(code).toBe(0);
    expect(out).toMatch(/^ledger {2}ok {2}Healthy\.$/m);
  });

  it('exits with 1 when a check failed, and reports which', async () => {
    const checks = [{ name: 'hub', ok: false, message: 'No answer.' }];
    const { code, out } = await cli('doctor', { doctor: () => ({ ...DIAGNOSIS, checks, ok: false }) });
    expect(code).toBe(1);
    expect(out).toMatch(/^hub {5}FAILED {2}No answer\.$/m);
  });

  it('prints the diagnosis with --json', async () => {
    expect((await cli('doctor --json')).io.json()).toEqual([DIAGNOSIS]);
  });
});
