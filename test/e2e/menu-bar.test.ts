import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openApp, type TestApp } from './app.ts';
import { downloadFromCatalog, goTo } from './pane.ts';

const labels = async () =>
  (await app.menuLabels('applicationMenu')).filter((label) => !/^(Edit|Help)/.test(label));
/** Items that can be chosen now, without their menus. */
const enabled = () =>
  app.app.evaluate(() => {
    const { haulyardForTests } = globalThis as unknown as {
      haulyardForTests: { applicationMenu: Electron.Menu };
    };
    return haulyardForTests.applicationMenu.items.flatMap(({ submenu }) =>
      (submenu?.items ?? [])
        .filter(({ visible, enabled: can, id }) => visible && can && id)
        .map(({ id }) => id),
    );
  });

/** The page takes the same request twice in a moment for one key press; see `page-requests.ts`. */
const notTheSameKey = () => app.page.waitForTimeout(500);

let app: TestApp;
beforeAll(async () => {
  app = await openApp({ hub: { conditions: { totalBytesPerSecond: 100_000 } } });
});
afterAll(async () => await app[Symbol.asyncDispose]());

describe('the menu bar', () => {
  it('offers no more than can be done, while nothing is downloaded', async () => {
    await goTo(app.page, 'Downloads');
    const choosable = await enabled();
    expect(choosable).toEqual(expect.arrayContaining(['new-download', 'show-inspector', 'hide-sidebar']));
    for (const id of [
      'pause-all',
      'resume-all',
      'clear-finished',
      'move-up',
      'move-down',
      'pause-selected',
    ]) {
      expect(choosable).not.toContain(id);
    }
  });

  it('shows and hides the sidebar and the inspector, with the right label', async () => {
    await app.clickMenu('applicationMenu', 'View', 'Hide Sidebar');
    await app.page.getByRole('link', { name: 'Library' }).waitFor({ state: 'detached' });
    await expect.poll(labels).toContain('View ▸ Show Sidebar');
    await notTheSameKey();
    await app.clickMenu('applicationMenu', 'View', 'Show Sidebar');
    await app.page.getByRole('link', { name: 'Library' }).waitFor();
    await app.clickMenu('applicationMenu', 'View', 'Show Inspector');
    await expect.poll(labels).toContain('View ▸ Hide Inspector');
    await notTheSameKey();
    await app.clickMenu('applicationMenu', 'View', 'Hide Inspector');
    await expect.poll(labels).toContain('View ▸ Show Inspector');
  });

  it('follows the downloads: pausing, resuming, and the order of the queue', async () => {
    const moshi = await downloadFromCatalog(app.page, /^Moshi/);
    await downloadFromCatalog(app.page, /^Parakeet/);
    await expect.poll(enabled).toContain('pause-all');
    await moshi.click();
    await expect.poll(enabled).toContain('move-down');
    expect(await enabled()).not.toContain('move-up');
    await app.clickMenu('applicationMenu', 'Download', 'Move Down');
    await expect.poll(enabled).toContain('move-up');
    const { downloads } = await app.call('snapshot', {});
    expect(downloads.map(({ repo }) => repo.split('/')[0])).toEqual(['mlx-community', 'kyutai']);
    await app.clickMenu('applicationMenu', 'Download', 'Pause All');
    await expect.poll(enabled).toEqual(expect.arrayContaining(['resume-all', 'resume-selected']));
    expect(await enabled()).not.toContain('pause-all');
  });

  it('clears finished downloads from the list, and leaves the models where they are', async () => {
    app.hub.conditions.set({ totalBytesPerSecond: null });
    await app.clickMenu('applicationMenu', 'Download', 'Resume All');
    const states = async () => (await app.call('snapshot', {})).downloads.map(({ state }) => state);
    await expect.poll(states, { timeout: 30_000 }).toEqual(['ready', 'ready']);
    await app.clickMenu('applicationMenu', 'Download', 'Clear Finished');
    await expect.poll(states).toEqual([]);
    expect((await app.call('library.list', {})).models).toHaveLength(2);
  });
});
