import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openApp, type TestApp } from './app.ts';
import { goTo } from './pane.ts';

/** Every JSON file of the data folder, without spaces. */
async function savedPlace({ dataDir }: TestApp): Promise<string> {
  const names = (await readdir(dataDir)).filter((name) => name.endsWith('.json'));
  const texts = await Promise.all(names.map((name) => readFile(join(dataDir, name), 'utf8').catch(() => '')));
  return texts.join('\n').replaceAll(/\s/g, '');
}

describe('settings', () => {
  it('are the same after a restart', async () => {
    await using app = await openApp();
    await goTo(app.page, 'Settings');
    await app.page.getByRole('combobox', { name: 'Downloads at once' }).selectOption('5');
    await app.page.getByRole('combobox', { name: 'Connection' }).selectOption({ label: 'Slow connection' });
    await app.page.getByRole('switch', { name: 'Limit download speed' }).click();
    await app.page.getByRole('textbox', { name: 'Maximum speed' }).fill('2.5');
    await app.page.keyboard.press('Enter');
    await app.page.getByRole('switch', { name: 'Keep this computer awake while downloading' }).click();
    await app.page.getByRole('switch', { name: 'Notifications' }).click();
    await expect
      .poll(async () => app.call('settings.get', {}))
      .toMatchObject({ atOnce: 5, profile: 'weak', limitBytesPerSecond: 2_500_000, buildRoot: null });
    await expect
      .poll(async () => app.call('preferences.get', {}))
      .toMatchObject({ keepAwake: false, notifications: false });

    await app.restart();
    await goTo(app.page, 'Settings');
    const { page } = app;
    await expect.poll(() => page.getByRole('combobox', { name: 'Downloads at once' }).inputValue()).toBe('5');
    expect(await page.getByRole('combobox', { name: 'Connection' }).inputValue()).toBe('weak');
    expect(await page.getByRole('textbox', { name: 'Maximum speed' }).inputValue()).toBe('2.5');
    expect(
      await page.getByRole('switch', { name: 'Keep this computer awake while downloading' }).isChecked(),
    ).toBe(false);
    expect(await page.getByRole('switch', { name: 'Notifications' }).isChecked()).toBe(false);
  });

  it('report whether the URL of a Hub is right before it is used', async () => {
    await using app = await openApp();
    await goTo(app.page, 'Settings');
    const address = app.page.getByRole('textbox', { name: 'Hugging Face address' });
    await address.fill('ftp://nonsense');
    await app.page.keyboard.press('Enter');
    await app.page
      .getByText(/starts with https:\/\/ or http:\/\//)
      .first()
      .waitFor();
    expect((await app.call('preferences.get', {})).endpoint).toBeNull();
  });

  it('take another cache folder, and the engine goes on there', async () => {
    await using app = await openApp();
    await goTo(app.page, 'Settings');
    const other = `${app.root}/other-cache`;
    await app.app.evaluate(({ dialog }, folder) => {
      dialog.showOpenDialog = (async () => ({
        canceled: false,
        filePaths: [folder],
      })) as typeof dialog.showOpenDialog;
    }, other);
    await app.page.getByRole('button', { name: 'Choose…', exact: true }).click();
    await app.page.getByText(other).first().waitFor();
    await expect.poll(async () => (await app.call('app.info', {})).cacheDir).toBe(other);
    await app.page.getByRole('button', { name: 'Use Default', exact: true }).click();
    await app.page.getByText(app.cacheDir).first().waitFor();
  });

  it('bring the window back to the place where it was left', async () => {
    await using app = await openApp();
    const bounds = () =>
      app.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds());
    await app.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.setBounds({ x: 60, y: 40, width: 900, height: 620 }),
    );
    // It is written down when the window has rested for a moment.
    await expect.poll(() => savedPlace(app), { timeout: 10_000 }).toContain('"width":900');
    await app.restart();
    expect(await bounds()).toEqual({ x: 60, y: 40, width: 900, height: 620 });
  });
});
