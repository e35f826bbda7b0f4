import { readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type MoshiOnHub, moshiOnHub } from '../quantize/moshi-on-hub.ts';
import { openApp, type TestApp } from './app.ts';
import { goTo, row, says } from './pane.ts';
import { sampleRow, told } from './samples.ts';
import { slowHashingNode } from './slow-hashing.ts';

const Q4 = /^Moshi Q4$/;
const LONG_MS = 60_000;
/** For each unit and each 16 MiB that are hashed: long enough for phases to be seen. */
const PAUSE_MS = 120;

let moshi: MoshiOnHub;
beforeAll(async () => {
  moshi = await moshiOnHub();
});
afterAll(() => moshi[Symbol.asyncDispose]());

/** The app with BF16 of a small Moshi, on a machine for which Q4 is recommended. */
async function openWithBf16(pauseMs: number | null = null): Promise<TestApp> {
  const env: Record<string, string> = { HAULYARD_ASSUME_HARDWARE: 'Apple M3 Pro,18GB' };
  const app = await openApp({
    hub: { repositories: [moshi.repository] },
    catalog: moshi.catalog,
    env,
    prepare: async ({ root }) => {
      if (pauseMs !== null) env.HAULYARD_ENGINE_NODE = await slowHashingNode(root, pauseMs);
    },
  });
  await app.call('downloads.add', { reference: 'moshi', variant: 'bf16' });
  await until(app, ({ downloads }) => downloads[0]?.state === 'ready');
  return app;
}

const snapshotOf = (app: TestApp) => app.call('snapshot', {});
type Snapshot = Awaited<ReturnType<typeof snapshotOf>>;

async function until(app: TestApp, isSo: (snapshot: Snapshot) => boolean): Promise<void> {
  const look = async () => isSo(await snapshotOf(app));
  await expect.poll(look, { timeout: LONG_MS, interval: 50 }).toBe(true);
}

async function makeFromCard(page: Page): Promise<void> {
  await goTo(page, 'Discover');
  await page.getByRole('button', { name: 'Make Q4 Here' }).click();
}

const shaOf = async (folder: string) =>
  JSON.parse(await readFile(join(folder, 'haulyard.json'), 'utf8')).output.sha256 as string;
const madeFolder = ({ root }: TestApp) => join(root, 'hf', 'haulyard', 'kyutai', 'moshiko-mlx-bf16-q4');

describe('making Q4 here', () => {
  it('goes from one click to Ready, with progress that never goes back and never says 100 % early', async () => {
    await using app = await openWithBf16(3 * PAUSE_MS);
    await goTo(app.page, 'Downloads');
    const samples = await sampleRow(app.page, Q4);
    await app.page.getByRole('link', { name: 'Discover' }).click();
    await app.page.getByRole('button', { name: 'Make Q4 Here' }).click();
    await goTo(app.page, 'Downloads');
    await says(row(app.page, Q4), 'Moshi Q4 is ready', LONG_MS);
    const seen = await samples();

    const percents = seen.flatMap(({ percent }) => percent ?? []);
    expect(percents).toEqual([...percents].sort((a, b) => a - b));
    expect(new Set(percents).size).toBeGreaterThan(3);
    expect(percents.filter((percent) => percent >= 100)).toEqual([]);
    expect(seen.filter(({ text }) => /100 %/.test(text))).toEqual([]);
    const phases = told(seen, /\| (Waiting for its turn|Reading the source|Making|Verifying|Installing) \|/);
    expect(phases).toEqual(expect.arrayContaining(['Making', 'Verifying']));
    expect(phases.indexOf('Making')).toBeLessThan(phases.indexOf('Verifying'));
    const read = told(seen, /([\d.]+) of [\d.]+ MB read/).map(Number);
    expect(read).toEqual([...read].sort((a, b) => a - b));
    const verified = told(seen, /([\d.]+)(?: [kM]B)? of [\d.]+ MB verified/).map(Number);
    expect(verified).toEqual([...verified].sort((a, b) => a - b));
    expect((await stat(join(madeFolder(app), 'model.q4.safetensors'))).size).toBeGreaterThan(5_000_000);
  });

  it('is in the Library, verified there, and BF16 can be given up afterwards', async () => {
    await using app = await openWithBf16();
    const { page } = app;
    await makeFromCard(page);
    await goTo(page, 'Downloads');
    const made = row(page, Q4);
    await says(made, 'Moshi Q4 is ready', LONG_MS);
    await made.getByRole('button', { name: 'Remove BF16…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText(/To make Q8 later, BF16 would have to be downloaded again/).waitFor();
    await dialog.getByRole('button', { name: /^Remove and Free/ }).click();
    await until(app, ({ builds }) => builds.length === 0);
    await goTo(page, 'Library');
    const inLibrary = row(page, Q4);
    await inLibrary.getByText(/made here from BF16/).waitFor();
    await inLibrary.getByRole('button', { name: 'Verify' }).click();
    await inLibrary.getByText(/checked$/).waitFor();
    await goTo(page, 'Discover');
    await page
      .getByText(/^On this/)
      .first()
      .waitFor();
  });

  it('is paused and resumed with everything else, quit and continued, and survives its engine', async () => {
    await using app = await openWithBf16(PAUSE_MS);
    await makeFromCard(app.page);
    await goTo(app.page, 'Downloads');
    await until(app, ({ builds }) => (builds[0]?.unitsDone ?? 0) > 2);
    await app.clickMenu('trayMenu', 'Pause All');
    await until(app, ({ builds }) => builds[0]?.state === 'paused');
    await says(row(app.page, Q4), 'Paused');
    await app.page.getByRole('button', { name: 'Resume All' }).click();
    await until(app, ({ builds }) => builds[0]?.state === 'making');
    expect((await app.menuLabels('trayMenu')).join('\n')).toMatch(/Moshi Q4 · \d+ % · making/);
    await app.restart();
    await until(app, ({ builds }) => builds[0]?.state === 'making');
    await app.killEngine();
    await goTo(app.page, 'Downloads');
    await says(row(app.page, Q4), 'Moshi Q4 is ready', LONG_MS);
    expect(await shaOf(madeFolder(app))).toMatch(/^[0-9a-f]{64}$/);
  });

  it('waits for a source that was moved away, reports it, and continues when it is back', async () => {
    await using app = await openWithBf16(PAUSE_MS);
    await makeFromCard(app.page);
    await goTo(app.page, 'Downloads');
    await until(app, ({ builds }) => (builds[0]?.unitsDone ?? 0) > 1);
    const { builds } = await snapshotOf(app);
    await app.call('build.pause', { id: builds[0]?.id ?? '' });
    const repository = join(app.cacheDir, 'models--kyutai--moshiko-mlx-bf16');
    const away = join(app.root, 'away');
    await rename(repository, away);
    await row(app.page, Q4).getByRole('button', { name: 'Resume Moshi Q4' }).click();
    await says(row(app.page, Q4), /Can’t find kyutai\/moshiko-mlx-bf16/);
    await rename(away, repository);
    await row(app.page, Q4).getByRole('button', { name: 'Try Now' }).click();
    await says(row(app.page, Q4), 'Moshi Q4 is ready', LONG_MS);
  });

  it('is cancelled after a question, and leaves nothing', async () => {
    await using app = await openWithBf16(PAUSE_MS);
    await makeFromCard(app.page);
    await goTo(app.page, 'Downloads');
    await row(app.page, Q4).getByRole('button', { name: 'Cancel Making Moshi Q4' }).click();
    await app.page.getByRole('dialog').getByRole('button', { name: 'Stop and Delete' }).click();
    await until(app, ({ builds }) => builds.length === 0);
    expect(
      await stat(join(madeFolder(app), '..', '.moshiko-mlx-bf16-q4.haulyard.partial')).catch(() => null),
    ).toBeNull();
    await goTo(app.page, 'Discover');
    await app.page.getByRole('button', { name: 'Make Q4 Here' }).waitFor();
  });
});

describe('making Q4 as soon as BF16 is ready', () => {
  it('is ticked on the card, before or during the download', async () => {
    await using app = await openApp({
      hub: { repositories: [moshi.repository], conditions: { totalBytesPerSecond: 4_000_000 } },
      catalog: moshi.catalog,
      env: { HAULYARD_ASSUME_HARDWARE: 'Apple M3 Pro,18GB' },
    });
    const { page } = app;
    await goTo(page, 'Discover');
    await page.getByRole('radio', { name: /^BF16/ }).click();
    const tick = page.getByRole('checkbox', { name: 'Make Q4 as soon as BF16 is ready' });
    await tick.check();
    await page.getByRole('button', { name: /^Download Moshi BF16/ }).click();
    await until(app, ({ downloads }) => downloads[0]?.make === 'q4');
    // From here on the engine reports what is checked: the box follows a moment after the click.
    await expect.poll(() => tick.isChecked()).toBe(true);
    await tick.click();
    await until(app, ({ downloads }) => downloads[0] !== undefined && downloads[0].make === undefined);
    await expect.poll(() => tick.isChecked()).toBe(false);
    await tick.click();
    await until(app, ({ downloads }) => downloads[0]?.make === 'q4');
    app.hub.conditions.set({ totalBytesPerSecond: null });
    await goTo(page, 'Downloads');
    await says(row(page, Q4), 'Moshi Q4 is ready', LONG_MS);
  });
});
