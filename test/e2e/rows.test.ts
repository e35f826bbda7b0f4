import { describe, expect, it } from 'vitest';
import { openApp, type TestApp } from './app.ts';
import { answerContextMenus, contextMenusOf } from './context-menus.ts';
import { goTo, row, says } from './pane.ts';

const PARAKEET = /^Parakeet/;
const MOSHI = /^Moshi Q4/;

async function withTwoModels(): Promise<TestApp> {
  const app = await openApp();
  await app.call('downloads.add', { reference: 'parakeet' });
  await app.call('downloads.add', { reference: 'moshi', variant: 'q4' });
  await goTo(app.page, 'Downloads');
  await says(row(app.page, PARAKEET), /^Ready/);
  await says(row(app.page, MOSHI), /^Ready/);
  return app;
}

describe('rows', () => {
  it('have context menus of the system, which a page cannot open or fill by itself', async () => {
    await using app = await withTwoModels();
    const { page } = app;
    await answerContextMenus(app.app, 'Show in Inspector');
    await row(page, PARAKEET).click({ button: 'right', position: { x: 200, y: 12 } });
    await page.getByRole('complementary', { name: 'Inspector' }).waitFor();
    const [menu] = await contextMenusOf(app.app);
    expect(menu).toEqual(expect.arrayContaining(['Show in Inspector', 'Verify', 'Copy Path']));
    // Without a click of the user nothing opens, and words of the page never do.
    expect(await app.call('menu.popUp', { groups: [[{ name: 'verify' }]] })).toEqual({ chosen: null });
    const forged = { groups: [[{ name: 'verify', label: 'Allow' }]] };
    await expect(app.call('menu.popUp', forged as never)).rejects.toThrow(/BadRequest/);
    expect(await contextMenusOf(app.app)).toHaveLength(1);
  });

  it('of the library are removed together, and are back after Undo', async () => {
    await using app = await withTwoModels();
    const { page } = app;
    await goTo(page, 'Library');
    await row(page, PARAKEET).focus();
    await page.keyboard.press('ControlOrMeta+a');
    await page.getByText(/^2 selected/).waitFor();
    await page.keyboard.press('ControlOrMeta+Backspace');
    await page
      .getByRole('dialog', { name: 'Remove 2 models?' })
      .getByRole('button', { name: /^Remove and Free/ })
      .click();
    await page.getByRole('button', { name: 'Undo' }).click();
    await row(page, MOSHI).waitFor();
    expect((await app.call('library.list', {})).models).toHaveLength(2);
  });
});
