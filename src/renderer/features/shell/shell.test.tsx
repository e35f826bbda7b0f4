// @vitest-environment jsdom
import { act, cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { failure, succeed } from '../../testing/fake-bridge.ts';
import { renderPage, violations } from '../../testing/render.tsx';
import { sampleDownload, sampleSnapshot } from '../../testing/samples.ts';
import { Pane } from '../../ui/pane.tsx';
import { WindowFrame } from './window-frame.tsx';

afterEach(cleanup);

const panes = {
  discover: () => <Pane title="Discover">{null}</Pane>,
  downloads: () => <Pane title="Downloads">{null}</Pane>,
  library: () => <Pane title="Library">{null}</Pane>,
  settings: () => <Pane title="Settings">{null}</Pane>,
};
const heading = () => screen.getByRole('heading', { level: 1 }).textContent;
const progress = (seq: number, change: Partial<ReturnType<typeof sampleDownload>> = {}) => {
  const view = sampleDownload(change);
  return {
    type: 'engine',
    event: {
      event: 'progress',
      seq,
      time: new Date(0).toISOString(),
      download: view.id,
      state: view.state,
      receivedBytes: view.receivedBytes,
      verifiedBytes: view.verifiedBytes,
      totalBytes: view.totalBytes,
      bytesPerSecond: view.bytesPerSecond,
      etaSeconds: view.etaSeconds,
      chunksDone: view.chunksDone,
      chunksTotal: view.chunksTotal,
      streams: view.streams,
    },
  } as const;
};

async function openWindow(...downloads: ReturnType<typeof sampleDownload>[]) {
  const page = renderPage(<WindowFrame panes={panes} />, {
    snapshot: () => succeed(sampleSnapshot(...downloads)),
  });
  await waitFor(() => expect(page.stores.engine.store.getState().downloads).not.toBeNull());
  return page;
}

describe('the window', () => {
  it('names the program that does the downloads while it is not this one', async () => {
    const { fake } = await openWindow();
    const run = (owner: object) =>
      act(() => fake.emit({ type: 'engine-status', status: { state: 'running', runId: 'r', ...owner } }));
    run({ owner: 'haulyard download' });
    expect(screen.getByText('Run by “haulyard download” until it ends')).not.toBeNull();
    run({});
    expect(screen.queryByText(/Run by/)).toBeNull();
  });

  it.each(['Downloads', 'Library', 'Settings'])('goes to %s by its link', async (name) => {
    const { user } = await openWindow();
    await user.click(screen.getByRole('link', { name }));
    expect(heading()).toBe(name);
    expect(screen.getByRole('link', { name })).toHaveProperty('ariaCurrent', 'page');
  });

  it('opens on Downloads while one is under way, and else where it was left', async () => {
    const first = await openWindow(sampleDownload());
    await waitFor(() => expect(heading()).toBe('Downloads'));
    await first.user.click(screen.getByRole('link', { name: 'Library' }));
    expect(localStorage.getItem('section')).toBe('library');
  });

  it('gives the focus to the title of a section that a key went to', async () => {
    await openWindow();
    fireEvent.keyDown(document.body, { key: '3', ctrlKey: true });
    await waitFor(() => expect(document.activeElement?.textContent).toBe('Library'));
  });

  it('does not mark the texts of the page by Select All', async () => {
    await openWindow();
    const isLeft = fireEvent.keyDown(document.body, { key: 'a', ctrlKey: true });
    expect(isLeft).toBe(false);
  });

  it('closes the inspector by Escape, wherever the focus is', async () => {
    const { stores } = await openWindow();
    act(() => stores.navigation.getState().toggleInspector());
    fireEvent.keyDown(document.body, { key: 'Escape' });
    expect(stores.navigation.getState().isInspectorOpen).toBe(false);
  });

  it('goes to a section by its key', async () => {
    await openWindow();
    fireEvent.keyDown(document.body, { key: '3', ctrlKey: true });
    expect(heading()).toBe('Library');
  });

  it('goes there also while a busy control swallows its keys', async () => {
    await openWindow();
    const swallow = (event: Event) => event.preventDefault();
    document.body.addEventListener('keydown', swallow);
    fireEvent.keyDown(document.body, { key: '3', ctrlKey: true });
    document.body.removeEventListener('keydown', swallow);
    expect(heading()).toBe('Library');
  });

  it('does a request once, when key and menu make it', async () => {
    const { fake, stores } = await openWindow();
    fireEvent.keyDown(document.body, { key: 'i', code: 'KeyI', ctrlKey: true, altKey: true });
    act(() => fake.emit({ type: 'request', request: { do: 'toggle-inspector' } }));
    expect(stores.navigation.getState().isInspectorOpen).toBe(true);
  });

  it('shows the download that a notification asks for', async () => {
    const { fake, stores } = await openWindow();
    act(() => fake.emit({ type: 'request', request: { do: 'show', section: 'downloads', download: 'd1' } }));
    expect(heading()).toBe('Downloads');
    expect(stores.navigation.getState().selected).toBe('d1');
  });

  it('pauses everything with Alt and Space, and lets everything go on again', async () => {
    const { fake } = await openWindow(sampleDownload());
    fireEvent.keyDown(document.body, { key: ' ', code: 'Space', altKey: true });
    expect(fake.callsOf('downloads.pauseAll')).toHaveLength(1);
  });

  it('shows a text instead of a section that cannot be rendered', async () => {
    const broken = () => {
      throw new Error('no such thing');
    };
    const quiet = console.error;
    console.error = () => {};
    const { user } = renderPage(<WindowFrame panes={{ ...panes, discover: broken }} />);
    expect(screen.getByText('Something went wrong in this window')).toBeTruthy();
    await user.click(screen.getByRole('link', { name: 'Library' }));
    console.error = quiet;
    expect(heading()).toBe('Library');
  });

  it('has nothing that axe finds wrong', async () => {
    await openWindow(sampleDownload());
    expect(await violations()).toEqual([]);
  });
});

describe('the foot of the sidebar', () => {
  it('tells speed, time left and progress of all downloads together', async () => {
    await openWindow(
      sampleDownload({ receivedBytes: 5e9, totalBytes: 10e9, bytesPerSecond: 5e6, etaSeconds: 1000 }),
    );
    const bar = screen.getByRole('progressbar', { name: 'All downloads' });
    expect(bar.getAttribute('aria-valuetext')).toBe('50 percent, 5.0 MB/s · 17 min left');
    expect(screen.getByText('5.00 of 10.00 GB')).toBeTruthy();
  });

  it('is empty while there is nothing to announce', async () => {
    await openWindow(sampleDownload({ state: 'ready' }));
    expect(screen.queryByRole('progressbar')).toBeNull();
  });
});

describe('announcements', () => {
  it('is a change of state, not each progress', async () => {
    const { fake } = await openWindow(sampleDownload());
    const said = () => screen.getAllByRole('status').map(({ textContent }) => textContent);
    act(() => fake.emit(progress(1, { receivedBytes: 6_500_000_000 })));
    expect(said().join('')).toBe('');
    act(() => fake.emit(progress(2, { state: 'paused' })));
    await waitFor(() => expect(said()).toContain('Moshi BF16: paused'));
  });
});

describe('the engine', () => {
  it('is reported when it restarts by itself', async () => {
    const { fake } = await openWindow();
    const retryAt = new Date(Date.now() + 3000).toISOString();
    const error = failure('EngineUnavailable', 'It ended.');
    act(() =>
      fake.emit({ type: 'engine-status', status: { state: 'restarting', attempt: 1, retryAt, error } }),
    );
    expect(screen.getByText(/Your progress is saved. Restarting in 3 s/)).toBeTruthy();
  });

  it('can be started again by a button when it gave up', async () => {
    const { fake, user } = await openWindow();
    fake.answer('engine.restart', () => succeed(undefined));
    const error = failure('LedgerBusy', 'Another program uses the ledger.');
    act(() => fake.emit({ type: 'engine-status', status: { state: 'failed', error } }));
    const note = within(screen.getByRole('alert'));
    expect(note.getByText(/Another program uses the ledger/)).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Try Again' }));
    expect(fake.callsOf('engine.restart')).toHaveLength(1);
  });

  it('takes a new snapshot when it is back', async () => {
    const { fake } = await openWindow();
    const before = fake.callsOf('snapshot').length;
    act(() => fake.emit({ type: 'engine-status', status: { state: 'running', runId: 'run-2' } }));
    await waitFor(() => expect(fake.callsOf('snapshot').length).toBe(before + 1));
  });
});

describe('a download that stops out of sight', () => {
  async function stopOne(section: 'discover' | 'library') {
    const page = await openWindow(sampleDownload());
    act(() => page.stores.navigation.getState().go(section));
    const error = failure('NotFound', 'The repository is gone.');
    page.fake.answer('snapshot', () => succeed(sampleSnapshot(sampleDownload({ state: 'failed', error }))));
    await act(() => page.stores.engine.refresh());
    return page;
  }

  it('is reported in words, with a way to it', async () => {
    const { user } = await stopOne('library');
    expect(await screen.findByText(/^Moshi BF16: Hugging Face doesn’t have this model/)).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Show' }));
    expect(heading()).toBe('Downloads');
  });

  it('is left to its row once that is looked at', async () => {
    const { stores, user } = await stopOne('library');
    expect(stores.toasts.getState().toasts).toHaveLength(1);
    await user.click(screen.getByRole('link', { name: 'Downloads' }));
    expect(stores.toasts.getState().toasts).toEqual([]);
  });

  it('is no longer reported when it continues', async () => {
    const { fake, stores } = await stopOne('library');
    fake.answer('snapshot', () => succeed(sampleSnapshot(sampleDownload())));
    await act(() => stores.engine.refresh());
    expect(stores.toasts.getState().toasts).toEqual([]);
  });

  it('is left to its card where that is in sight', async () => {
    const { stores } = await stopOne('discover');
    expect(stores.toasts.getState().toasts).toEqual([]);
  });
});
