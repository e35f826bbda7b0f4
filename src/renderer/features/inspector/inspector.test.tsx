// @vitest-environment jsdom
import { act, cleanup, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { EngineEvent } from '../../../shared/contract/events.ts';
import type { DownloadInspection } from '../../../shared/model/inspection.ts';
import type { TransportReason } from '../../../shared/model/transport.ts';
import { type Answers, succeed } from '../../testing/fake-bridge.ts';
import { renderPage, violations } from '../../testing/render.tsx';
import { sampleDownload } from '../../testing/sample-download.ts';
import { sampleInspection } from '../../testing/sample-inspection.ts';
import { sampleSnapshot } from '../../testing/samples.ts';
import { DownloadsPane } from '../downloads/downloads-pane.tsx';

// jsdom has no canvas; what is drawn is described in words as well, and that is tested.
beforeEach(() => void vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue(null));
afterEach(cleanup);

async function open(inspection: DownloadInspection = sampleInspection(), answers: Answers = {}) {
  const page = renderPage(<DownloadsPane />, {
    snapshot: () => succeed(sampleSnapshot(sampleDownload())),
    'downloads.inspect': () => succeed(inspection),
    'clipboard.write': () => succeed(undefined as never),
    ...answers,
  });
  await waitFor(() => expect(page.stores.catalog.store.getState().catalog).not.toBeNull());
  act(() => {
    page.stores.navigation.getState().select('moshi');
    page.stores.navigation.getState().toggleInspector();
  });
  const inspector = screen.getByRole('complementary', { name: 'Inspector' });
  await within(inspector).findByText('model.safetensors', { selector: 'figcaption span' });
  return { ...page, inspector };
}

describe('Inspector', () => {
  it('describes the chunk map in words', async () => {
    const { inspector } = await open();
    const map = within(inspector).getByRole('img', { name: /^Chunk map of model\.safetensors/ });
    expect(map.getAttribute('aria-label')).toBe(
      'Chunk map of model.safetensors: 294 chunks; 169 waiting, 4 receiving, 27 done, 64 proved, 30 reused',
    );
  });

  it('draws small files together', async () => {
    const { inspector } = await open();
    expect(within(inspector).getByRole('img', { name: /2 more files: 2 chunks; 2 done/ })).toBeTruthy();
  });

  it('has a legend in words with counts over all files', async () => {
    const { inspector } = await open();
    const entries = within(inspector)
      .getAllByRole('listitem')
      .map(({ textContent }) => textContent);
    expect(entries).toContain('Done29');
    expect(entries).toContain('Reused30');
    expect(entries).toContain('Proved64');
  });

  it('shows connections with their speeds, and which of them is silent', async () => {
    const { inspector } = await open();
    expect(inspector.textContent).toContain('chunk 1224.2 MB/s'); // All that the row shows.
    expect(inspector.textContent).toContain('chunk 123silent for 7 s');
  });

  it('shows for each file the hash that is expected and whether it was found', async () => {
    const { inspector } = await open();
    expect(inspector.textContent).toContain('a'.repeat(64));
    expect(inspector.textContent).toContain('checked 6.00 of 15.38 GB');
    expect(within(inspector).getAllByText('Matches')).toHaveLength(2);
  });

  it('shows a hash that is not the expected one', async () => {
    const inspection = sampleInspection();
    const files = inspection.files.map((file, at) =>
      at === 0 ? { ...file, foundHash: 'b'.repeat(64) } : file,
    );
    const { inspector } = await open({ ...inspection, files });
    expect(inspector.textContent).toContain(`Differs ${'b'.repeat(64)}`);
  });

  it.each<[TransportReason, string]>([
    [{ transport: 'http', because: 'only', failure: null }, 'Downloaded overHTTP'],
    [{ transport: 'xet', because: 'asked', failure: null }, 'Downloaded overXet, as you chose'],
    [
      { transport: 'http', because: 'default', failure: null },
      'Downloaded overHTTP, until Xet proves faster',
    ],
    [{ transport: 'xet', because: 'faster', failure: null }, 'Downloaded overXet, which is faster here'],
    [
      { transport: 'http', because: 'other-failed', failure: 'cas.test answered with 403.' },
      'Downloaded overHTTP, because Xet failed: cas.test answered with 403.',
    ],
  ])('says how a file comes, and why (%#)', async (transport, words) => {
    const inspection = sampleInspection();
    const files = inspection.files.map((file, at) => (at === 0 ? { ...file, transport } : file));
    const { inspector } = await open({ ...inspection, files });
    const region = within(inspector).getByRole('region', { name: 'Files' });
    const texts = within(region)
      .getAllByRole('listitem')
      .map(({ textContent }) => textContent ?? '');
    expect(texts[0]?.endsWith(words)).toBe(true);
    expect(texts[1]).not.toContain('Downloaded over');
  });

  it('shows the speed and its peak', async () => {
    const { inspector, stores } = await open();
    const progress = (bytesPerSecond: number, secondsAgo: number) =>
      ({
        event: 'progress',
        state: 'downloading',
        download: 'moshi',
        time: new Date(Date.now() - secondsAgo * 1000).toISOString(),
        receivedBytes: 1,
        bytesPerSecond,
      }) as EngineEvent;
    stores.activity.receive(progress(9_000_000, 3));
    stores.activity.receive(progress(4_000_000, 1));
    await waitFor(
      () =>
        expect(
          within(inspector)
            .getByRole('img', { name: /^Speed/ })
            .getAttribute('aria-label'),
        ).toBe('Speed of the last minutes: now 4.2 MB/s, peak 9.0 MB/s'),
      { timeout: 3000 },
    );
  });

  it('asks the engine once a second, and not once it is closed', async () => {
    const { fake, stores } = await open();
    await waitFor(() => expect(fake.callsOf('downloads.inspect').length).toBeGreaterThan(1), {
      timeout: 3000,
    });
    act(() => stores.navigation.getState().toggleInspector());
    const count = fake.callsOf('downloads.inspect').length;
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(fake.callsOf('downloads.inspect')).toHaveLength(count);
  });

  it('shows what the download cost up to now', async () => {
    const { inspector } = await open();
    for (const number of ['Downloaded4.7 GB', 'Reused1.6 GB', 'Downloaded again52.4 MB', 'Retries7']) {
      expect(inspector.textContent).toContain(number);
    }
  });

  it('has only the files in sight in the page when there are thousands', async () => {
    const inspection = sampleInspection();
    const more = Array.from({ length: 2000 }, (_, index) =>
      inspection.files.map((file) => ({ ...file, path: `${index}/${file.path}` })),
    );
    const { inspector } = await open({ ...inspection, files: [...inspection.files, ...more.flat()] });
    expect(inspector.querySelectorAll('li').length).toBeLessThan(300);
  });

  it('tells the events, newest first', async () => {
    const { inspector } = await open();
    const log = within(inspector).getByRole('region', { name: 'Events' });
    const lines = within(log).getAllByRole('listitem');
    expect(lines[0]?.textContent).toContain('Replaced damaged chunk 101');
    expect(lines[1]?.textContent).toContain(
      'Reused 1.6 GB of model.safetensors from another tool’s unfinished file',
    );
  });

  it('copies diagnostics without secrets', async () => {
    const { fake, inspector, user } = await open();
    await user.click(within(inspector).getByRole('button', { name: 'Copy Diagnostics' }));
    await waitFor(() => expect(fake.callsOf('clipboard.write')).toHaveLength(1));
    const text = fake.callsOf('clipboard.write')[0]?.text ?? '';
    expect(text).toContain('Moshi BF16: kyutai/moshiko-mlx-bf16 at main');
    expect(text).not.toContain('/Users/ada');
  });

  it('takes the first download when none is selected', async () => {
    const { stores } = await open();
    act(() => stores.navigation.getState().select(null));
    await waitFor(() => expect(stores.navigation.getState().selected).toBe('moshi'));
  });

  it('says what to do when there is nothing to select', async () => {
    const page = renderPage(<DownloadsPane />);
    act(() => page.stores.navigation.getState().toggleInspector());
    await screen.findByText('No download is selected');
  });

  it('closes with Escape and gives the focus back to the row', async () => {
    const { inspector, stores, user } = await open();
    within(inspector).getByRole('button', { name: 'Copy Diagnostics' }).focus();
    await user.keyboard('{Escape}');
    expect(stores.navigation.getState().isInspectorOpen).toBe(false);
    expect(document.activeElement).toBe(screen.getByRole('listitem', { name: 'Moshi BF16' }));
  });

  it('has nothing that axe finds wrong', async () => {
    await open();
    expect(await violations()).toEqual([]);
  });
});
