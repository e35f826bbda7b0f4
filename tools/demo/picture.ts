import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { _electron, type Page } from 'playwright';
import type { ElectronDist } from '../electron-dist/dist.ts';
import { launchPlan, thisMachine } from '../electron-dist/launch.ts';
import { virtualDisplay } from '../electron-dist/virtual-display.ts';

/** What {@link takePicture} needs. */
export interface PictureOptions {
  readonly dist: ElectronDist;
  readonly appPath: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Where the PNG goes. */
  readonly file: string;
}

const START_TIMEOUT_MS = 60_000;
/** By then speed and time left have settled. */
const UNDER_WAY_MS = 6000;

/** Opens the app, starts two downloads by its own buttons, and saves a picture of the window in the middle of them. */
export async function takePicture({ dist, appPath, environment, file }: PictureOptions): Promise<void> {
  const plan = launchPlan(dist, appPath, { ...thisMachine(), environment });
  await using display = plan.needsDisplay ? await virtualDisplay() : null;
  if (display !== null) process.stderr.write('No display here: the window opens on one that nobody sees.\n');
  const env = { ...plan.env, ...(display === null ? {} : { DISPLAY: display.name }) };
  const app = await _electron.launch({
    executablePath: dist.executable,
    args: [...plan.args],
    cwd: appPath,
    colorScheme: null,
    env: Object.fromEntries(
      Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
    ),
    timeout: START_TIMEOUT_MS,
  });
  // Nobody can answer a box of the system: quitting asks about the downloads.
  await app.evaluate(({ dialog }) => {
    dialog.showMessageBox = async () => ({ response: 0, checkboxChecked: false });
  });
  try {
    const page = await app.firstWindow({ timeout: START_TIMEOUT_MS });
    page.setDefaultTimeout(START_TIMEOUT_MS);
    await startDownloads(page);
    await mkdir(dirname(file), { recursive: true });
    await page.screenshot({ path: file });
  } finally {
    await app.close();
  }
}

async function startDownloads(page: Page): Promise<void> {
  for (const model of [/^Download Parakeet/, /^Download Moshi/]) {
    await page.getByRole('button', { name: model }).first().click();
  }
  await page.getByRole('link', { name: 'Downloads' }).click();
  await page.getByRole('listitem').getByText(/MB\/s/).first().waitFor();
  await page.waitForTimeout(UNDER_WAY_MS);
}
