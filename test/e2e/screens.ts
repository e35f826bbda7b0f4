import type { TestApp } from './app.ts';
import { goTo, row, says } from './pane.ts';
import { chooseInDialog, writePartial } from './partial-file.ts';

/** A state of the window that is worth looking at. */
export interface Screen {
  readonly name: string;
  /** Shows it. Screens come in the order of the list and build on each other. */
  readonly show: (app: TestApp) => Promise<void>;
  /** Takes away what would be in the way of the next one. */
  readonly leave?: (app: TestApp) => Promise<void>;
}

const PARAKEET = /^Parakeet/;
const MOSHI = /^Moshi/;
const dismiss = ({ page }: TestApp) => page.keyboard.press('Escape');

/** Every screen of the app, from the first start to a full library, on a line of {@link SCREEN_LINE}. */
export const SCREENS: readonly Screen[] = [
  {
    name: 'discover',
    show: async ({ page }) => {
      await goTo(page, 'Discover');
      await page.getByRole('button', { name: /^Download Moshi/ }).waitFor();
    },
  },
  {
    name: 'discover-why',
    show: async ({ page }) => {
      await page.getByRole('button', { name: /^Why\?.*Moshi/ }).click();
      await page.getByRole('dialog').waitFor();
    },
    leave: dismiss,
  },
  {
    name: 'discover-preview',
    show: async ({ page }) => {
      await page.getByRole('textbox', { name: 'Model link or id' }).fill('kyutai/moshiko-mlx-q8');
      await page.keyboard.press('Enter');
      await page
        .getByRole('dialog')
        .getByText('model.q8.safetensors')
        .or(page.getByText('model.safetensors'))
        .first()
        .waitFor();
    },
    leave: dismiss,
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
    show: async (app) => {
      const { page } = app;
      await app.call('downloads.add', { reference: 'gated-org/gated-model' });
      await app.call('downloads.add', { reference: 'kyutai/moshiko-mlx-q4', variant: 'auto' });
      await app.call('downloads.add', { reference: 'moshi', variant: 'q8' });
      await app.call('downloads.add', { reference: 'parakeet' });
      await goTo(page, 'Downloads');
      await says(row(page, /gated/i), /access/);
      await row(page, PARAKEET).getByRole('button', { name: 'Pause' }).click();
      await says(row(page, PARAKEET), /^Paused/);
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
      await row(page, MOSHI).getByRole('button', { name: 'Cancel…' }).click();
      await page.getByRole('dialog').or(page.getByRole('alertdialog')).first().waitFor();
    },
    leave: dismiss,
  },
  {
    name: 'discover-under-way',
    show: ({ page }) => goTo(page, 'Discover'),
  },
  {
    name: 'library',
    show: async (app) => {
      const { page } = app;
      app.hub.conditions.set({ totalBytesPerSecond: null });
      await goTo(page, 'Downloads');
      await row(page, PARAKEET).getByRole('button', { name: 'Resume' }).click();
      await says(row(page, PARAKEET), /^Ready/, 60_000);
      app.hub.conditions.set(SCREEN_LINE);
      await goTo(page, 'Library');
      await row(page, PARAKEET).waitFor();
    },
  },
  {
    name: 'library-remove',
    show: async ({ page }) => {
      await row(page, PARAKEET).getByRole('button', { name: 'More' }).click();
      await page.getByRole('menuitem', { name: 'Remove…' }).click();
      await page.getByRole('dialog').or(page.getByRole('alertdialog')).first().waitFor();
    },
    leave: dismiss,
  },
  {
    name: 'library-import',
    show: async (app) => {
      await chooseInDialog(app, await writePartial(app, 'kyutai/moshiko-mlx-q8', 1_000_000));
      await app.page.getByRole('button', { name: 'Import a Partial File…' }).first().click();
      await app.page.getByRole('dialog', { name: 'Import a partial file' }).waitFor();
    },
    leave: dismiss,
  },
  { name: 'downloads-ready', show: ({ page }) => goTo(page, 'Downloads') },
  { name: 'settings', show: ({ page }) => goTo(page, 'Settings') },
  {
    name: 'settings-end',
    show: async ({ page }) => {
      await page.getByText(/It speaks to the Hub and to nobody else/).scrollIntoViewIfNeeded();
    },
  },
];

/** Slow enough that nothing ends while it is looked at. */
export const SCREEN_LINE = { totalBytesPerSecond: 120_000 } as const;

/** The colour schemes of the system. */
export const THEMES = ['light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

/** Switches the app as the system would, and waits until the page follows. */
export async function setTheme({ app, page }: TestApp, theme: Theme): Promise<void> {
  await app.evaluate(({ nativeTheme }, source) => {
    nativeTheme.themeSource = source;
  }, theme);
  await page.waitForFunction((wanted) => matchMedia(`(prefers-color-scheme: ${wanted})`).matches, theme);
}

/** Gives the page this many CSS pixels. */
export async function resize({ app, page }: TestApp, width: number, height: number): Promise<void> {
  await app.evaluate(({ BrowserWindow }, [w, h]) => BrowserWindow.getAllWindows()[0]?.setContentSize(w, h), [
    width,
    height,
  ] as const);
  await page.waitForFunction(([w, h]) => innerWidth === w && innerHeight === h, [width, height] as const);
}
