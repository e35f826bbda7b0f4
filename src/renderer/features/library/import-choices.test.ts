import { describe, expect, it } from 'vitest';
import type { DownloadPlan } from '../../../shared/contract/commands.ts';
import { sampleDownload } from '../../testing/samples.ts';
import { planChoices, unfinishedChoices } from './import-choices.ts';

const [file] = sampleDownload().files;
const files = [
  { ...file!, path: 'a.safetensors', size: 100 },
  { ...file!, path: 'sub/b.safetensors', size: 80 },
  { ...file!, path: 'done.safetensors', size: 500, installed: true },
  { ...file!, path: 'small.json', size: 5 },
];

describe('unfinishedChoices', () => {
  const choose = (path: string, bytes = 50) =>
    unfinishedChoices([sampleDownload({ files })], { path, bytes }).map((choice) => choice.path);

  it('offers files that are unfinished and large enough, the largest first', () => {
    expect(choose('/Downloads/unnamed')).toEqual(['a.safetensors', 'sub/b.safetensors']);
  });

  it('offers first the file whose name the partial has', () => {
    expect(choose('C:\\Downloads\\b.safetensors.part')[0]).toBe('sub/b.safetensors');
  });

  it('offers nothing of what is ready', () => {
    expect(unfinishedChoices([sampleDownload({ files, state: 'ready' })], { path: '/x', bytes: 1 })).toEqual(
      [],
    );
  });
});

describe('planChoices', () => {
  it('offers what is not here yet', () => {
    const plan = {
      files: [
        { path: 'here.bin', size: 100, present: true },
        { path: 'new.bin', size: 100, present: false },
      ],
    } as unknown as DownloadPlan;
    expect(planChoices(plan, { path: '/x', bytes: 50 }).map(({ path }) => path)).toEqual(['new.bin']);
  });
});
