import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type MoshiOnHub, moshiOnHub } from '../quantize/moshi-on-hub.ts';
import { openApp, type TestApp } from './app.ts';
import { violationsOn } from './axe.ts';
import { overflowing } from './overflowing.ts';
import { goTo, row, says } from './pane.ts';
import { resize, setTheme, settled, THEMES } from './screens.ts';
import { slowHashingNode } from './slow-hashing.ts';

/** Where those of the documentation go; `npm run screenshots` renews them. */
const DOCUMENTATION =
  process.env.HAULYARD_SCREENSHOTS === '1'
    ? fileURLToPath(new URL('../../docs/screenshots/', import.meta.url))
    : null;
/** Where all others go; `HAULYARD_PICTURES` names a folder for who wants to look at them. */
const FOLDER = process.env.HAULYARD_PICTURES ?? (await mkdtemp(join(tmpdir(), 'haulyard-builds-')));
const SIZES = [
  [1200, 800],
  [720, 480],
] as const;
const Q4 = /^Moshi Q4$/;
const LONG_MS = 120_000;
/** For each unit: a build lasts until everything was pictured, or is paused first. */
const PAUSE_MS = 400;

let moshi: MoshiOnHub;
let app: TestApp;
beforeAll(async () => {
  await mkdir(FOLDER, { recursive: true });
  moshi = await moshiOnHub();
  const env: Record<string, string> = { HAULYARD_ASSUME_HARDWARE: 'Apple M3 Pro,18GB' };
  app = await openApp({
    hub: { repositories: [moshi.repository], conditions: { totalBytesPerSecond: 200_000 } },
    catalog: moshi.catalog,
    env,
    prepare: async ({ root }) => {
      env.HAULYARD_ENGINE_NODE = await slowHashingNode(root, PAUSE_MS);
    },
  });
}, LONG_MS);
afterAll(async () => {
  await app[Symbol.asyncDispose]();
  await moshi[Symbol.asyncDispose]();
});

/** Pauses the build where it is, or resumes it. */
async function steer(what: 'pause' | 'resume'): Promise<void> {
  const { builds } = await app.call('snapshot', {});
  const id = builds[0]?.id ?? '';
  await app.call(`build.${what}`, { id });
}

async function until(isSo: (state: Awaited<ReturnType<typeof snapshot>>) => boolean): Promise<void> {
  // Not `expect.poll`, which is for tests alone: this runs before them.
  for (const deadline = Date.now() + LONG_MS; !isSo(await snapshot()); await app.page.waitForTimeout(50)) {
    if (Date.now() > deadline) throw new Error('It did not come that far.');
  }
}
const snapshot = () => app.call('snapshot', {});

interface Screen {
  readonly name: string;
  readonly show: () => Promise<void>;
  readonly leave?: () => Promise<void>;
  /** The guide shows it. */
  readonly isInGuide?: true;
}

/** Every state of what is made here that the window shows. They come in this order and build on each other. */
const SCREENS: readonly Screen[] = [
  {
    name: 'card-download-with-tick',
    show: async () => {
      await goTo(app.page, 'Discover');
      await app.page.getByRole('radio', { name: /^BF16/ }).click();
      await app.page.getByRole('checkbox', { name: /^Make Q4/ }).check();
    },
  },
  {
    name: 'card-on-its-way-with-tick',
    show: async () => {
      await app.call('downloads.add', { reference: 'moshi', variant: 'bf16' });
      await app.page.getByRole('progressbar').first().waitFor();
    },
  },
  {
    name: 'card-of-q4-while-bf16-comes',
    show: async () => {
      await app.page.getByRole('radio', { name: /^Q4/ }).click();
      await app.page.getByRole('checkbox', { name: /^Make Q4/ }).waitFor();
    },
  },
  {
    name: 'card-make',
    isInGuide: true,
    show: async () => {
      app.hub.conditions.set({ totalBytesPerSecond: null });
      await until(({ downloads }) => downloads[0]?.state === 'ready');
      await app.page.getByRole('button', { name: 'Make Q4 Here' }).waitFor();
    },
  },
  {
    name: 'card-making',
    show: async () => {
      await app.page.getByRole('button', { name: 'Make Q4 Here' }).click();
      await until(({ builds }) => (builds[0]?.unitsDone ?? 0) > 3);
    },
  },
  { name: 'downloads-making', show: () => goTo(app.page, 'Downloads') },
  {
    name: 'downloads-making-paused',
    show: async () => {
      await steer('pause');
      await says(row(app.page, Q4), 'Paused');
    },
  },
  {
    name: 'downloads-making-cancel',
    show: async () => {
      await row(app.page, Q4).getByRole('button', { name: 'Cancel Making Moshi Q4' }).click();
      await app.page.getByRole('dialog').waitFor();
    },
    leave: () => app.page.keyboard.press('Escape'),
  },
  {
    name: 'downloads-made',
    isInGuide: true,
    show: async () => {
      await steer('resume');
      await says(row(app.page, Q4), 'Moshi Q4 is ready', LONG_MS);
    },
  },
  {
    name: 'downloads-made-remove-source',
    show: async () => {
      await row(app.page, Q4).getByRole('button', { name: 'Remove BF16…' }).click();
      await app.page.getByRole('dialog').waitFor();
    },
    leave: () => app.page.keyboard.press('Escape'),
  },
  {
    name: 'library-made',
    show: async () => {
      await goTo(app.page, 'Library');
      await row(app.page, Q4).waitFor();
    },
  },
  { name: 'card-made', show: () => goTo(app.page, 'Discover') },
  {
    name: 'settings-folder',
    show: async () => {
      await goTo(app.page, 'Settings');
      await app.page.getByText('Folder for models made here').waitFor();
    },
  },
];

describe.each(SCREENS)('the screen $name', ({ name, show, leave, isInGuide }) => {
  beforeAll(async () => {
    await show();
    await settled(app.page);
  }, LONG_MS);
  afterAll(() => leave?.());

  it(
    'has no violation of accessibility, and fits in both themes and sizes',
    async () => {
      for (const [width, height] of SIZES) {
        await resize(app, width, height);
        const folder = isInGuide && width === SIZES[0][0] ? (DOCUMENTATION ?? FOLDER) : FOLDER;
        for (const theme of THEMES) {
          await setTheme(app, theme);
          const path = join(folder, `builds-${name}-${theme}${width < 1000 ? '-small' : ''}.png`);
          await app.page.screenshot({ path, animations: 'disabled', caret: 'hide' });
          expect(await violationsOn(app.page)).toEqual([]);
        }
        expect(await overflowing(app.page)).toEqual([]);
      }
    },
    LONG_MS,
  );
});
