import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openApp } from './app.ts';
import { PARAKEET_BYTES } from './fixtures.ts';
import { downloadFromCatalog, goTo, row, says } from './pane.ts';
import { sampleRow, told } from './samples.ts';
import { slowHashingNode } from './slow-hashing.ts';

const PARAKEET = /^Parakeet/;

describe('a download in the window', () => {
  it('goes from one click to Ready, and the model is in the cache and in the library', async () => {
    await using app = await openApp();
    const download = await downloadFromCatalog(app.page, PARAKEET);
    await says(download, /^Ready/);
    const snapshots = join(app.cacheDir, 'models--mlx-community--parakeet-tdt-0.6b-v3', 'snapshots');
    const [commit] = await readdir(snapshots);
    const { size } = await stat(join(snapshots, commit!, 'model.safetensors'));
    expect(size).toBe(PARAKEET_BYTES);
    await goTo(app.page, 'Library');
    await row(app.page, PARAKEET).waitFor();
    expect(app.hub.violations).toEqual([]);
  });

  it('shows progress, speed and time left that change and never go back', async () => {
    await using app = await openApp({ hub: { conditions: { totalBytesPerSecond: 2_500_000 } } });
    const download = await downloadFromCatalog(app.page, PARAKEET);
    const samples = await sampleRow(app.page, PARAKEET);
    await says(download, /^Ready/);
    const seen = await samples();

    const percents = seen.flatMap(({ percent }) => percent ?? []);
    expect(percents).toEqual([...percents].sort((a, b) => a - b));
    expect(new Set(percents).size).toBeGreaterThan(5);
    const sizes = told(seen, /([\d.]+)(?: MB)? of 12\.\d MB/).map(Number);
    expect(sizes).toEqual([...sizes].sort((a, b) => a - b));
    expect(sizes.length).toBeGreaterThan(5);
    expect(told(seen, /([\d.]+ [kM]B\/s)/).length).toBeGreaterThan(1);
    expect(told(seen, /(\d+ s(?:ec)?) left/).length).toBeGreaterThan(1);
    const early = seen.filter(({ text, valueText }) => !/ready/i.test(text + valueText));
    expect(early.filter(({ percent, text }) => percent === 100 || /100 %/.test(text))).toEqual([]);
  });

  it('counts the seconds while it verifies', async () => {
    const env: Record<string, string> = {};
    await using app = await openApp({
      env,
      prepare: async ({ root }) => {
        env.HAULYARD_ENGINE_NODE = await slowHashingNode(root);
      },
    });
    const download = await downloadFromCatalog(app.page, PARAKEET);
    const samples = await sampleRow(app.page, PARAKEET);
    await says(download, /^Ready/, 30_000);
    const seconds = told(await samples(), /verifying… (\d+) s/i).map(Number);
    expect(seconds.length).toBeGreaterThan(1);
    expect(seconds).toEqual([...seconds].sort((a, b) => a - b));
  });
});
