import type { TestApp } from './app.ts';
import { downloadFromCatalog, goTo, row, says } from './pane.ts';

/** A state of the window that is worth looking at. */
export interface Screen {
  readonly name: string;
  /** Shows it; screens come in the order of the list and may build on each other. */
  readonly show: (app: TestApp) => Promise<void>;
}

const PARAKEET = /^Parakeet/;
const MOSHI = /^Moshi/;

/** Every screen of the app, from the first start to a full library. The line is throttled by {@link SCREEN_LINE}. */
export const SCREENS: readonly Screen[] = [
  { name: 'discover', show: ({ page }) => goTo(page, 'Discover') },
  { name: 'downloads-empty', show: ({ page }) => goTo(page, 'Downloads') },
  { name: 'library-empty', show: ({ page }) => goTo(page, 'Library') },
  { name: 'settings', show: ({ page }) => goTo(page, 'Settings') },
];

/** Slow enough that nothing ends while it is looked at. */
export const SCREEN_LINE = { totalBytesPerSecond: 1_200_000 } as const;

/** The colour schemes of the system. */
export const THEMES = ['light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

/** Switches the app as the system would, and waits until the page follows. */
export async function useTheme({ app, page }: TestApp, theme: Theme): Promise<void> {
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
void [downloadFromCatalog, row, says, PARAKEET, MOSHI];
