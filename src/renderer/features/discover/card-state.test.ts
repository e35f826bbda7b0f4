import { describe, expect, it } from 'vitest';
import type { BuildView } from '../../../shared/model/build.ts';
import type { VariantPresence } from '../../../shared/model/library.ts';
import { sampleBuild } from '../../testing/sample-build.ts';
import { sampleCatalog, sampleDownload, sampleHardware } from '../../testing/samples.ts';
import { cardState, fitOf, marksOf, shownVariant } from './card-state.ts';

const model = sampleCatalog.models.find(({ id }) => id === 'moshi')!;
const q8 = model.variants.find(({ id }) => id === 'q8')!;
const presence = (change: Partial<VariantPresence> = {}): VariantPresence => ({
  model: 'moshi',
  variant: 'q8',
  presentBytes: 0,
  totalBytes: 8_000,
  installed: false,
  path: null,
  made: null,
  makeable: null,
  ...change,
});

describe('what a card offers', () => {
  it('is the download, with the size of the catalog until more is known', () => {
    expect(cardState(q8, undefined, undefined)).toEqual({
      kind: 'offer',
      presentBytes: 0,
      totalBytes: q8.bytes,
    });
  });

  it('is what is missing when a part is here', () => {
    const state = cardState(q8, presence({ presentBytes: 3_000 }), undefined);
    expect(state).toEqual({ kind: 'offer', presentBytes: 3_000, totalBytes: 8_000 });
  });

  it('is nothing to download when all is here', () => {
    expect(cardState(q8, presence({ installed: true }), undefined)).toEqual({ kind: 'here' });
  });

  it('is to make it when the variant that it is made from is here', () => {
    const makeable = { from: 'bf16', outputBytes: 7_000, sourceInstalled: true } as const;
    const state = cardState(q8, presence({ makeable }), undefined);
    expect(state).toMatchObject({ kind: 'make', from: 'bf16', outputBytes: 7_000, totalBytes: 8_000 });
    const away = { ...makeable, sourceInstalled: false };
    expect(cardState(q8, presence({ makeable: away }), undefined)).toMatchObject({ kind: 'offer' });
  });

  it('is how far it is while it is being made, and nothing once it was made', () => {
    const build = sampleBuild({ variant: 'q8' });
    expect(cardState(q8, presence(), undefined, false, build)).toEqual({ kind: 'making', build });
    const made = { path: '/made', bytes: 7_000 };
    expect(cardState(q8, presence({ made }), undefined, false, { ...build, state: 'ready' })).toEqual({
      kind: 'here',
    });
  });

  it('is the progress of an unfinished download, also of one that stopped', () => {
    const download = sampleDownload({ state: 'failed' });
    expect(cardState(q8, presence({ installed: true }), download)).toEqual({ kind: 'coming', download });
  });

  it('is the library, not the list of downloads, once the download is ready', () => {
    const download = sampleDownload({ state: 'ready' });
    expect(cardState(q8, presence({ installed: true }), download)).toEqual({ kind: 'here' });
  });
});

it('a download that has just come is here, before the cache was looked at again', () => {
  const download = sampleDownload({ state: 'ready' });
  expect(cardState(q8, presence(), download, true)).toEqual({ kind: 'here' });
  expect(cardState(q8, presence(), download, false)).toMatchObject({ kind: 'offer' });
});

describe('the variant that a card shows', () => {
  const fit = fitOf(sampleHardware, model);
  const nothing = { clicked: null, chosen: null, marks: [null, null, null] } as const;

  it('is the one that suits the machine', () => {
    expect(shownVariant(model, fit, nothing)?.id).toBe('q8');
  });

  it('is the one the user chose last time', () => {
    expect(shownVariant(model, fit, { ...nothing, chosen: 'q4' })?.id).toBe('q4');
  });

  it('is the one that is here, whatever was chosen or suits', () => {
    const marks = [null, 'here', null] as const;
    expect(shownVariant(model, fit, { ...nothing, chosen: 'q4', marks })?.id).toBe('q8');
  });

  it('is what suits the machine when it can be made from what is here, unless that was chosen', () => {
    const marks = ['here', 'makeable', 'makeable'] as const;
    expect(shownVariant(model, fit, { ...nothing, marks })?.id).toBe('q8');
    expect(shownVariant(model, fit, { ...nothing, chosen: 'q4', marks })?.id).toBe('q8');
    expect(shownVariant(model, fit, { ...nothing, chosen: 'bf16', marks })?.id).toBe('bf16');
  });

  it('is what suits the machine of several that are here', () => {
    const marks = ['here', 'here', null] as const;
    expect(shownVariant(model, fit, { ...nothing, marks })?.id).toBe('q8');
  });

  it('is first of all the one that is on its way', () => {
    const marks = ['here', null, 'coming'] as const;
    expect(shownVariant(model, fit, { ...nothing, chosen: 'q8', marks })?.id).toBe('q4');
  });

  it('is the one that is clicked while the card is open', () => {
    const marks = ['here', null, 'coming'] as const;
    expect(shownVariant(model, fit, { clicked: 'q8', chosen: null, marks })?.id).toBe('q8');
  });

  it('is the first while the machine is not known', () => {
    expect(shownVariant(model, fitOf(null, model), nothing)?.id).toBe('bf16');
  });
});

describe('the marks of the variants', () => {
  it('report which are being downloaded and which are installed', () => {
    const marks = marksOf(
      model,
      { downloads: [sampleDownload({ variant: 'q4', state: 'paused' })], builds: [] },
      [presence({ installed: true })],
    );
    expect(marks).toEqual([null, 'here', 'coming']);
  });

  it('report which are being built, were built, and can be built', () => {
    const build = sampleBuild({ variant: 'q4' });
    const makeable = { from: 'bf16', outputBytes: 7_000, sourceInstalled: true } as const;
    const q4 = presence({ variant: 'q4', makeable });
    const marks = (builds: readonly BuildView[], ...there: readonly VariantPresence[]) =>
      marksOf(model, { downloads: [], builds }, there);
    expect(marks([build], q4)).toEqual([null, null, 'making']);
    expect(marks([], q4)).toEqual([null, null, 'makeable']);
    expect(marks([{ ...build, state: 'ready' }], { ...q4, made: { path: '/q4', bytes: 1 } })).toEqual([
      null,
      null,
      'here',
    ]);
  });

  it('know the download of a repository that was asked for by its id', () => {
    const plain = sampleDownload({ model: null, variant: null, repo: q8.repo });
    expect(marksOf(model, { downloads: [plain], builds: [] }, [])).toEqual([null, 'coming', null]);
  });
});
