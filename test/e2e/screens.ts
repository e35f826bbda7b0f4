import { mkdir, open, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { cutBeforeHeaders } from '../hub/faults/constructors.ts';
import type { TestApp } from './app.ts';
import { goTo, row, says } from './pane.ts';
import { chooseInDialog } from './partial-file.ts';
import type { PictureModels } from './picture-models.ts';

/** A state of the window that is worth looking at. */
export interface Screen {
  readonly name: string;
  /** Shows it. Screens come in the order of the list and build on each other. */
  readonly show: (app: TestApp, line: PictureModels['line']) => Promise<void>;
  /** Takes away what would be in the way of the next one. */
  readonly leave?: (app: TestApp) => Promise<void>;
}

const PARAKEET = /^Parakeet/;
const MOSHI = /^Moshi.*Q8/;
const LONG_MS = 120_000;
const dismiss = ({ page }: TestApp) => page.keyboard.press('Escape');

/** Every screen of the app, from the first start to a full library. */
export const SCREENS: readonly Screen[] = [
  {
    name: 'discover',
    show: async ({ page }) => {
      await goTo(page, 'Discover');
      await page
        .getByRole('button', { name: /^Download Moshi/ })
        .first()
        .waitFor();
    },
  },
  {
    name: 'discover-why',
    show: async ({ page }) => {
      await page
        .getByRole('button', { name: /^Why\?.*Moshi/ })
        .first()
        .click();
      await page.getByRole('dialog').waitFor();
    },
    leave: dismiss,
  },
  {
    name: 'discover-preview',
    show: async ({ page }) => {
      await page
        .getByRole('textbox', { name: 'Search models, or paste a link' })
        .fill('kyutai/moshiko-mlx-q8');
      await page.keyboard.press('Enter');
      await page
        .getByRole('dialog')
        .getByText(/^model.*\.safetensors$/)
        .waitFor();
    },
    leave: dismiss,
  },
  {
    name: 'discover-search',
    show: async ({ page }) => {
      await page.getByRole('textbox', { name: 'Search models, or paste a link' }).fill('llama');
      await page
        .getByRole('listitem', { name: /Llama-3\.2-1B-Instruct/ })
        .first()
        .waitFor();
      await page.getByText(/models found$/).waitFor();
    },
  },
  {
    name: 'discover-choice',
    show: async ({ page }) => {
      await page
        .getByRole('textbox', { name: 'Search models, or paste a link' })
        .fill('bartowski/Llama-3.2-1B-Instruct-GGUF');
      await page.keyboard.press('Enter');
      await page.getByRole('dialog').getByRole('radio', { checked: true }).waitFor();
      await page.getByRole('heading', { name: 'About This Model' }).waitFor();
    },
  },
  {
    name: 'discover-about',
    show: async ({ page }) => {
      await page.getByRole('heading', { name: 'Which file should I choose?' }).scrollIntoViewIfNeeded();
    },
    leave: dismiss,
  },
  {
    name: 'discover-gated',
    show: async ({ page }) => {
      await page
        .getByRole('textbox', { name: 'Search models, or paste a link' })
        .fill('meta-llama/Llama-3.2-1B-Instruct');
      await page.keyboard.press('Enter');
      await page.getByRole('dialog').getByRole('button', { name: 'Ask for Access' }).waitFor();
    },
    leave: async (app) => {
      await dismiss(app);
      await app.page.getByRole('textbox', { name: 'Search models, or paste a link' }).fill('');
    },
  },
  { name: 'downloads-empty', show: ({ page }) => goTo(page, 'Downloads') },
  {
    name: 'library-empty',
    show: async ({ page }) => {
      await goTo(page, 'Library');
      await page.getByText('Nothing here yet').waitFor();
    },
  },
  {
    name: 'downloads',
    show: async (app, line) => {
      const { page, hub } = app;
      hub.conditions.set({ totalBytesPerSecond: line.hurried });
      await app.call('downloads.add', { reference: 'moshi', variant: 'q8' });
      const { id } = await app.call('downloads.add', { reference: 'parakeet' });
      await app.call('downloads.add', { reference: 'gated-org/gated-model' });
      await goTo(page, 'Downloads');
      await receivedShare(app, 'parakeet', 0.25);
      await app.call('downloads.pause', { id });
      await receivedShare(app, 'moshi', 0.41);
      hub.conditions.set({ totalBytesPerSecond: line.shown });
      await says(row(page, PARAKEET), /^Paused/);
      await says(row(page, /gated/i), /access/);
      await row(page, MOSHI).getByText(/B\/s/).first().waitFor();
    },
  },
  {
    name: 'downloads-inspector',
    show: async ({ page }) => {
      await row(page, MOSHI).click({ position: { x: 200, y: 10 } });
      await page.keyboard.press('ControlOrMeta+Alt+i');
      await page.getByRole('complementary', { name: 'Inspector' }).waitFor();
    },
    leave: ({ page }) => page.getByRole('button', { name: 'Close Inspector' }).click(),
  },
  {
    name: 'downloads-more',
    show: async ({ page }) => {
      await row(page, MOSHI).getByRole('button', { name: 'More' }).click();
      await page.getByRole('menu').waitFor();
    },
    leave: dismiss,
  },
  {
    name: 'downloads-cancel',
    show: async ({ page }) => {
      await row(page, MOSHI).getByRole('button', { name: 'Cancel Download…' }).click();
      await asked(page).waitFor();
    },
    leave: dismiss,
  },
  { name: 'discover-under-way', show: ({ page }) => goTo(page, 'Discover') },
  {
    name: 'downloads-waiting',
    show: async ({ page, hub }) => {
      await goTo(page, 'Downloads');
      hub.faults.add({ match: {}, times: Number.POSITIVE_INFINITY, ...cutBeforeHeaders() });
      hub.conditions.set({ drops: { everySeconds: 0.2, probability: 1 } });
      await says(row(page, MOSHI), /Connection lost/);
    },
    leave: async ({ page, hub }) => {
      hub.faults.clear();
      hub.conditions.set({ drops: null });
      await row(page, MOSHI).getByRole('button', { name: 'Try Now' }).click();
    },
  },
  {
    name: 'library',
    show: async ({ page, hub }, line) => {
      hub.conditions.set({ totalBytesPerSecond: line.hurried });
      await row(page, MOSHI).getByRole('button', { name: 'Pause' }).click();
      await row(page, PARAKEET).getByRole('button', { name: 'Resume' }).click();
      await says(row(page, PARAKEET), /^Ready/, LONG_MS);
      hub.conditions.set({ totalBytesPerSecond: line.shown });
      await goTo(page, 'Library');
      await row(page, PARAKEET).waitFor();
    },
  },
  {
    name: 'library-selected',
    show: async ({ page }) => {
      await row(page, PARAKEET).focus();
      await page.keyboard.press('ControlOrMeta+a');
      await page.getByText(/^\d selected/).waitFor();
    },
  },
  {
    name: 'library-files',
    show: async ({ page }) => {
      await row(page, PARAKEET).getByRole('button', { name: 'More' }).click();
      await page.getByRole('menuitem', { name: 'Show Files' }).click();
      await page.getByRole('dialog').getByText('config.json').waitFor();
    },
    leave: dismiss,
  },
  {
    name: 'library-clean-up',
    show: async ({ page, cacheDir }) => {
      await leftOver(cacheDir);
      await page.getByRole('button', { name: 'Refresh' }).click();
      await page.getByRole('button', { name: 'Clean Up…' }).click();
      await page.getByRole('checkbox').first().waitFor();
    },
    leave: dismiss,
  },
  {
    name: 'library-remove',
    show: async ({ page }) => {
      await row(page, PARAKEET).getByRole('button', { name: 'More' }).click();
      await page.getByRole('menuitem', { name: 'Remove…' }).click();
      await asked(page).waitFor();
    },
    leave: dismiss,
  },
  {
    name: 'library-import',
    show: async (app) => {
      await chooseInDialog(app, await emptyPartial(app, 1_000_000));
      await app.page.getByRole('button', { name: 'Import Unfinished File…' }).first().click();
      await app.page.getByRole('dialog', { name: 'Import Unfinished File' }).waitFor();
    },
    leave: dismiss,
  },
  { name: 'downloads-ready', show: ({ page }) => goTo(page, 'Downloads') },
  { name: 'settings', show: ({ page }) => goTo(page, 'Settings') },
  {
    name: 'settings-end',
    show: ({ page }) => page.getByText(/Connects only to Hugging Face/).scrollIntoViewIfNeeded(),
  },
];

/** The open question of a dialog. */
function asked(page: Page) {
  return page.getByRole('dialog').or(page.getByRole('alertdialog')).first();
}

async function receivedShare(app: TestApp, model: string, share: number): Promise<void> {
  const deadline = Date.now() + LONG_MS;
  for (;;) {
    const { downloads } = await app.call('snapshot', {});
    const view = downloads.find((each) => each.model === model);
    if (view !== undefined && view.totalBytes > 0 && view.receivedBytes >= share * view.totalBytes) return;
    if (Date.now() > deadline) throw new Error(`${model} did not come that far.`);
    await app.page.waitForTimeout(50);
  }
}

/** A version of a model that no branch names any more. */
async function leftOver(cacheDir: string): Promise<void> {
  const folder = join(cacheDir, 'models--org--left-over');
  const snapshot = join(folder, 'snapshots', 'cd'.repeat(20));
  const hash = 'ab'.repeat(32);
  await mkdir(join(folder, 'blobs'), { recursive: true });
  await mkdir(snapshot, { recursive: true });
  await writeFile(join(folder, 'blobs', hash), Buffer.alloc(3_000_000, 1));
  await symlink(join('..', '..', 'blobs', hash), join(snapshot, 'model.safetensors'));
}

/** A file that takes no room; what is in it does not matter here. */
async function emptyPartial({ root }: TestApp, bytes: number): Promise<string> {
  const path = join(root, 'model.q8.safetensors.crdownload');
  const file = await open(path, 'w');
  await file.truncate(bytes);
  await file.close();
  return path;
}

/** The colour schemes of the system. */
export const THEMES = ['light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

/** Switches the app as the system would, and waits until the page has followed. */
export async function setTheme({ app, page }: TestApp, theme: Theme): Promise<void> {
  await app.evaluate(({ nativeTheme }, source) => {
    nativeTheme.themeSource = source;
  }, theme);
  await page.waitForFunction((wanted) => matchMedia(`(prefers-color-scheme: ${wanted})`).matches, theme);
  await settled(page);
}

/** Waits until nothing fades or moves any more, but for what does so without end. */
export async function settled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const ending = () =>
      document
        .getAnimations()
        .filter(
          ({ effect, playState }) =>
            playState === 'running' && effect?.getComputedTiming().endTime !== Infinity,
        );
    while (ending().length > 0) await Promise.allSettled(ending().map(({ finished }) => finished));
  });
}

/** Gives the page this many CSS pixels. */
export async function resize({ app, page }: TestApp, width: number, height: number): Promise<void> {
  await app.evaluate(({ BrowserWindow }, [w, h]) => BrowserWindow.getAllWindows()[0]?.setContentSize(w, h), [
    width,
    height,
  ] as const);
  await page.waitForFunction(([w, h]) => innerWidth === w && innerHeight === h, [width, height] as const);
}
