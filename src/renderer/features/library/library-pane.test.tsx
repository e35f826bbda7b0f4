// @vitest-environment jsdom
import { act, cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { EngineEvent } from '../../../shared/contract/events.ts';
import type { MadeModel } from '../../../shared/model/build.ts';
import type { Library, VerifyReport } from '../../../shared/model/library.ts';
import { UNDO_MS } from '../../stores/library-store.ts';
import { type Answers, fail, succeed } from '../../testing/fake-bridge.ts';
import { renderPage, violations } from '../../testing/render.tsx';
import { sampleModel } from '../../testing/sample-library.ts';
import { sampleDownload, sampleSnapshot } from '../../testing/samples.ts';
import { LibraryPane } from './library-pane.tsx';

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const other = sampleModel({
  repo: 'an/other',
  model: null,
  variant: null,
  verifiedAt: null,
  verifiedOk: null,
});
const full: Library = {
  models: [sampleModel(), other],
  partials: [
    { repo: 'kyutai/moshiko-mlx-q8', path: '/cache/q8.haulyard.incomplete', bytes: 3e9, download: 'd1' },
    { repo: 'org/old', path: '/cache/abc.incomplete', bytes: 7e8, download: null },
  ],
  made: [],
  warnings: ['A link leads outside of the cache.'],
  freeBytes: 120e9,
};
const madeModel: MadeModel = {
  id: 'kyutai/moshiko-mlx-bf16-q4',
  model: 'moshi',
  variant: 'q4',
  from: { repo: 'kyutai/moshiko-mlx-bf16', commit: '12'.repeat(20), sha256: 'b9a46943'.repeat(8) },
  path: '/made/q4',
  file: '/made/q4/model.q4.safetensors',
  bytes: 5_190_191_180,
  files: 3,
  madeAt: '2026-12-03T12:15:00Z',
  recipe: 'mlx-affine-4-32',
  rule: 'metal',
  bits: 4,
  paths: ['model.q4.safetensors'],
  complete: true,
};
const nothing: Library = { models: [], partials: [], made: [], warnings: [] };

async function show(library: Library = full, answers: Answers = {}) {
  const page = renderPage(<LibraryPane />, {
    snapshot: () => succeed(sampleSnapshot(sampleDownload({ repo: 'kyutai/moshiko-mlx-q8', variant: 'q8' }))),
    'library.list': () => succeed(library),
    'clipboard.write': () => succeed(undefined as never),
    'shell.reveal': () => succeed(undefined as never),
    ...answers,
  });
  await waitFor(() => {
    expect(page.stores.library.store.getState().library).not.toBeNull();
    expect(page.stores.catalog.store.getState().catalog).not.toBeNull();
    expect(page.stores.preferences.store.getState().info).not.toBeNull();
  });
  const notice = () => page.stores.toasts.getState().toasts.at(-1)?.text;
  return { ...page, notice };
}

const row = (name = 'Moshi BF16') => screen.getByRole('listitem', { name });
const report = (ok: boolean): VerifyReport => ({
  ok,
  files: [
    { path: 'model.safetensors', ok, expected: 'a', actual: 'b', badChunks: ok ? [] : [6], checkedAt: '' },
  ],
});

describe('Library', () => {
  it('shows what was made here also when the cache is empty', async () => {
    await show({ ...nothing, made: [madeModel] });
    expect(await screen.findByRole('listitem', { name: 'Moshi Q4' })).toBeTruthy();
    expect(screen.queryByText('Nothing here yet')).toBeNull();
  });

  it('shows each model with size, what needs it, and when every byte of it was checked', async () => {
    await show();
    const text = row().textContent;
    expect(text).toContain('15.8 GB');
    expect(text).toContain('Intact');
    expect(text).toContain('4 files · verified ');
    expect(text).toContain('Q8 and Q4 can be made from it here.');
    expect(row('an/other').textContent).toContain('Not verified');
  });

  it('tells the use of the disk in all and what is free', async () => {
    await show();
    expect(screen.getByText('35.2 GB in 2 models · 120.0 GB free')).toBeTruthy();
  });

  it('checks a model with a heartbeat, and says that it is intact', async () => {
    let end: (outcome: ReturnType<typeof succeed<VerifyReport>>) => void = () => {};
    const { fake, user, notice } = await show(full, {
      'library.verify': () =>
        new Promise((resolve) => {
          end = resolve;
        }),
    });
    await user.click(within(row()).getByRole('button', { name: 'Verify' }));
    const heartbeat = { seconds: 12, hashedBytes: 6_100_000_000, totalBytes: 15_375_697_208, path: 'x' };
    const event = { event: 'verifying', seq: 1, time: '', download: 'kyutai/moshiko-mlx-bf16', ...heartbeat };
    act(() => fake.emit({ type: 'engine', event: event as EngineEvent }));
    expect(row().textContent).toContain('verifying… 12 s · 6.10 of 15.38 GB');
    expect(within(row()).getByRole('progressbar').getAttribute('aria-valuetext')).toBe(
      '39 percent, verifying',
    );
    await act(async () => end(succeed(report(true))));
    await waitFor(() => expect(notice()).toBe('Moshi BF16 is intact. Every byte was checked.'));
    expect(fake.callsOf('library.verify')[0]).toMatchObject({
      reference: 'kyutai/moshiko-mlx-bf16',
      repair: false,
    });
  });

  it('shows what is damaged and repairs it', async () => {
    const { fake, user } = await show(full, {
      'library.verify': ({ repair }) => succeed(report(repair === true)),
    });
    await user.click(within(row()).getByRole('button', { name: 'Verify' }));
    await within(row()).findByText('model.safetensors: 1 damaged chunk');
    expect(row().textContent).toContain('Damaged');
    await user.click(within(row()).getByRole('button', { name: 'Repair' }));
    await waitFor(() => expect(row().textContent).toContain('Intact'));
    expect(fake.callsOf('library.verify')[1]).toMatchObject({ repair: true });
  });

  const removedSeveral = (freedBytes: number) =>
    succeed({ removed: [{ repo: 'a/b', freedBytes, removedSnapshots: 1 }], failed: [], freedBytes });

  it('removes a model after a yes and a while, and tells what became free', async () => {
    const { fake, user, notice } = await show(full, {
      'library.removeSeveral': () => removedSeveral(15_760_000_000),
    });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true });
    await user.click(within(row()).getByRole('button', { name: 'More' }));
    await user.click(await screen.findByRole('menuitem', { name: /^Remove…/ }));
    const dialog = await screen.findByRole('dialog', { name: 'Remove Moshi BF16?' });
    expect(dialog.textContent).toContain('To make Q8 or Q4 later it would have to be downloaded again.');
    await user.click(within(dialog).getByRole('button', { name: 'Remove and Free 15.8 GB' }));
    expect(screen.queryByRole('listitem', { name: 'Moshi BF16' })).toBeNull();
    expect(fake.callsOf('library.removeSeveral')).toEqual([]);
    await act(async () => void vi.advanceTimersByTime(UNDO_MS));
    await waitFor(() => expect(notice()).toBe('Moshi BF16 removed. 15.8 GB freed.'));
    expect(fake.callsOf('library.removeSeveral')).toEqual([
      { items: [{ reference: 'kyutai/moshiko-mlx-bf16' }] },
    ]);
  });

  it('takes a removal back by Undo, and deletes nothing', async () => {
    const { fake, stores } = await show();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true });
    const removal = stores.library.remove([sampleModel()]);
    await waitFor(() => expect(screen.queryByRole('listitem', { name: 'Moshi BF16' })).toBeNull());
    act(() => removal.undo());
    expect(row()).toBeTruthy();
    await act(async () => void vi.advanceTimersByTime(2 * UNDO_MS));
    expect(await removal.ended).toBeNull();
    expect(fake.callsOf('library.removeSeveral')).toEqual([]);
  });

  it('selects several by Shift and by keys, and removes them together', async () => {
    const { fake, user } = await show(full, { 'library.removeSeveral': () => removedSeveral(7) });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true });
    act(() => row().focus());
    await user.keyboard('{Shift>}{ArrowDown}{/Shift}');
    expect(row('an/other').ariaCurrent).toBe('true');
    expect(screen.getByText('2 selected · 31.5 GB')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Remove Selected…' }));
    await user.click(await screen.findByRole('button', { name: /^Remove and Free/ }));
    await act(async () => void vi.advanceTimersByTime(UNDO_MS));
    await waitFor(() =>
      expect(fake.callsOf('library.removeSeveral')).toEqual([
        { items: [{ reference: 'kyutai/moshiko-mlx-bf16' }, { reference: 'an/other' }] },
      ]),
    );
  });

  it('selects everything by ⌘A, and one more or less by ⌘ and a click', async () => {
    const { user } = await show();
    act(() => row().focus());
    await user.keyboard('{Control>}a{/Control}');
    expect(screen.getByText(/^4 selected/)).toBeTruthy();
    fireEvent.pointerDown(row('an/other'), { ctrlKey: true });
    expect(screen.getByText(/^3 selected/)).toBeTruthy();
  });

  it('opens a menu of the system for what is selected, and does what was chosen', async () => {
    const { fake } = await show(full, {
      'menu.popUp': () => succeed({ chosen: 'verify' }),
      'library.verify': () => succeed(report(true)),
    });
    fireEvent.pointerDown(row('an/other'), { button: 2 });
    fireEvent.contextMenu(row('an/other'));
    await waitFor(() => expect(fake.callsOf('library.verify')).toMatchObject([{ reference: 'an/other' }]));
    const names = fake
      .callsOf('menu.popUp')[0]
      ?.groups.flat()
      .map(({ name }) => name);
    expect(names).toContain('show-files');
    expect(names?.at(-1)).toBe('remove');
  });

  it('moves a model to a folder that was chosen, and says where it is', async () => {
    const { fake, user, notice } = await show(full, {
      'dialog.chooseFolder': () => succeed({ path: '/Volumes/Big' }),
      'library.relocate': () =>
        succeed({ repo: sampleModel().repo, from: '/cache/x', to: '/Volumes/Big/models--k--m', bytes: 1 }),
    });
    await user.click(within(row()).getByRole('button', { name: 'More' }));
    await user.click(await screen.findByRole('menuitem', { name: 'Move to Another Disk…' }));
    await waitFor(() => expect(notice()).toMatch(/^Moshi BF16 is in \/Volumes\/Big/));
    expect(fake.callsOf('library.relocate')).toEqual([{ reference: sampleModel().repo, to: '/Volumes/Big' }]);
  });

  it('shows what other programs have, and leads to taking it over', async () => {
    const model = {
      tool: 'lm-studio',
      name: 'org/m-GGUF',
      repo: 'org/m-GGUF',
      path: '/lm/x',
      bytes: 2e9,
      files: 1,
    } as const;
    const unnamed = { ...model, tool: 'ollama', name: 'llama3:8b', repo: null, path: '/o' } as const;
    const { user, stores } = await show({ ...nothing, elsewhere: [model, unnamed] });
    const section = screen.getByRole('region', { name: 'In other apps' });
    expect(section.textContent).toContain('LM Studio2.0 GB');
    expect(within(section).getAllByRole('button')).toHaveLength(1);
    await user.click(within(section).getByRole('button', { name: 'Add to Library…' }));
    expect(stores.navigation.getState().preview).toEqual({ reference: 'org/m-GGUF' });
  });

  it('lists the files of a model with their sizes', async () => {
    const { fake, user } = await show(full, {
      'library.files': () =>
        succeed({
          files: [
            { path: 'model.safetensors', bytes: 5e9 },
            { path: 'x', bytes: null },
          ],
          total: 2,
        }),
    });
    await user.click(within(row()).getByRole('button', { name: 'More' }));
    await user.click(await screen.findByRole('menuitem', { name: 'Show Files' }));
    const dialog = await screen.findByRole('dialog', { name: 'Files of Moshi BF16' });
    await within(dialog).findByText('5.0 GB');
    expect(within(dialog).getByText('missing')).toBeTruthy();
    expect(fake.callsOf('library.files')).toMatchObject([
      { reference: sampleModel().repo, revision: sampleModel().commit },
    ]);
  });

  it('tells of newer commits when asked, and downloads what changed', async () => {
    const { repo, commit } = sampleModel();
    const check = {
      repo,
      revision: 'main',
      commit,
      latestCommit: 'a'.repeat(40),
      updatedAt: null,
      downloadBytes: 2e9,
      error: null,
    };
    const changes = [{ path: 'model.safetensors', change: 'changed', size: 2e9 } as const];
    const { fake, user, notice, stores } = await show(full, {
      'library.outdated': () => succeed({ models: [{ ...check, changes }] }),
      'library.update': () => succeed({ ids: ['d9'] }),
    });
    await user.click(screen.getByRole('button', { name: 'Check for Updates' }));
    await waitFor(() => expect(notice()).toBe('1 model can be updated.'));
    expect(row().textContent).toContain('1 file changed. Updating downloads 2.0 GB');
    await user.click(within(row()).getByRole('button', { name: 'Update' }));
    await waitFor(() => expect(stores.navigation.getState().selected).toBe('d9'));
    expect(fake.callsOf('library.update')).toEqual([{ references: [repo] }]);
  });

  it('shows what takes the disk, and deletes only what was looked at and left ticked', async () => {
    const item = (path: string, bytes: number) =>
      ({ kind: 'revision', repo: 'org/old', commit: 'c', path, bytes }) as const;
    const { fake, user, notice } = await show(full, {
      'library.diskUsage': () =>
        succeed({
          cacheDir: '/cache',
          repositories: [{ repo: 'a/b', bytes: 20e9, unfinishedBytes: 1e9 }],
          totalBytes: 20e9,
          madeBytes: 0,
          prunableBytes: 5e9,
          freeBytes: 120e9,
          volumeBytes: 500e9,
        }),
      'library.prune': ({ dryRun }) =>
        succeed({ items: dryRun ? [item('/a', 3e9), item('/b', 2e9)] : [], freedBytes: 3e9, failed: [] }),
    });
    await screen.findByRole('img', { name: 'Storage: Models 19.0 GB, Unfinished 1.0 GB, Free 120.0 GB' });
    await user.click(screen.getByRole('button', { name: 'Clean Up…' }));
    const [, second] = await screen.findAllByRole('checkbox');
    await user.click(second as HTMLElement);
    await user.click(screen.getByRole('button', { name: 'Delete and Free 3.0 GB' }));
    await waitFor(() => expect(notice()).toBe('3.0 GB freed.'));
    expect(fake.callsOf('library.prune').at(-1)).toEqual({ paths: ['/a'] });
  });

  it('names the revision to remove where another one of the repository stays', async () => {
    const second = sampleModel({ commit: 'f'.repeat(40), refs: [] });
    const { fake, stores } = await show(
      { ...nothing, models: [sampleModel(), second] },
      { 'library.removeSeveral': () => removedSeveral(1) },
    );
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true });
    const one = stores.library.remove([second]);
    const both = stores.library.remove([sampleModel(), second]);
    await act(async () => void vi.advanceTimersByTime(UNDO_MS));
    await act(async () => void (await Promise.all([one.ended, both.ended])));
    expect(fake.callsOf('library.removeSeveral').map(({ items }) => items)).toEqual([
      [{ reference: second.repo, revision: second.commit }],
      [{ reference: second.repo }],
    ]);
  });

  it('finds by a part of the name', async () => {
    const { user } = await show();
    await user.type(screen.getByRole('searchbox', { name: 'Search the library' }), 'moshi');
    expect(screen.queryByRole('listitem', { name: 'an/other' })).toBeNull();
    await user.type(screen.getByRole('searchbox'), 'xyz');
    expect(screen.getByText('No models match “moshixyz”.')).toBeTruthy();
  });

  it('takes the focus into the search when ⌘F asks for it', async () => {
    const { stores } = await show();
    act(() => stores.navigation.getState().wantFocus('search'));
    expect(document.activeElement).toBe(screen.getByRole('searchbox'));
  });

  it('walks with the arrow keys, shows with Return and verifies what is selected', async () => {
    const { fake, user } = await show(full, { 'library.verify': () => succeed(report(true)) });
    row().focus();
    await user.keyboard('{ArrowDown}');
    expect(document.activeElement).toBe(row('an/other'));
    await user.keyboard('{Enter}');
    expect(fake.callsOf('shell.reveal')).toEqual([{ path: other.path }]);
    await act(async () => fake.emit({ type: 'request', request: { do: 'verify-selected' } }));
    expect(fake.callsOf('library.verify')[0]).toMatchObject({ reference: 'an/other' });
  });

  it('gives what is unfinished one row, and leads to the download that needs it', async () => {
    const { stores, user } = await show();
    expect(row('org/old').textContent).toContain('abc.incomplete · 700.0 MB · left by another tool');
    const coming = row('kyutai/moshiko-mlx-q8');
    expect(coming.textContent).not.toContain('Remove');
    await user.click(within(coming).getByRole('button', { name: 'Show Download' }));
    expect(stores.navigation.getState()).toMatchObject({ section: 'downloads', selected: 'd1' });
  });

  it('leads from a model that is on its way to its download', async () => {
    const coming = sampleModel({ repo: 'kyutai/moshiko-mlx-q8', variant: 'q8', complete: false, refs: [] });
    const { stores, user } = await show({ ...nothing, models: [coming] });
    expect(row('Moshi Q8').textContent).toContain('Downloading');
    expect(row('Moshi Q8').textContent).not.toMatch(/verified|not on any|Finish Downloading/);
    await user.click(within(row('Moshi Q8')).getByRole('button', { name: 'Show Download' }));
    expect(stores.navigation.getState()).toMatchObject({ section: 'downloads', selected: 'd1' });
  });

  it('removes a partial after a yes', async () => {
    const { fake, user, notice } = await show(full, {
      'library.removePartial': () => succeed({ freedBytes: 700_000_000 }),
    });
    await user.click(
      within(row('org/old')).getByRole('button', {
        name: 'Remove…',
      }),
    );
    await user.click(await screen.findByRole('button', { name: 'Remove and Free 700.0 MB' }));
    await waitFor(() => expect(notice()).toBe('Unfinished file removed. 700.0 MB freed.'));
    expect(fake.callsOf('library.removePartial')).toEqual([{ path: '/cache/abc.incomplete' }]);
  });

  it('says where it looked when there is nothing', async () => {
    await show(nothing);
    expect(screen.getByText(/looked in \/Users\/ada\/\.cache\/huggingface\/hub/)).toBeTruthy();
  });

  it('imports a partial for the unfinished file that it fits', async () => {
    const { fake, user, stores, notice } = await show(nothing, {
      'dialog.choosePartial': () =>
        succeed({ file: { path: '/Downloads/model.safetensors.part', bytes: 1.2e9 } }),
      'downloads.adopt': () => succeed({ file: 'model.safetensors', adoptedBytes: 1.2e9 }),
    });
    await user.click(screen.getAllByRole('button', { name: 'Import Unfinished File…' })[0] as HTMLElement);
    expect(await screen.findByRole('radio', { name: /Moshi Q8 · model\.safetensors/ })).toHaveProperty(
      'checked',
      true,
    );
    await user.click(screen.getByRole('button', { name: 'Import' }));
    await waitFor(() => expect(notice()).toMatch(/^Reusing 1\.2 GB from model\.safetensors\.part/));
    expect(fake.callsOf('downloads.adopt')).toEqual([
      { id: 'd1', partial: '/Downloads/model.safetensors.part', file: 'model.safetensors' },
    ]);
    expect(stores.navigation.getState().section).toBe('downloads');
  });

  it('imports a file that is dropped on it', async () => {
    const { fake } = await show();
    fake.bridge.pathOf = () => '/Downloads/model.safetensors.part';
    const dataTransfer = { types: ['Files'], files: [new File(['abc'], 'x')] };
    fireEvent.drop(screen.getByRole('list', { name: 'Models in the cache' }), { dataTransfer });
    await screen.findByRole('dialog', { name: 'Import Unfinished File' });
    expect(screen.getByText(/^model\.safetensors\.part · 3 bytes/)).toBeTruthy();
  });

  it('imports a partial for a model that is not downloaded yet', async () => {
    const file = {
      path: 'w.bin',
      size: 5e9,
      hash: 'a',
      algorithm: 'sha256',
      chunks: 96,
      present: false,
    } as const;
    const { fake, user } = await show(nothing, {
      snapshot: () => succeed(sampleSnapshot()),
      'dialog.choosePartial': () => succeed({ file: { path: '/Downloads/part', bytes: 1e9 } }),
      'downloads.plan': () => succeed({ files: [file] } as never),
      'downloads.add': () => succeed({ id: 'new' }),
    });
    await user.click(screen.getAllByRole('button', { name: 'Import Unfinished File…' })[0] as HTMLElement);
    await user.type(await screen.findByRole('textbox', { name: 'Model link or ID' }), 'org/name');
    await user.click(screen.getByRole('button', { name: 'Show Files' }));
    await screen.findByRole('radio', { name: 'w.bin · 5.0 GB' });
    await user.click(screen.getByRole('button', { name: 'Import' }));
    await waitFor(() =>
      expect(fake.callsOf('downloads.add')).toEqual([
        { reference: 'org/name', from: { 'w.bin': '/Downloads/part' } },
      ]),
    );
  });

  it('says why the cache could not be read, and tries again', async () => {
    const page = renderPage(<LibraryPane />, {
      'library.list': () => fail('DiskMissing', 'The volume X is not connected.'),
    });
    await screen.findByText(/The volume X is not connected\./);
    page.fake.answer('library.list', () => succeed(full));
    await page.user.click(screen.getByRole('button', { name: 'Try Again' }));
    await screen.findByText('kyutai/moshiko-mlx-bf16');
  });

  it('has nothing that axe finds wrong', async () => {
    await show();
    expect(await violations()).toEqual([]);
  });
});
