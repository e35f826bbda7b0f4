import { describe, expect, it } from 'vitest';
import { openApp, type TestApp } from './app.ts';
import { PARAKEET_BYTES } from './fixtures.ts';
import { downloadFromCatalog, goTo, row, says } from './pane.ts';

const PARAKEET = /^Parakeet/;
const BYTES_PER_SECOND = 2_000_000;
const SLOW = { hub: { conditions: { totalBytesPerSecond: BYTES_PER_SECOND } } } as const;
/** What may be fetched twice after an end without warning: two seconds of transfer, as architecture.md promises. */
const LOST = 2 * BYTES_PER_SECOND;

async function received(app: TestApp, bytes: number): Promise<void> {
  await expect
    .poll(async () => (await app.call('snapshot', {})).downloads[0]?.receivedBytes ?? 0, {
      timeout: 15_000,
      interval: 100,
    })
    .toBeGreaterThan(bytes);
}

/** Lets the rest come at full speed. */
const freeLine = (app: TestApp) => app.hub.conditions.set({ totalBytesPerSecond: null });

function sent(app: TestApp): number {
  return app.hub.requests
    .filter(({ origin }) => origin === 'cdn')
    .reduce((sum, { bytesSent }) => sum + bytesSent, 0);
}

describe('a download goes on', () => {
  it('after the app was quit in the middle and started again', async () => {
    await using app = await openApp(SLOW);
    await downloadFromCatalog(app.page, PARAKEET);
    await received(app, 4_000_000);
    await app.restart();
    await goTo(app.page, 'Downloads');
    await row(app.page, PARAKEET).getByRole('button', { name: 'Pause' }).waitFor();
    freeLine(app);
    await says(row(app.page, PARAKEET), /^Ready/);
    expect(sent(app)).toBeLessThan(PARAKEET_BYTES + LOST);
  });

  it('after the app was killed', async () => {
    await using app = await openApp(SLOW);
    await downloadFromCatalog(app.page, PARAKEET);
    await received(app, 6_000_000);
    await app.kill();
    freeLine(app);
    await app.start();
    await goTo(app.page, 'Downloads');
    await says(row(app.page, PARAKEET), /^Ready/);
    expect(sent(app)).toBeLessThan(PARAKEET_BYTES + 2 * LOST);
  });

  it('after the engine was killed, by itself', async () => {
    await using app = await openApp(SLOW);
    const download = await downloadFromCatalog(app.page, PARAKEET);
    await received(app, 4_000_000);
    const { runId } = await app.call('snapshot', {});
    await app.killEngine();
    const runIdNow = () =>
      app.call('snapshot', {}).then(
        (now) => now.runId,
        () => runId,
      );
    await expect.poll(runIdNow, { timeout: 30_000 }).not.toBe(runId);
    // Not earlier: what the Hub sends to connections that nobody reads any more would count as sent.
    freeLine(app);
    await says(download, /^Ready/, 30_000);
    expect(sent(app)).toBeLessThan(PARAKEET_BYTES + 2 * LOST);
  });

  it('under a page that is reloaded, which shows the same', async () => {
    await using app = await openApp(SLOW);
    const download = await downloadFromCatalog(app.page, PARAKEET);
    await received(app, 4_000_000);
    await download.getByRole('button', { name: 'Pause' }).click();
    await says(download, /^Paused/);
    const before = await download.getByRole('progressbar').getAttribute('aria-valuenow');
    await app.page.reload();
    await goTo(app.page, 'Downloads');
    await says(row(app.page, PARAKEET), /^Paused/);
    expect(await row(app.page, PARAKEET).getByRole('progressbar').getAttribute('aria-valuenow')).toBe(before);
  });

  it('while the window is closed, and the window shows it when it is back', async () => {
    await using app = await openApp(SLOW);
    await downloadFromCatalog(app.page, PARAKEET);
    await received(app, 2_000_000);
    const before = sent(app);
    await app.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
    await expect.poll(() => sent(app), { timeout: 10_000 }).toBeGreaterThan(before + 1_000_000);
    freeLine(app);
    await app.reopenWindow();
    await goTo(app.page, 'Downloads');
    await says(row(app.page, PARAKEET), /^Ready/);
  });
});
