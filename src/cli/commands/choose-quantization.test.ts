import { describe, expect, it } from 'vitest';
import { AppError } from '../../shared/contract/errors.ts';
import type { FileChoice, JudgedSet } from '../../shared/model/file-choice.ts';
import { cli } from '../testing/cli.ts';

const set = (code: string, bytes: number): JudgedSet => ({
  id: `gguf ${code}`,
  title: code,
  words: 'What it means.',
  code,
  format: 'gguf',
  paths: [`m-${code}.gguf`],
  bytes,
  quality: 50,
  suitability: {
    verdict: 'fits',
    estimated: true,
    neededBytes: bytes,
    mostTokensPerSecond: null,
    reasons: [],
  },
});
const CHOICE: FileChoice = {
  repo: 'org/m-GGUF',
  commit: 'c'.repeat(40),
  sets: [set('Q8_0', 8_000_000_000), set('Q4_K_M', 4_000_000_000)],
  proposed: 'gguf Q4_K_M',
  why: 'The best that fits.',
  leftOut: 'Leaves out 1 other version of the same model: 8.0 GB.',
  companions: ['README.md'],
  companionBytes: 10,
};
const PLAN = {
  ...{ repo: 'org/m-GGUF', revision: 'main', commit: 'c'.repeat(40), model: null, variant: null, files: [] },
  ...{ totalBytes: 0, presentBytes: 0, neededBytes: 0, freeBytes: 1, reserveBytes: 0 },
};
const run = (line: string, files: () => FileChoice = () => CHOICE, over = {}) =>
  cli(line, { 'models.files': files, 'downloads.plan': () => PLAN, ...over });
const planned = ({ engine }: Awaited<ReturnType<typeof run>>) =>
  (engine.calls.find(({ name }) => name === 'downloads.plan')!.args as { files?: string[] }).files;

describe('download of a repository of GGUF files', () => {
  it('takes the one that suits this computer, with what goes with it, and says how to have another', async () => {
    const ran = await run('download org/m-GGUF --dry-run');
    expect(planned(ran)).toEqual(['m-Q4_K_M.gguf', 'README.md']);
    expect(ran.out).toMatch(/^> +Q4_K_M +4\.0 GB +Fits +What it means\.$/m);
    expect(ran.out).toContain('Taking Q4_K_M, 4.0 GB. The best that fits. Leaves out 1 other version');
    expect(ran.out).toContain('haulyard download org/m-GGUF:Q8_0');
    expect(ran.out).toContain("--include '*'");
  });

  it('says nothing but JSON with --json, and takes the same', async () => {
    const ran = await run('download org/m-GGUF --dry-run --json');
    expect(planned(ran)).toEqual(['m-Q4_K_M.gguf', 'README.md']);
    expect(ran.io.json()).toHaveLength(1);
  });

  it.each([
    'download org/m-GGUF --include * --dry-run',
    'download org/m-GGUF m-Q8_0.gguf --dry-run',
    'download org/m-GGUF:Q8_0 --dry-run',
    'download https://huggingface.co/org/m-GGUF/blob/main/m-Q8_0.gguf --dry-run',
    'download org/plain --dry-run',
    'download datasets/org/gguf --dry-run',
  ])('asks nothing where something was chosen, or there is nothing to choose: %s', async (line) => {
    const { engine } = await run(line);
    expect(engine.calls.map(({ name }) => name)).not.toContain('models.files');
  });

  it('takes what is here when the Hub cannot be asked, and nothing at all when nothing is', async () => {
    const offline = () => {
      throw new AppError('Offline', 'No network.');
    };
    const here = await run('download org/m-GGUF --dry-run', offline);
    expect([here.code, planned(here)]).toEqual([0, undefined]);
    const none = await run('download org/m-GGUF --dry-run', offline, { 'library.path': offline });
    expect(none.code).toBe(7);
    expect(none.engine.calls.map(({ name }) => name)).not.toContain('downloads.plan');
  });
});
