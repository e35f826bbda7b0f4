// @vitest-environment jsdom
import { act, cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import type { EngineEvent } from '../../../shared/contract/events.ts';
import type { DownloadView } from '../../../shared/model/download.ts';
import { type Answers, fail, succeed } from '../../testing/fake-bridge.ts';
import { renderPage, violations } from '../../testing/render.tsx';
import { sampleDownload } from '../../testing/sample-download.ts';
import { sampleSnapshot } from '../../testing/samples.ts';
import { CancelDialog } from './cancel-dialog.tsx';
import { DownloadsPane } from './downloads-pane.tsx';

afterEach(cleanup);

const done = () => succeed(undefined as never);

async function show(downloads: readonly DownloadView[], answers: Answers = {}) {
  const page = renderPage(
    <>
      <DownloadsPane />
      <CancelDialog />
    </>,
    {
      snapshot: () => succeed(sampleSnapshot(...downloads)),
      'downloads.pause': done,
      'downloads.resume': done,
      'downloads.cancel': done,
      'downloads.retryNow': done,
      'downloads.startNow': done,
      'downloads.move': done,
      'clipboard.write': done,
      'shell.reveal': done,
      ...answers,
    },
  );
  await waitFor(() => {
    expect(page.stores.engine.store.getState().downloads).not.toBeNull();
    expect(page.stores.catalog.store.getState().catalog).not.toBeNull();
    expect(page.stores.preferences.store.getState().info).not.toBeNull();
  });
  return page;
}

const row = (name = 'Moshi BF16') => screen.getByRole('listitem', { name });
const error = {
  code: 'Gated',
  message: 'Gated on hub.test.',
  retryable: false,
  details: { status: 403 },
} as const;

describe('Downloads', () => {
  it('shows a download with its numbers, and reads them as a person would say them', async () => {
    await show([sampleDownload()]);
    const text = row().textContent;
    for (const part of ['6.31 of 15.38 GB · 41 %', '4.2 MB/s', '36 min left']) {
      expect(text).toContain(part);
    }
    const bar = within(row()).getByRole('progressbar');
    expect(bar.getAttribute('aria-valuetext')).toBe('41 percent, 36 minutes left');
    expect(bar.getAttribute('aria-valuenow')).toBe('41');
  });

  it('marks the phase that it is in', async () => {
    await show([sampleDownload()]);
    expect(within(row()).getByText('Downloading', { selector: '[aria-current=step]' })).toBeTruthy();
  });

  it('follows progress without rendering other rows', async () => {
    const other = sampleDownload({ id: 'other', repo: 'a/b', model: null });
    const { fake } = await show([sampleDownload(), other]);
    const before = row('a/b').innerHTML;
    const event = { event: 'progress', seq: 1, time: new Date().toISOString(), download: 'moshi' };
    const numbers = { ...sampleDownload({ receivedBytes: 7_700_000_000 }), chunksDone: 147 };
    act(() => fake.emit({ type: 'engine', event: { ...numbers, ...event } as unknown as EngineEvent }));
    expect(row().textContent).toContain('7.70 of 15.38 GB · 50 %');
    expect(row('a/b').innerHTML).toBe(before);
  });

  it('offers to show the folder as soon as something is in it', async () => {
    const { fake, user } = await show([sampleDownload({ receivedBytes: 0, verifiedBytes: 0 })]);
    const event = { event: 'progress', seq: 1, time: new Date().toISOString(), download: 'moshi' };
    act(() =>
      fake.emit({ type: 'engine', event: { ...sampleDownload(), ...event } as unknown as EngineEvent }),
    );
    await user.click(within(row()).getByRole('button', { name: 'More' }));
    const item = await screen.findByRole('menuitem', { name: /Finder|Files/ });
    expect(item.getAttribute('aria-disabled')).not.toBe('true');
  });

  it('starts now what waits for its turn, and says from when downloads run at other hours', async () => {
    const retryAt = new Date(2026, 0, 5, 22).toISOString();
    const { fake, user } = await show([
      sampleDownload({ state: 'queued' }),
      sampleDownload({
        id: 'w',
        repo: 'a/b',
        model: null,
        state: 'waiting',
        wait: { reason: 'schedule', retryAt },
      }),
    ]);
    expect(row('a/b').textContent).toContain('Downloads run from 22:00.');
    await user.click(within(row()).getByRole('button', { name: 'Start Now' }));
    await user.click(within(row('a/b')).getByRole('button', { name: 'Start Now' }));
    expect(fake.callsOf('downloads.startNow')).toEqual([{ id: 'moshi' }, { id: 'w' }]);
  });

  it('limits the speed by one choice in the header', async () => {
    const { fake, user } = await show([sampleDownload()]);
    await user.click(screen.getByRole('button', { name: 'No limit on the download speed' }));
    await user.click(await screen.findByRole('menuitemradio', { name: '5.0 MB/s' }));
    expect(fake.callsOf('settings.set')).toEqual([{ limitBytesPerSecond: 5_000_000 }]);
  });

  it('pauses, and resumes what is paused', async () => {
    const { fake, user } = await show([
      sampleDownload(),
      sampleDownload({ id: 'p', repo: 'a/b', model: null, state: 'paused' }),
    ]);
    await user.click(within(row()).getByRole('button', { name: 'Pause' }));
    await user.click(within(row('a/b')).getByRole('button', { name: 'Resume' }));
    expect(fake.callsOf('downloads.pause')).toEqual([{ id: 'moshi' }]);
    expect(fake.callsOf('downloads.resume')).toEqual([{ id: 'p' }]);
  });

  it('is one stop of Tab for each list, with the buttons of its current row', async () => {
    await show([sampleDownload(), sampleDownload({ id: 'other', variant: 'q8' })]);
    const stops = [...document.querySelectorAll('[data-row]')].map(
      (each) => each.querySelectorAll('button:not([tabindex="-1"])').length,
    );
    expect(stops[0]).toBeGreaterThan(0);
    expect(stops[1]).toBe(0);
  });

  it('finds downloads by words of their names, in any order', async () => {
    const { user, stores } = await show([sampleDownload(), sampleDownload({ id: 'other', variant: 'q8' })]);
    act(() => stores.navigation.getState().wantFocus('search'));
    expect(document.activeElement).toBe(screen.getByRole('searchbox', { name: 'Search downloads' }));
    await user.keyboard('q8 moshi');
    expect(screen.queryByRole('listitem', { name: 'Moshi BF16' })).toBeNull();
    expect(screen.getByRole('listitem', { name: 'Moshi Q8' })).toBeTruthy();
  });

  it('shows what is queued or paused in one line, with its bar', async () => {
    await show([sampleDownload({ state: 'paused' })]);
    expect(screen.queryByText('Verifying')).toBeNull();
    expect(row().textContent).toContain('Paused. 6.31 GB is saved.');
    expect(within(row()).getByRole('progressbar')).toBeTruthy();
  });

  it('asks what becomes of the partial before it cancels', async () => {
    const { fake, user } = await show([sampleDownload()]);
    await user.click(within(row()).getByRole('button', { name: 'Cancel Download…' }));
    await screen.findByText('Cancel the download of Moshi BF16?');
    expect(fake.callsOf('downloads.cancel')).toEqual([]);
    await user.click(screen.getByRole('button', { name: 'Stop and Keep 6.31 GB' }));
    expect(fake.callsOf('downloads.cancel')).toEqual([{ id: 'moshi', keepPartial: true }]);
  });

  it('offers to try now while it waits for the network', async () => {
    const retryAt = new Date(Date.now() + 7500).toISOString();
    const { fake, user } = await show([
      sampleDownload({
        state: 'waiting',
        wait: { reason: 'network', code: 'Offline', trouble: 'no-network', retryAt },
        retryAt,
      }),
    ]);
    expect(row().textContent).toMatch(
      /There is no network connection\. 6\.31 GB is saved\. Trying again in [78] s\./,
    );
    await user.click(within(row()).getByRole('button', { name: 'Try Now' }));
    expect(fake.callsOf('downloads.retryNow')).toEqual([{ id: 'moshi' }]);
  });

  it('leads from a gated model to the token', async () => {
    const { stores, user } = await show([sampleDownload({ state: 'failed', error })]);
    await user.click(within(row()).getByRole('button', { name: 'Enter Token…' }));
    expect(stores.navigation.getState()).toMatchObject({ section: 'settings', focusWanted: 'token' });
  });

  it('folds the technical details away, and copies them', async () => {
    const { fake, user } = await show([sampleDownload({ state: 'failed', error })]);
    expect(row().textContent).not.toContain('403');
    await user.click(within(row()).getByRole('button', { name: 'Details' }));
    expect(row().textContent).toContain('Gated · status: 403');
    await user.click(within(row()).getByRole('button', { name: 'Copy Details' }));
    expect(fake.callsOf('clipboard.write')[0]?.text).toContain('Gated on hub.test.');
  });

  it('takes changed files only after a yes', async () => {
    const changed = { ...error, code: 'ChangedUpstream', message: 'Another hash.' } as const;
    const { fake, user } = await show([sampleDownload({ state: 'failed', error: changed })]);
    await user.click(within(row()).getByRole('button', { name: 'Review Changes…' }));
    expect(fake.callsOf('downloads.resume')).toEqual([]);
    await user.click(await screen.findByRole('button', { name: 'Accept and Download' }));
    expect(fake.callsOf('downloads.resume')).toEqual([{ id: 'moshi', acceptChanged: true }]);
  });

  it('takes the bytes of a dropped file over, and says so', async () => {
    const { fake, stores } = await show([sampleDownload()], {
      'downloads.adopt': () => succeed({ file: 'model.safetensors', adoptedBytes: 1_200_000_000 }),
    });
    fake.bridge.pathOf = () => '/Downloads/model.safetensors.part';
    const dataTransfer = { types: ['Files'], files: [new File(['x'], 'x')], dropEffect: 'none' };
    fireEvent.dragOver(row(), { dataTransfer });
    expect(row().textContent).toContain('Drop an unfinished file');
    fireEvent.drop(row(), { dataTransfer });
    await waitFor(() =>
      expect(stores.toasts.getState().toasts.at(-1)?.text).toBe(
        'Reusing 1.2 GB from model.safetensors.part. It is being checked; the file itself isn’t changed.',
      ),
    );
    expect(fake.callsOf('downloads.adopt')).toEqual([
      { id: 'moshi', partial: '/Downloads/model.safetensors.part' },
    ]);
  });

  it('says why a dropped file was not taken', async () => {
    const { fake, stores } = await show([sampleDownload()], {
      'downloads.adopt': () => fail('BadRequest', 'It is larger than the file.'),
    });
    fake.bridge.pathOf = () => '/x';
    fireEvent.drop(row(), { dataTransfer: { types: ['Files'], files: [new File(['x'], 'x')] } });
    await waitFor(() =>
      expect(stores.toasts.getState().toasts.at(-1)).toMatchObject({
        tone: 'bad',
        text: 'It is larger than the file.',
      }),
    );
  });

  it('moves a download down past the next one that is not finished', async () => {
    const ready = sampleDownload({ id: 'r', repo: 'a/ready', model: null, state: 'ready' });
    const last = sampleDownload({ id: 'l', repo: 'a/last', model: null });
    const { fake, user } = await show([sampleDownload(), ready, last]);
    await user.click(within(row()).getByRole('button', { name: 'More' }));
    await user.click(await screen.findByRole('menuitem', { name: 'Move Down' }));
    expect(fake.callsOf('downloads.move')).toEqual([{ id: 'moshi', position: 2 }]);
  });

  it('walks the rows with the arrow keys and shows a finished one with Return', async () => {
    const ready = sampleDownload({
      id: 'r',
      repo: 'a/ready',
      model: null,
      state: 'ready',
      snapshot: '/cache/snap',
    });
    const { fake, user, stores } = await show([sampleDownload(), ready]);
    row().focus();
    await user.keyboard('{ArrowDown}');
    expect(document.activeElement).toBe(row('a/ready'));
    expect(stores.navigation.getState().selected).toBe('r');
    await user.keyboard('{Enter}');
    expect(fake.callsOf('shell.reveal')).toEqual([{ path: '/cache/snap' }]);
  });

  it('keeps the focus on a download that becomes ready', async () => {
    const { fake, stores } = await show([sampleDownload()]);
    within(row()).getByRole('button', { name: 'Pause' }).focus();
    fake.answer('snapshot', () =>
      succeed({ ...sampleSnapshot(sampleDownload({ state: 'ready', snapshot: '/x' })), seq: 1 }),
    );
    const event = { event: 'done', seq: 1, time: '', download: 'moshi' } as EngineEvent;
    act(() => fake.emit({ type: 'engine', event }));
    await screen.findByRole('list', { name: 'Finished downloads' });
    expect(document.activeElement).toBe(row());
    expect(stores.navigation.getState().selected).toBe('moshi');
  });

  it('does with the selected one what menus and keys ask', async () => {
    const { fake, stores } = await show([sampleDownload()]);
    act(() => stores.navigation.getState().select('moshi'));
    act(() => fake.emit({ type: 'request', request: { do: 'toggle-selected' } }));
    act(() => fake.emit({ type: 'request', request: { do: 'remove-selected' } }));
    expect(fake.callsOf('downloads.pause')).toEqual([{ id: 'moshi' }]);
    expect(stores.navigation.getState().cancelAsked).toBe('moshi');
  });

  it('keeps finished downloads in a list of their own, with what is needed to use them', async () => {
    const { fake, user } = await show([
      sampleDownload({ state: 'ready', snapshot: '/cache/snap', model: null }),
    ]);
    const list = screen.getByRole('list', { name: 'Finished downloads' });
    await user.click(within(list).getByRole('button', { name: 'Copy Path' }));
    await user.click(within(list).getByRole('button', { name: 'Copy Python' }));
    expect(fake.callsOf('clipboard.write').map(({ text }) => text)).toEqual([
      '/cache/snap',
      expect.stringContaining('local_files_only=True'),
    ]);
    await user.click(within(list).getByRole('button', { name: 'Remove from List' }));
    expect(fake.callsOf('downloads.cancel')).toEqual([{ id: 'moshi', keepPartial: true }]);
  });

  it('checks a finished download in its row, and leads to the Library when it is damaged', async () => {
    const { fake, stores } = await show([sampleDownload({ state: 'ready', snapshot: '/cache/snap' })], {
      'library.verify': () => succeed({ ok: false, files: [] }),
    });
    act(() => stores.navigation.getState().select('moshi'));
    act(() => fake.emit({ type: 'request', request: { do: 'verify-selected' } }));
    expect(row().textContent).toContain('verifying…');
    await waitFor(() =>
      expect(stores.toasts.getState().toasts.at(-1)?.text).toContain('Moshi BF16 is damaged'),
    );
    stores.toasts.getState().toasts.at(-1)?.action?.run();
    expect(stores.navigation.getState().section).toBe('library');
  });

  it('shows the folder of a download that is on its way', async () => {
    const { fake, user } = await show([sampleDownload()]);
    await user.click(within(row()).getByRole('button', { name: 'More' }));
    await user.click(await screen.findByRole('menuitem', { name: 'Show in Files' }));
    expect(fake.callsOf('shell.reveal')).toEqual([
      { path: '/Users/ada/.cache/huggingface/hub/models--kyutai--moshiko-mlx-bf16' },
    ]);
  });

  it('leads from an empty list to Discover', async () => {
    const { stores, user } = await show([]);
    stores.navigation.getState().go('downloads');
    await user.click(screen.getByRole('button', { name: 'Open Discover' }));
    expect(stores.navigation.getState().section).toBe('discover');
  });

  it('has nothing that axe finds wrong', async () => {
    await show([
      sampleDownload(),
      sampleDownload({ id: 'f', repo: 'a/failed', model: null, state: 'failed', error }),
      sampleDownload({ id: 'r', repo: 'a/ready', model: null, state: 'ready', snapshot: '/cache/snap' }),
    ]);
    expect(await violations()).toEqual([]);
  });
});
