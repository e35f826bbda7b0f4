import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openApp, type TestApp } from './app.ts';
import { violationsOn } from './axe.ts';
import { overflowing } from './overflowing.ts';
import { fullSizeModels, SMALL_MODELS } from './picture-models.ts';
import { resize, SCREENS, setTheme, settled, THEMES } from './screens.ts';

/** `npm run screenshots` renews the pictures of the documentation; otherwise they are thrown away. */
const isForDocumentation = process.env.HAULYARD_SCREENSHOTS === '1';
const FOLDER = isForDocumentation
  ? fileURLToPath(new URL('../../docs/screenshots/', import.meta.url))
  : await mkdtemp(join(tmpdir(), 'haulyard-screenshots-'));
const models = isForDocumentation ? fullSizeModels() : SMALL_MODELS;
const SHOW_TIMEOUT_MS = 300_000;
const SIZES = [
  [1200, 800],
  [720, 480],
] as const;

let app: TestApp;
beforeAll(async () => {
  await mkdir(FOLDER, { recursive: true });
  app = await openApp({
    hub: { repositories: models.repositories },
    catalog: models.catalog,
    env: { HAULYARD_ASSUME_HARDWARE: 'Apple M3 Pro,18GB' },
  });
});
afterAll(() => app[Symbol.asyncDispose]());

describe.each(SCREENS)('the screen $name', ({ name, show, leave }) => {
  beforeAll(async () => {
    await show(app, models.line);
    await settled(app.page);
  }, SHOW_TIMEOUT_MS);
  afterAll(() => leave?.(app));

  it.each(THEMES)('has no violation of accessibility in %s', async (theme) => {
    await setTheme(app, theme);
    expect(await violationsOn(app.page)).toEqual([]);
  });

  it.each(SIZES)('fits into %i × %i and is pictured', async (width, height) => {
    await resize(app, width, height);
    for (const theme of THEMES) {
      await setTheme(app, theme);
      const path = join(FOLDER, `${name}-${theme}${width < 1000 ? '-small' : ''}.png`);
      await app.page.screenshot({ path, animations: 'disabled', caret: 'hide' });
    }
    expect(await overflowing(app.page)).toEqual([]);
  });
});
