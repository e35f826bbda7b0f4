import { describe, expect, it } from 'vitest';
import { openApp, type TestApp } from './app.ts';
import { PARAKEET_BYTES } from './fixtures.ts';
import { downloadFromCatalog, goTo, row, says } from './pane.ts';
import { chooseInDialog, dropFile, writePartial } from './partial-file.ts';

const PARAKEET = /^Parakeet/;
const REPO = 'mlx-community/parakeet-tdt-0.6b-v3';
const PARTIAL_BYTES = 9_000_000;
const SLOW = { hub: { conditions: { totalBytesPerSecond: 30_000 } } } as const;
/** What was fetched is what the partial lacked, and what came before it was there. */
async function expectTakenOver(app: TestApp): Promise<void> {
  const { stats } = (await app.call('snapshot', {})).downloads[0]!;
  expect(stats.rescuedBytes).toBeGreaterThan(PARTIAL_BYTES - 1_000_000);
  expect(stats.downloadedBytes).toBeLessThan(PARAKEET_BYTES - PARTIAL_BYTES + 1_000_000);
}

describe('what another tool left behind', () => {
  it('is taken over when it is imported into a download', async () => {
    await using app = await openApp(SLOW);
    const download = await downloadFromCatalog(app.page, PARAKEET);
    await chooseInDialog(app, await writePartial(app, REPO, PARTIAL_BYTES));
    await download
      .getByText(/of 12\.\d MB/)
      .first()
      .waitFor();
    await download.getByRole('button', { name: 'More' }).click();
    await app.page.getByRole('menuitem', { name: 'Import Unfinished File…' }).click();
    await app.page
      .getByText(/Reusing [89]\.\d MB from model\.safetensors\.part/)
      .first()
      .waitFor();
    app.hub.conditions.set({ totalBytesPerSecond: null });
    await says(download, /^Ready/);
    await expectTakenOver(app);
  });

  it('is taken over when it is dropped on the row', async () => {
    await using app = await openApp(SLOW);
    const download = await downloadFromCatalog(app.page, PARAKEET);
    const path = await writePartial(app, REPO, PARTIAL_BYTES);
    await download
      .getByText(/of 12\.\d MB/)
      .first()
      .waitFor();
    const box = await download.boundingBox();
    await dropFile(app, { x: box!.x + box!.width / 2, y: box!.y + box!.height / 2 }, path);
    await app.page
      .getByText(/Reusing [89]\.\d MB/)
      .first()
      .waitFor();
    app.hub.conditions.set({ totalBytesPerSecond: null });
    await says(download, /^Ready/);
    await expectTakenOver(app);
  });

  it('is taken over when it is imported in the library, for a model that is not here yet', async () => {
    await using app = await openApp();
    const { page } = app;
    await chooseInDialog(app, await writePartial(app, REPO, PARTIAL_BYTES));
    await goTo(page, 'Library');
    await page.getByRole('button', { name: 'Import Unfinished File…' }).first().click();
    const dialog = page.getByRole('dialog', { name: 'Import Unfinished File' });
    await dialog.getByRole('textbox', { name: 'Model link or ID' }).fill(REPO);
    await dialog.getByRole('button', { name: 'Show Files' }).click();
    await dialog.getByRole('radio', { name: /model\.safetensors/ }).check();
    await dialog.getByRole('button', { name: 'Import', exact: true }).click();
    await says(row(page, /parakeet/i), /^Ready/);
    await expectTakenOver(app);
  });
});
