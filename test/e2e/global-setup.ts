import { existsSync } from 'node:fs';
import type { TestProject } from 'vitest/node';
import type { ElectronDist } from '../../tools/electron-dist/dist.ts';
import { virtualDisplay } from '../../tools/electron-dist/virtual-display.ts';
import { electronDist } from '../../tools/electron-dist.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    electron: ElectronDist;
    /** Value of DISPLAY for the apps; null leaves it as it is. */
    display: string | null;
  }
}

/** Finds the Electron and a display once for all tests of the window. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  if (!existsSync(new URL('../../out/main/index.cjs', import.meta.url))) {
    throw new Error('The tests of the window need the built app. Run: npm run build');
  }
  const dist = await electronDist();
  const needed = process.platform === 'linux' && !process.env.DISPLAY;
  const display = needed ? await virtualDisplay() : null;
  project.provide('electron', dist);
  project.provide('display', display?.name ?? null);
  return async () => {
    await display?.[Symbol.asyncDispose]();
  };
}
