import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { processesOf } from '../../e2e/engine-process.ts';
import { goTo, row } from '../../e2e/pane.ts';
import { openAppOn, type Stage, type TestApp } from '../../e2e/running-app.ts';
import { renderTable } from '../results/table.ts';
import { cpuTimes, shares } from './cpu.ts';
import { fillLedger } from './full-ledger.ts';
import { fillLibrary } from './full-library.ts';
import { hubProcess, openStage } from './stage.ts';
import { traceTasks } from './tasks.ts';

/**
 * Measures the app as a person meets it: `npm run bench:app`. From click to first byte, start with 50 downloads in the
 * ledger, processor time of each process while bytes come at 50 MB/s, and the longest task of the page's main thread.
 */
const DOWNLOADS = 50;
const MODELS = 200;
const ROUNDS = 5;
const BYTES_PER_SECOND = 50_000_000;
const WATCHED_SECONDS = 15;
const DEMO_CATALOG = JSON.parse(
  readFileSync(new URL('../../hub/demo-catalog.json', import.meta.url), 'utf8'),
);

await using stage = await openStage();
const rows: string[][] = [];
const tell = (what: string, value: string) => {
  rows.push([what, value]);
  process.stderr.write(`${what}: ${value}\n`);
};

/** What is measured; `--only library` measures one of them. */
const PARTS = {
  click: clickToFirstByte,
  start: startWithDownloads,
  library: fullLibrary,
  downloading: whileDownloading,
};
const [, only] = /^--only[= ](\w+)$/.exec(process.argv.slice(2).join(' ')) ?? [];
for (const [name, measure] of Object.entries(PARTS)) {
  if (only === undefined || only === name) await measure(stage);
}
process.stdout.write(`${renderTable({ title: 'The app', columns: ['What', 'Value'], rows })}\n`);

async function clickToFirstByte(on: Stage): Promise<void> {
  const taken: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    await using app = await openAppOn(on);
    await goTo(app.page, 'Discover');
    taken.push(await firstByte(app));
  }
  tell('From click to first byte shown, local Hub', spread(taken, 'ms'));
}

/** Measured inside the page: from the click's own time stamp to the change that shows an amount above zero. */
async function firstByte({ page }: TestApp): Promise<number> {
  const measured = page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        let clickedAt = 0;
        addEventListener('click', (event) => (clickedAt ||= event.timeStamp), { capture: true });
        new MutationObserver(() => {
          const shown = [...document.querySelectorAll('[role="progressbar"]')].some(
            (bar) => Number(bar.getAttribute('aria-valuenow')) > 0,
          );
          if (shown && clickedAt > 0) resolve(performance.now() - clickedAt);
        }).observe(document.body, { subtree: true, childList: true, attributes: true });
      }),
  );
  await page.getByRole('button', { name: /^Download Parakeet/ }).click();
  return measured;
}

async function startWithDownloads(on: Stage): Promise<void> {
  await using app = await openAppOn(on, { stopped: true });
  const { root, dataDir, cacheDir } = app;
  const place = { root, dataDir, cacheDir, catalogFile: join(root, 'catalog.json') };
  await fillLedger(app.hub, place, DOWNLOADS);
  const taken: number[] = [];
  const painted: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const started = Date.now();
    await app.start();
    await goTo(app.page, 'Downloads');
    await row(app.page, /bench\/model-/).waitFor();
    taken.push(Date.now() - started);
    painted.push(
      await app.page.evaluate(
        (from) =>
          performance.timeOrigin +
          (performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0) -
          from,
        started,
      ),
    );
    await app.quit();
  }
  tell(`Start to first paint, ${DOWNLOADS} downloads in the ledger`, spread(painted, 'ms'));
  tell(
    '… to a list of downloads that was clicked open (with the test driver’s own time)',
    spread(taken, 'ms'),
  );
}

/** From the click on Library to its rows, and what scrolling through them costs the page's main thread. */
async function fullLibrary(on: Stage): Promise<void> {
  await using app = await openAppOn(on, {
    prepare: ({ cacheDir, root }) => fillLibrary(cacheDir, root, MODELS),
  });
  const { page } = app;
  const taken: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    await goTo(page, 'Discover');
    taken.push(await rowsShown(app));
  }
  tell(`From click to a library of ${MODELS} models in three folders`, spread(taken, 'ms'));
  const { renderer } = await processesOf(app.app);
  const tracing = traceTasks(app.app, renderer, 8);
  for (const direction of [1, -1, 1]) {
    for (let step = 0; step < 60; step += 1) {
      await page.mouse.wheel(0, direction * 240);
      await page.waitForTimeout(30);
    }
  }
  const report = await tracing;
  tell(
    'Longest task of the page, scrolling through it',
    `${report.longestMs.toFixed(1)} ms (${report.inLongest.join(', ')}); ${report.over16Ms} of ${report.tasks} over 16 ms`,
  );
}

/** Measured inside the page: from the click's own time stamp to the change that shows a row of a model. */
async function rowsShown({ page }: TestApp): Promise<number> {
  const measured = page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        let clickedAt = 0;
        addEventListener('click', (event) => (clickedAt ||= event.timeStamp), { capture: true });
        new MutationObserver(() => {
          const isShown = document.querySelector('[data-row^="bench/"]') !== null;
          if (isShown && clickedAt > 0) resolve(performance.now() - clickedAt);
        }).observe(document.body, { subtree: true, childList: true });
      }),
  );
  await page.getByRole('link', { name: 'Library' }).click();
  const took = await measured;
  await page.mouse.move(600, 400);
  return took;
}

async function whileDownloading(on: Stage): Promise<void> {
  using hub = await hubProcess(BYTES_PER_SECOND);
  await using app = await openAppOn(on, { catalog: DEMO_CATALOG, env: { HF_ENDPOINT: hub.url } });
  // Large enough to last until the end of the measurement.
  await app.call('downloads.add', { reference: 'moshi', variant: 'q8' });
  await goTo(app.page, 'Downloads');
  await app.page.waitForTimeout(4000);
  await watch(app, 'list of downloads shown');
  await app.clickMenu('applicationMenu', /View/, /Inspector/);
  await row(app.page, /^Moshi/).click({ position: { x: 200, y: 10 } });
  await watch(app, 'inspector open');
  await app.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide());
  await watch(app, 'window hidden');
  const { downloads } = await app.call('snapshot', {});
  for (const { id } of downloads) await app.call('downloads.cancel', { id });
}

async function watch(app: TestApp, state: string): Promise<void> {
  const processes = await processesOf(app.app);
  const before = await cpuTimes(processes);
  const receivedBefore = await received(app);
  const from = performance.now();
  await new Promise((resolve) => setTimeout(resolve, WATCHED_SECONDS * 1000));
  const seconds = (performance.now() - from) / 1000;
  const used = shares(before, await cpuTimes(processes), seconds);
  const speed = ((await received(app)) - receivedBefore) / seconds / 1e6;
  tell(
    `Processor, ${state}, ${speed.toFixed(0)} MB/s`,
    (['main', 'renderer', 'engine'] as const).map((name) => `${name} ${used[name].toFixed(1)} %`).join(', '),
  );
  if (state === 'window hidden') return;
  const report = await traceTasks(app.app, processes.renderer, 8);
  tell(
    `Longest task of the page, ${state}`,
    `${report.longestMs.toFixed(1)} ms (${report.inLongest.join(', ')}); ${report.over16Ms} of ${report.tasks} over 16 ms`,
  );
}

async function received(app: TestApp): Promise<number> {
  const { downloads } = await app.call('snapshot', {});
  return downloads.reduce((sum, { receivedBytes }) => sum + receivedBytes, 0);
}

function spread(values: readonly number[], unit: string): string {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (index: number) => (sorted[index] ?? 0).toFixed(0);
  return `${at(Math.floor(sorted.length / 2))} ${unit} (${at(0)}–${at(sorted.length - 1)}, ${sorted.length} runs)`;
}
