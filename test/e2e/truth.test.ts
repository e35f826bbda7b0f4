import { expect, it } from 'vitest';
import { WEIGHTS, weights } from '../integration/repositories.ts';
import { openApp, type TestApp } from './app.ts';
import { goTo, row, says } from './pane.ts';
import {
  alwaysFaults,
  connectionFaults,
  type Stretch,
  silenceFaults,
  speedFaults,
  timeFaults,
  trayFaults,
} from './truth/judge.ts';
import { type Sampler, startSampler } from './truth/sampler.ts';

const LINE_BYTES_PER_SECOND = 4_000_000;
const SLOWER_BYTES_PER_SECOND = 1_500_000;
const repository = (id: string, size: number) => ({ id, files: [weights(WEIGHTS, size, id)] });
const REPOSITORIES = [repository('truth/large', 280_000_000), repository('truth/small', 100_000_000)];
const LARGE = /truth\/large/;
const TEST_TIMEOUT_MS = 400_000;

const seconds = (count: number) => new Promise((resolve) => setTimeout(resolve, count * 1000));

/** Lets time go by on a line that stays as it is from now on. */
async function stretch(name: string, count: number): Promise<Stretch> {
  const fromMs = performance.now();
  await seconds(count);
  return { name, fromMs, toMs: performance.now() };
}

/** Waits until bytes come: a stretch of downloading begins with the first one. */
async function bytesCome(sampler: Sampler): Promise<void> {
  const before = sampler.samples.at(-1)?.sentBytes ?? 0;
  await expect
    .poll(() => (sampler.samples.at(-1)?.sentBytes ?? 0) - before, { timeout: 60_000, interval: 50 })
    .toBeGreaterThan(100_000);
}

const add = (app: TestApp, reference: string) => app.call('downloads.add', { reference });

it(
  'is what the Hub really sent, in every place and at every moment',
  async () => {
    await using app = await openApp({
      hub: { repositories: REPOSITORIES, conditions: { totalBytesPerSecond: LINE_BYTES_PER_SECOND } },
    });
    const moving: Stretch[] = [];
    const silent: Stretch[] = [];
    const inspected: Stretch[] = [];
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

    app.hub.conditions.set({ totalBytesPerSecond: SLOWER_BYTES_PER_SECOND });
    moving.push(await stretch('on a slower line', 8));
    app.hub.conditions.set({ totalBytesPerSecond: LINE_BYTES_PER_SECOND });
    moving.push(await stretch('on a faster line', 7));

    const knownBytesPerSecond = 2_000_000;
    await app.call('settings.set', { limitBytesPerSecond: knownBytesPerSecond });
    moving.push({ ...(await stretch('with a limit', 8)), knownBytesPerSecond });
    await app.call('settings.set', { limitBytesPerSecond: null });
    // What the buffers of the system took meanwhile comes faster than the line.
    await seconds(6);

    await add(app, 'truth/small');
    moving.push(await stretch('two downloads', 8));

    app.hub.conditions.set({ totalBytesPerSecond: 0.01 });
    silent.push(await stretch('silence', 8));
    app.hub.conditions.set({ totalBytesPerSecond: LINE_BYTES_PER_SECOND });
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
    expect({
      speed: moving.flatMap((each) => speedFaults(samples, each)),
      time: moving.flatMap((each) => timeFaults(samples, each)),
      menuBar: moving.flatMap((each) => trayFaults(samples, each)),
      silence: silent.flatMap((each) => silenceFaults(samples, each)),
      connections: inspected.flatMap((each) => connectionFaults(samples, each)),
      always: alwaysFaults(samples),
    }).toEqual({ speed: [], time: [], menuBar: [], silence: [], connections: [], always: [] });
    // Bytes that were fetched just now were not there before.
    expect(await row(app.page, LARGE).innerText()).not.toMatch(/here already|reused/i);
  },
  TEST_TIMEOUT_MS,
);
