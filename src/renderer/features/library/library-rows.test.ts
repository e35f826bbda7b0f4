import { describe, expect, it } from 'vitest';
import { catalogSchema } from '../../../shared/model/catalog.ts';
import type { LibraryModel } from '../../../shared/model/library.ts';
import { sampleModel } from '../../testing/sample-library.ts';
import { sampleDownload } from '../../testing/samples.ts';
import {
  comingBy,
  damageLines,
  madeFrom,
  missingText,
  partialOwner,
  soundnessOf,
  usedBytes,
} from './library-rows.ts';

const catalog = catalogSchema.parse({
  version: 1,
  models: [
    {
      id: 'moshi',
      name: 'Moshi',
      summary: 's',
      license: 'l',
      variants: ['bf16', 'q8', 'q4'].map((id) => ({
        id,
        repo: `kyutai/m-${id}`,
        bytes: 1,
        neededBytes: 1,
        ...(id === 'bf16' ? {} : { makeable: { from: 'bf16', recipe: 'r', outputBytes: 1 } }),
      })),
    },
  ],
});
describe('madeFrom', () => {
  it('names the variants that can be made from BF16', () => {
    expect(madeFrom(sampleModel(), catalog)).toEqual(['Q8', 'Q4']);
  });

  it('names none for a variant that is quantized already', () => {
    expect(madeFrom(sampleModel({ variant: 'q8' }), catalog)).toEqual([]);
  });
});

describe('soundnessOf', () => {
  const sound = (over: Partial<LibraryModel>) =>
    soundnessOf(sampleModel(over), { report: undefined, coming: null, formatTime: () => 'today' });
  it.each([
    [{ verifiedAt: 'x', verifiedOk: true }, 'Intact'],
    [{ verifiedAt: 'x', verifiedOk: false }, 'Damaged'],
    [{ verifiedAt: null, verifiedOk: null }, 'Not verified'],
    [{ verifiedAt: null, verifiedOk: null, complete: false }, 'Incomplete'],
  ])('of %o is %s', (over, word) => expect(sound(over).word).toBe(word));

  it('believes what was found just now', () => {
    const report = { ok: false, files: [] };
    const facts = { report, coming: null, formatTime: () => '' };
    expect(soundnessOf(sampleModel(), facts).word).toBe('Damaged');
  });
});

describe('what is on its way', () => {
  it.each([
    ['downloading', 'Downloading', /being downloaded/],
    ['waiting', 'Waiting', /being downloaded/],
    ['queued', 'Waiting', /being downloaded/],
    ['paused', 'Paused', /is paused/],
    ['failed', 'Stopped', /needs you/],
  ] as const)('is told as its download is when that is %s, and not as checked', (coming, word, text) => {
    const facts = { report: undefined, coming, formatTime: () => 'today' };
    expect(soundnessOf(sampleModel({ complete: false }), facts)).toMatchObject({ word, when: '' });
    expect(missingText(coming)).toMatch(text);
  });

  it('is found by repository and commit', () => {
    const model = { repo: sampleModel().repo, model: sampleModel() };
    const { repo, commit } = sampleModel();
    expect(comingBy({ repo, model: null }, [sampleDownload({ repo, commit })])?.id).toBe('d1');
    expect(comingBy(model, [sampleDownload({ repo, commit })])?.id).toBe('d1');
    expect(comingBy(model, [sampleDownload({ repo, commit: null })])?.id).toBe('d1');
    expect(comingBy(model, [sampleDownload({ repo, commit: 'f'.repeat(40) })])).toBeNull();
    expect(comingBy(model, [sampleDownload({ repo, commit, state: 'ready' })])).toBeNull();
  });
});

describe('damageLines', () => {
  it('tells how much of a file is damaged, and what is missing', () => {
    const file = { expected: 'a', actual: 'b', badChunks: [], checkedAt: '' };
    const files = [
      { ...file, path: 'good', ok: true },
      { ...file, path: 'model.safetensors', ok: false, badChunks: [3, 4] },
      { ...file, path: 'config.json', ok: false, actual: 'missing' },
      { ...file, path: 'x.bin', ok: false },
    ];
    expect(damageLines({ ok: false, files })).toEqual([
      'model.safetensors: 2 damaged chunks',
      'config.json is missing',
      'x.bin doesn’t match its checksum',
    ]);
  });
});

describe('the rest', () => {
  it('counts partials as used', () => {
    const partial = { repo: 'a/b', path: '/x', bytes: 5, download: null };
    expect(
      usedBytes({ models: [sampleModel({ bytes: 7 })], partials: [partial], made: [], warnings: [] }),
    ).toBe(12);
  });

  it('knows our partials from those of other tools', () => {
    const at = (path: string, download: string | null = null) =>
      partialOwner({ repo: 'a/b', path, bytes: 1, download });
    expect(at('/blobs/abc.haulyard.incomplete')).toBe('kept from a canceled download');
    expect(at('/blobs/abc.incomplete')).toBe('left by another tool');
    expect(at('/blobs/abc.incomplete', 'd1')).toBe('used by a download');
  });
});
