import type { Locator, Page } from 'playwright';
import { describe, expect, it } from 'vitest';
import { openApp } from './app.ts';
import { row, says } from './pane.ts';

const PARAKEET = /^Parakeet/;
/** More stops than any screen has. */
const MOST_STOPS = 80;

/** Presses Tab until the element has the focus. Throws when it is never reached. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let stop = 0; stop < MOST_STOPS; stop += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error('The keyboard does not get there.');
}

describe('with the keyboard alone', () => {
  it('a model is downloaded, paused, resumed and found in the library', async () => {
    await using app = await openApp({ hub: { conditions: { totalBytesPerSecond: 150_000 } } });
    const { page } = app;
    const button = page.getByRole('button', { name: /^Download Parakeet/ });
    await button.waitFor();
    await tabTo(page, button);
    await page.keyboard.press('Enter');
    await page.getByRole('progressbar', { name: /Parakeet/ }).waitFor();
    await page.keyboard.press('ControlOrMeta+2');
    await page.getByRole('heading', { name: 'Downloads', level: 1 }).waitFor();
    const download = row(page, PARAKEET);
    await download.waitFor();
    await app.hub.waitForRequest(({ origin, bytesSent }) => origin === 'cdn' && bytesSent > 100_000);
    await tabTo(page, download.getByRole('button', { name: 'Pause' }));
    await page.keyboard.press('Space');
    await says(download, /^Paused/);
    app.hub.conditions.set({ totalBytesPerSecond: null });
    const resume = download.getByRole('button', { name: 'Resume' });
    await tabTo(page, resume);
    await page.keyboard.press('Space');
    await says(row(page, PARAKEET), /^Ready/);
    await page.keyboard.press('ControlOrMeta+3');
    await page.getByRole('heading', { name: 'Library', level: 1 }).waitFor();
    await row(page, PARAKEET).waitFor();
  });

  it('the focus stays where it was when Pause becomes Resume', async () => {
    await using app = await openApp({ hub: { conditions: { totalBytesPerSecond: 1_000_000 } } });
    const { page } = app;
    await app.call('downloads.add', { reference: 'parakeet' });
    await page.keyboard.press('ControlOrMeta+2');
    const pause = row(page, PARAKEET).getByRole('button', { name: 'Pause' });
    await pause.focus();
    await page.keyboard.press('Space');
    await says(row(page, PARAKEET), /^Paused/);
    const focused = await page.evaluate(
      () => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent,
    );
    expect(focused).toMatch(/Resume/);
  });

  it('all sections are one shortcut away', async () => {
    await using app = await openApp();
    for (const [key, pane] of [
      ['2', 'Downloads'],
      ['3', 'Library'],
      [',', 'Settings'],
      ['1', 'Discover'],
    ] as const) {
      await app.page.keyboard.press(`ControlOrMeta+${key}`);
      await app.page.getByRole('heading', { name: pane, level: 1 }).waitFor();
    }
  });
});
