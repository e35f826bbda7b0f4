import { open, readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { WEIGHTS } from '../integration/repositories.ts';
import { openApp, type TestApp } from './app.ts';
import { goTo, row, says } from './pane.ts';
import { cardFaults, type Stretch, sizeFaults } from './truth/judge.ts';
import { startSampler } from './truth/sampler.ts';
import { add, bytesCome, expectTruth, LINE, repository, seconds, stretch } from './truth/story.ts';

const SLOWER_BYTES_PER_SECOND = 1_500_000;
const LARGE = /truth\/large/;
const TEST_TIMEOUT_MS = 400_000;

/** Of the two variants the smaller is recommended; the other one is downloaded. */
const CATALOG = {
  version: 1,
  models: [
    {
      id: 'truth',
      name: 'Truth',
      summary: 'For tests.',
      license: 'mit',
      variants: [
        { id: 'bf16', repo: 'truth/large', bytes: 330_000_000, neededBytes: 30e9, approximate: true },
        { id: 'q4', repo: 'truth/small', bytes: 100_000_000, neededBytes: 2e9, approximate: true },
      ],
    },
  ],
};

it(
  'is what the Hub really sent, in every place and at every moment',
  async () => {
    await using app = await openApp({
      catalog: CATALOG,
      env: { HAULYARD_ASSUME_HARDWARE: 'Apple M3 Pro,18GB' },
      hub: {
        repositories: [repository('truth/large', 330_000_000), repository('truth/small', 100_000_000)],
        conditions: LINE,
      },
    });
    const moving: Stretch[] = [];
    const silent: Stretch[] = [];
    const inspected: Stretch[] = [];
    const onCards: Stretch[] = [];
    const sampler = startSampler(app, app.hub);
    await goTo(app.page, 'Downloads');

    await add(app, 'truth/large');
    await bytesCome(sampler);
    moving.push(await stretch('start', 9));

    await app.call('downloads.pauseAll', {});
    await seconds(6);
    await app.call('downloads.resumeAll', {});
    await bytesCome(sampler);
    moving.push(await stretch('after a pause', 8));

    await row(app.page, LARGE).click();
    await app.clickMenu('applicationMenu', 'View', 'Show Inspector');
    inspected.push(await stretch('with the inspector', 8));
    await app.clickMenu('applicationMenu', 'View', 'Hide Inspector');

    await goTo(app.page, 'Discover');
    await app.page.getByRole('radio', { name: /^Q4/ }).click();
    await goTo(app.page, 'Downloads');
    await goTo(app.page, 'Discover');
    onCards.push(await stretch('on a card', 8));
    await goTo(app.page, 'Downloads');

    app.hub.conditions.set({ totalBytesPerSecond: SLOWER_BYTES_PER_SECOND });
    moving.push(await stretch('on a slower line', 8));
    app.hub.conditions.set(LINE);
    moving.push(await stretch('on a faster line', 7));

    app.hub.conditions.set({ drops: { everySeconds: 1, probability: 0.3 } });
    moving.push(await stretch('with connections that break', 8));
    app.hub.conditions.set({ drops: null });

    const knownBytesPerSecond = 2_000_000;
    await app.call('settings.set', { limitBytesPerSecond: knownBytesPerSecond });
    moving.push({ ...(await stretch('with a limit', 8)), knownBytesPerSecond });
    await app.call('settings.set', { limitBytesPerSecond: null });
    // What the system's buffers took in the meantime arrives faster than the network.
    await seconds(6);

    await add(app, 'truth/small');
    moving.push(await stretch('two downloads', 8));

    app.hub.conditions.set({ totalBytesPerSecond: 0.01 });
    silent.push(await stretch('silence', 8));
    app.hub.conditions.set(LINE);
    await app.call('downloads.retryNow', {});
    await bytesCome(sampler);
    moving.push(await stretch('after the silence', 8));

    await app.restart();
    await goTo(app.page, 'Downloads');
    await bytesCome(sampler);
    moving.push(await stretch('after a restart', 8));

    // The same model by another name is the same download.
    await add(app, `${app.hub.url}/truth/large`);
    expect((await app.call('snapshot', {})).downloads).toHaveLength(2);

    app.hub.conditions.set({ totalBytesPerSecond: null });
    await says(row(app.page, LARGE), /Ready/, 60_000);
    await sampler[Symbol.asyncDispose]();
    const { samples } = sampler;
    expect(samples.length).toBeGreaterThan(200);
    expectTruth(
      samples,
      { moving: [...moving, ...onCards], silent, inspected },
      { card: onCards.flatMap((each) => cardFaults(samples, each, 'Truth', 'BF16')) },
    );
    // Bytes that were fetched just now were not there before.
    expect(await row(app.page, LARGE).innerText()).not.toMatch(/here already|reused/i);
  },
  TEST_TIMEOUT_MS,
);

it(
  'is what the Hub really sent of a queue, with the sizes of those that wait',
  async () => {
    const sizes = [30, 70, 40, 40, 40, 40].map((megabytes) => megabytes * 1_000_000);
    const names = sizes.map((_, index) => `queue/model-${index + 1}`);
    await using app = await openApp({
      hub: {
        repositories: sizes.map((size, index) => repository(names[index]!, size)),
        conditions: LINE,
      },
    });
    const sampler = startSampler(app, app.hub);
    await goTo(app.page, 'Downloads');
    for (const name of names) await add(app, name);
    await bytesCome(sampler);
    const knows = () => sampler.samples.at(-1)?.engine.every(({ totalBytes }) => totalBytes > 0);
    await expect.poll(knows, { timeout: 30_000 }).toBe(true);
    const moving = [await stretch('two of six', 8)];
    await says(row(app.page, /model-1/), /Ready/, 60_000);
    moving.push(await stretch('two of five', 9));
    app.hub.conditions.set({ totalBytesPerSecond: null });
    for (const name of names) await says(row(app.page, new RegExp(name)), /Ready/, 60_000);
    await sampler[Symbol.asyncDispose]();
    const { samples } = sampler;
    const sizeOf = new Map(names.map((name, index) => [name, sizes[index]!]));
    expectTruth(samples, { moving }, { sizes: moving.flatMap((each) => sizeFaults(samples, each, sizeOf)) });
  },
  TEST_TIMEOUT_MS,
);

it(
  'is what the Hub really sent while a damaged file is repaired',
  async () => {
    const [name, size, damagedBytes] = ['repair/model', 160_000_000, 60_000_000];
    await using app = await openApp({ hub: { repositories: [repository(name, size)] } });
    await goTo(app.page, 'Downloads');
    await add(app, name);
    await says(row(app.page, /repair\/model/), /Ready/, 60_000);
    await damage(app, name, damagedBytes);
    app.hub.conditions.set(LINE);
    const sampler = startSampler(app, app.hub);
    await expect.poll(() => sampler.samples.length).toBeGreaterThan(0);
    const from = sampler.samples.length;
    const repaired = app.call('library.verify', { reference: name, repair: true });
    await bytesCome(sampler);
    const repairing = await stretch('a repair', 9);
    app.hub.conditions.set({ totalBytesPerSecond: null });
    expect((await repaired).ok).toBe(true);
    await says(row(app.page, /repair\/model/), /Ready/, 60_000);
    await sampler[Symbol.asyncDispose]();
    // Until the damage is found it is ready; from then on it only gains.
    const samples = sampler.samples.slice(from).filter(({ at }) => at >= repairing.fromMs);
    expectTruth(samples, { moving: [repairing] });
    const shown = samples.filter(({ at }) => at <= repairing.toMs).flatMap(({ rows }) => rows ?? []);
    expect(shown.filter(({ text }) => !/Downloading damaged parts again/.test(text))).toEqual([]);
  },
  TEST_TIMEOUT_MS,
);

/** Writes zeros over the beginning of the weights that are installed. */
async function damage({ cacheDir }: TestApp, repo: string, bytes: number): Promise<void> {
  const snapshots = join(cacheDir, `models--${repo.replace('/', '--')}`, 'snapshots');
  const [commit] = await readdir(snapshots);
  const file = await open(await realpath(join(snapshots, commit!, WEIGHTS)), 'r+');
  await file.write(Buffer.alloc(bytes), 0, bytes, 0);
  await file.close();
}
