import { describe, expect, it } from 'vitest';
import { openApp, type TestApp } from './app.ts';
import { downloadFromCatalog, says } from './pane.ts';

const PARAKEET = /^Parakeet/;
const SLOW = { hub: { conditions: { totalBytesPerSecond: 1_500_000 } } } as const;

/** Lets the rest come at full speed. */
const freeLine = (app: TestApp) => app.hub.conditions.set({ totalBytesPerSecond: null });

async function receiving(app: TestApp): Promise<void> {
  await app.hub.waitForRequest(({ origin, bytesSent }) => origin === 'cdn' && bytesSent > 300_000);
}

/** Bytes that the CDN sent until now. */
function sent(app: TestApp): number {
  return app.hub.requests
    .filter(({ origin }) => origin === 'cdn')
    .reduce((sum, { bytesSent }) => sum + bytesSent, 0);
}

/** Nothing flows any more: what was sent stays what it is for a second. */
async function stillness(app: TestApp): Promise<void> {
  const before = sent(app);
  await app.page.waitForTimeout(1000);
  expect(sent(app)).toBe(before);
}

describe('pausing', () => {
  it('from the row stops the bytes, and resuming continues where it was', async () => {
    await using app = await openApp(SLOW);
    const download = await downloadFromCatalog(app.page, PARAKEET);
    await receiving(app);
    await download.getByRole('button', { name: 'Pause' }).click();
    await says(download, /^Paused/);
    await stillness(app);
    freeLine(app);
    await download.getByRole('button', { name: 'Resume' }).click();
    await says(download, /^Ready/);
    expect(sent(app)).toBeLessThan(13_500_000);
  });

  it('from the menu bar stops one model, and resuming continues where it was', async () => {
    await using app = await openApp(SLOW);
    const download = await downloadFromCatalog(app.page, PARAKEET);
    await receiving(app);
    await app.clickMenu('trayMenu', PARAKEET, 'Pause');
    await says(download, /^Paused/);
    await stillness(app);
    expect((await app.menuLabels('trayMenu')).join('\n')).toMatch(/Parakeet.*▸ Resume/);
    freeLine(app);
    await app.clickMenu('trayMenu', PARAKEET, 'Resume');
    await says(download, /^Ready/);
    expect(sent(app)).toBeLessThan(13_500_000);
  });

  it('of everything is one click in the menu bar', async () => {
    await using app = await openApp(SLOW);
    const parakeet = await downloadFromCatalog(app.page, PARAKEET);
    const moshi = await downloadFromCatalog(app.page, /Moshi/);
    await receiving(app);
    await app.clickMenu('trayMenu', /^Pause All/i);
    await says(parakeet, /^Paused/);
    await says(moshi, /^Paused/);
    freeLine(app);
    await app.clickMenu('trayMenu', /^Resume All/i);
    await says(parakeet, /^Ready/);
    await says(moshi, /^Ready/);
  });

  it('is there for all in the Dock menu too', async () => {
    await using app = await openApp(SLOW);
    const download = await downloadFromCatalog(app.page, PARAKEET);
    await receiving(app);
    await app.clickMenu('dockMenu', /^Pause All/i);
    await says(download, /^Paused/);
    await app.clickMenu('dockMenu', /^Resume All/i);
    await download.getByRole('button', { name: 'Pause' }).waitFor();
  });
});

describe('the speed limit in the menu bar', () => {
  it('is taken over by the engine', async () => {
    await using app = await openApp(SLOW);
    await downloadFromCatalog(app.page, PARAKEET);
    await app.clickMenu('trayMenu', /^Limit Speed/i, '5 MB/s');
    await expect.poll(async () => (await app.call('settings.get', {})).limitBytesPerSecond).toBe(5_000_000);
    await app.clickMenu('trayMenu', /^Limit Speed/i, 'Off');
    await expect.poll(async () => (await app.call('settings.get', {})).limitBytesPerSecond).toBeNull();
  });
});
