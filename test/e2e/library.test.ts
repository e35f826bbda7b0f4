import { existsSync } from 'node:fs';
import { open, readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openApp, type TestApp } from './app.ts';
import { downloadFromCatalog, goTo, row, says } from './pane.ts';
import { sampleRow, told } from './samples.ts';
import { slowHashingNode } from './slow-hashing.ts';

const PARAKEET = /^Parakeet/;

async function withParakeet(app: TestApp): Promise<void> {
  await says(await downloadFromCatalog(app.page, PARAKEET), /^Ready/);
  await goTo(app.page, 'Library');
  await row(app.page, PARAKEET).waitFor();
}

/** The installed weights, behind the link in the snapshot. */
async function weightsOf({ cacheDir }: TestApp): Promise<string> {
  const snapshots = join(cacheDir, 'models--mlx-community--parakeet-tdt-0.6b-v3', 'snapshots');
  const [commit] = await readdir(snapshots);
  return realpath(join(snapshots, commit!, 'model.safetensors'));
}

describe('the library', () => {
  it('counts the seconds of a verification and reports that every byte was checked', async () => {
    const env: Record<string, string> = {};
    await using app = await openApp({
      env,
      prepare: async ({ root }) => {
        env.HAULYARD_ENGINE_NODE = await slowHashingNode(root);
      },
    });
    await withParakeet(app);
    const samples = await sampleRow(app.page, PARAKEET);
    await row(app.page, PARAKEET).getByRole('button', { name: 'Verify' }).click();
    await app.page
      .getByText(/is intact\. Every byte was checked/)
      .first()
      .waitFor();
    const seconds = told(await samples(), /verifying… (\d+) s/).map(Number);
    expect(seconds.length).toBeGreaterThan(1);
    expect(seconds).toEqual([...seconds].sort((a, b) => a - b));
  });

  it('finds damage at rest and repairs only that', async () => {
    await using app = await openApp();
    await withParakeet(app);
    const file = await open(await weightsOf(app), 'r+');
    await file.write(Buffer.from('damage'), 0, 6, 5_000_000);
    await file.close();
    await row(app.page, PARAKEET).getByRole('button', { name: 'Verify' }).click();
    await says(row(app.page, PARAKEET), /damaged/i);
    await row(app.page, PARAKEET).getByRole('button', { name: 'Repair' }).click();
    await app.page
      .getByText(/is repaired/)
      .first()
      .waitFor();
  });

  it('removes a model after asking, and the disk is free again', async () => {
    await using app = await openApp();
    await withParakeet(app);
    const weights = await weightsOf(app);
    await row(app.page, PARAKEET).getByRole('button', { name: 'More' }).click();
    await app.page.getByRole('menuitem', { name: 'Remove…' }).click();
    const dialog = app.page.getByRole('dialog').or(app.page.getByRole('alertdialog')).first();
    await dialog.getByRole('button', { name: /^Remove and Free 12/ }).click();
    await app.page
      .getByText(/ removed\. /)
      .first()
      .waitFor();
    expect(existsSync(weights)).toBe(false);
  });
});
