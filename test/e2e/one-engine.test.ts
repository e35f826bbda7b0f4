import { describe, expect, it } from 'vitest';
import { openApp, type TestApp } from './app.ts';
import { downloadFromCatalog, goTo, row, says } from './pane.ts';
import { type Line, terminal } from './terminal.ts';

const PARAKEET = /^Parakeet/;
const SLOW = { hub: { conditions: { totalBytesPerSecond: 1_000_000 } } } as const;
const freeLine = (app: TestApp) => app.hub.conditions.set({ totalBytesPerSecond: null });

const DOWNLOAD = ['download', 'parakeet', '--json'] as const;
const isMoving = ({ event, receivedBytes }: Line) => event === 'progress' && Number(receivedBytes) > 500_000;

describe('a command alongside the running app', () => {
  it('adds its download to the app, both show the same, and Ctrl-C leaves it there', async () => {
    await using app = await openApp(SLOW);
    using command = terminal(app, ...DOWNLOAD);
    await command.sees(isMoving);
    await goTo(app.page, 'Downloads');
    const download = row(app.page, PARAKEET);
    await download.getByRole('button', { name: 'Pause' }).click();
    await says(download, /^Paused/);
    await command.sees(({ state }) => state === 'paused');
    // Nothing moves now: the terminal and the app show the same number.
    const [view] = (await app.call('snapshot', {})).downloads;
    expect(command.last('progress')).toMatchObject({
      download: view?.id,
      receivedBytes: view?.receivedBytes,
      totalBytes: view?.totalBytes,
    });
    await download.getByRole('button', { name: 'Resume' }).click();
    await command.sees(
      ({ state, receivedBytes }) =>
        state === 'downloading' && Number(receivedBytes) > (view?.receivedBytes ?? 0),
    );
    command.child.kill('SIGINT');
    expect(await command.ended).toBe(130);
    expect(command.last('stopped')).toMatchObject({ continuesIn: 'Haulyard' });
    freeLine(app);
    await says(download, /^Ready/);
  });

  it('resumes by itself when the app quits, and when the app is killed', async () => {
    for (const end of ['quit', 'kill'] as const) {
      await using app = await openApp(SLOW);
      const download = await downloadFromCatalog(app.page, PARAKEET);
      await says(download, /MB/);
      using command = terminal(app, ...DOWNLOAD);
      await command.sees(isMoving);
      await app[end]();
      await command.sees(({ event, source }) => event === 'rescued' && source === 'ledger');
      freeLine(app);
      expect([await command.ended, command.stderr()]).toEqual([0, '']);
      expect(command.lines().at(-1)).toMatchObject({ event: 'done' });
      // The app that comes back finds what the terminal finished.
      await app.start();
    }
  });
});

describe('the app alongside a running command', () => {
  it('shows its download live, says who runs it, and takes over when that ends', async () => {
    await using app = await openApp({ ...SLOW, stopped: true });
    using command = terminal(app, ...DOWNLOAD);
    await command.sees(isMoving);
    await app.start();
    await app.page.getByText('Run by “haulyard download”').waitFor();
    await goTo(app.page, 'Downloads');
    const download = row(app.page, PARAKEET);
    await says(download, /MB/);
    await download.getByRole('button', { name: 'Pause' }).click();
    await command.sees(({ state }) => state === 'paused');
    await download.getByRole('button', { name: 'Resume' }).click();
    await command.sees(({ state }) => state === 'downloading');
    command.child.kill('SIGINT');
    expect(await command.ended).toBe(130);
    expect(command.last('stopped')).toMatchObject({ continuesIn: 'Haulyard' });
    await app.page.getByText('Run by “haulyard download”').waitFor({ state: 'detached' });
    freeLine(app);
    await says(download, /^Ready/);
  });
});
