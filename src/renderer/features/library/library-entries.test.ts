import { describe, expect, it } from 'vitest';
import { sampleModel } from '../../testing/sample-library.ts';
import { sampleCatalog } from '../../testing/samples.ts';
import { arrange, type LibraryView, libraryEntries } from './library-entries.ts';

const moshi = sampleModel();
const other = sampleModel({
  repo: 'an/other',
  model: null,
  variant: null,
  bytes: 90e9,
  verifiedAt: null,
  verifiedOk: null,
});
const damaged = sampleModel({ repo: 'my/old', model: null, variant: null, bytes: 1e9, verifiedOk: false });
const partial = { repo: 'org/part', path: '/x', bytes: 7, download: null };
const entriesOf = (...[models, partials]: [readonly (typeof moshi)[], (readonly (typeof partial)[])?]) =>
  libraryEntries({ models, partials: partials ?? [] }, sampleCatalog);

describe('libraryEntries', () => {
  it('gives an unfinished model one row, with what is unfinished in it', () => {
    const unfinished = sampleModel({ complete: false });
    const entries = entriesOf([unfinished], [{ ...partial, repo: unfinished.repo }]);
    expect(entries).toHaveLength(1);
    expect(entries[0]).toMatchObject({ name: 'Moshi BF16', bytes: unfinished.bytes + 7 });
    expect(entries[0]?.partials).toHaveLength(1);
  });

  it('gives several unfinished files of a repository one row, also before a model is there', () => {
    const entries = entriesOf(
      [],
      [partial, { ...partial, path: '/y' }, { ...partial, path: '/z', bytes: 0 }],
    );
    expect(entries).toMatchObject([{ key: 'org/part', model: null, bytes: 14 }]);
  });

  it('counts them to the revision that lacks something', () => {
    const whole = sampleModel({ commit: 'e'.repeat(40) });
    const lacking = sampleModel({ commit: 'f'.repeat(40), complete: false });
    const entries = entriesOf([whole, lacking], [{ ...partial, repo: whole.repo }]);
    expect(entries.map(({ partials }) => partials.length)).toEqual([0, 1]);
  });
});

describe('arrange', () => {
  const look = (view: Partial<LibraryView>, outdated: readonly string[] = []) =>
    arrange(
      entriesOf([other, damaged, moshi], [partial]),
      { search: '', sort: 'name', filter: 'all', ...view },
      { reports: {}, outdated: new Set(outdated) },
    ).map(({ repo }) => repo);

  it('puts what the catalog knows first, then goes by name', () => {
    expect(look({})).toEqual([moshi.repo, 'an/other', 'my/old', 'org/part']);
  });

  it('puts the largest first', () => {
    expect(look({ sort: 'size' })[0]).toBe('an/other');
  });

  it('puts first what was not checked for longest', () => {
    expect(look({ sort: 'checked' }).slice(0, 2)).toEqual(['an/other', 'org/part']);
  });

  it('finds words in any order, in name and repository', () => {
    expect(look({ search: 'bf16 KYUTAI moshi' })).toEqual([moshi.repo]);
    expect(look({ search: 'nothing' })).toEqual([]);
  });

  it('shows what needs attention, what was never checked, and what is outdated', () => {
    expect(look({ filter: 'attention' })).toEqual(['my/old', 'org/part']);
    expect(look({ filter: 'unverified' })).toEqual(['an/other']);
    expect(look({ filter: 'updates' }, [`an/other@${other.commit}`])).toEqual(['an/other']);
  });
});
