import { describe, expect, it } from 'vitest';
import type { FoundModel, SearchPage } from '../../shared/model/search.ts';
import { cli } from '../testing/cli.ts';

const model = (repo: string, more: Partial<FoundModel> = {}): FoundModel => ({
  ...{ repo, downloads: 320_000, likes: 12, updatedAt: '2025-03-04T12:00:00.000Z', task: 'text-generation' },
  ...{
    license: 'llama3.2',
    gated: false,
    format: 'mlx',
    precision: '4-bit',
    parameters: 1e9,
    bytes: 695_000_000,
    approximate: true,
  },
  ...{ quantizedFrom: null, here: null },
  suitability: {
    verdict: 'fits',
    estimated: true,
    neededBytes: 1.2e9,
    mostTokensPerSecond: null,
    reasons: ['Needs it.'],
  },
  ...more,
});
const page = (models: readonly FoundModel[], more: Partial<SearchPage> = {}): SearchPage => ({
  ...{ models, cursor: null, offline: false, offlineReason: null },
  ...more,
});
const withFit = (verdict: FoundModel['suitability']['verdict']) => ({
  suitability: { verdict, estimated: true, neededBytes: 1, mostTokensPerSecond: null, reasons: [] },
});

describe('search', () => {
  it('requests all words at once, with the chosen options', async () => {
    const { engine, code } = await cli(
      'search llama 1b --author org --filter mlx --filter license:mit --sort likes --limit 7',
      { 'models.search': () => page([]) },
    );
    expect(code).toBe(0);
    expect(engine.opened[0]).toMatchObject({ access: 'reader' });
    expect(engine.calls).toMatchObject([
      {
        name: 'models.search',
        args: { words: 'llama 1b', author: 'org', filters: ['mlx', 'license:mit'], sort: 'likes', limit: 7 },
      },
    ]);
  });

  it('prints smaller versions of one model together, with fit, size and what is here', async () => {
    const base = 'meta-llama/Llama-3.2-1B';
    const { out } = await cli('search llama', {
      'models.search': () =>
        page([
          model(base, { gated: 'manual', precision: 'BF16', format: 'safetensors' }),
          model('other/llama', withFit('wont-fit')),
          model('mlx-community/Llama-3.2-1B-4bit', { quantizedFrom: base, here: 'whole' }),
        ]),
    });
    const rows = out.split('\n').slice(1, 4);
    expect(rows[0]).toMatch(
      /^mlx-community\/Llama-3.2-1B-4bit +MLX 4-bit +about 695\.0 MB +Fits +320K +2025-03-04 +llama3.2 +on this computer$/,
    );
    expect(rows[1]).toMatch(/^ {2}meta-llama\/Llama-3.2-1B +Safetensors BF16 .* needs access$/);
    expect(rows[2]).toMatch(/^other\/llama .* Won’t fit /);
  });

  it('prints the published shape with --json', async () => {
    const { io } = await cli('search llama --json', { 'models.search': () => page([model('org/a')]) });
    expect(io.json()).toEqual([
      {
        offline: false,
        models: [
          {
            ...{ id: 'org/a', downloads: 320_000, likes: 12, updated: '2025-03-04T12:00:00.000Z' },
            ...{
              task: 'text-generation',
              license: 'llama3.2',
              gated: false,
              format: 'mlx',
              precision: '4-bit',
            },
            ...{
              parameters: 1e9,
              bytes: 695_000_000,
              approximate: true,
              baseModel: null,
              fit: 'fits',
              estimated: true,
            },
            ...{ neededBytes: 1.2e9, reasons: ['Needs it.'], here: null },
          },
        ],
      },
    ]);
  });

  it('with --fits continues to further pages until there are enough, and ends with a list that does not', async () => {
    let pages = 0;
    const answer = () => {
      pages += 1;
      return page([model(`org/big${pages}`, withFit('wont-fit')), model(`org/ok${pages}`)], {
        cursor: `c${pages}`,
      });
    };
    const { io, engine } = await cli('search llama --fits --limit 3 --json', { 'models.search': answer });
    expect(JSON.stringify(io.json())).toContain('org/ok3');
    expect(JSON.stringify(io.json())).not.toContain('big');
    expect(engine.calls.map(({ args }) => (args as { cursor?: string }).cursor)).toEqual([
      undefined,
      'c1',
      'c2',
    ]);
    const endless = await cli('search llama --fits', {
      'models.search': () => page([model('org/big', withFit('wont-fit'))], { cursor: 'again' }),
    });
    expect(endless.engine.calls.length).toBeLessThan(30);
    expect(endless.out).toMatch(/No model with “llama” in its name is known to fit/);
  });

  it('reports that it is offline, and shows what is installed', async () => {
    const offline = { offline: true, offlineReason: 'Can’t find huggingface.co.' };
    const { out, err, code } = await cli('search llama', {
      'models.search': () => page([model('org/a')], offline),
    });
    expect([code, err]).toEqual([
      0,
      expect.stringMatching(/^haulyard: Can’t find huggingface.co\. Shown is/),
    ]);
    expect(out).toContain('org/a');
  });

  it.each([
    ['search', /at least 2 characters/],
    ['search a', /at least 2 characters/],
    ['search llama --sort beauty', /one of downloads, likes/],
    ['search llama --limit 0', /from 1 to 1000/],
    ['search llama --filter  ', /must not be empty/],
  ])('%s is refused before anything is opened', async (line, message) => {
    const { code, err, engine } = await cli(line);
    expect([code, err]).toEqual([2, expect.stringMatching(message)]);
    expect(engine.opened).toEqual([]);
  });
});
