import { inject } from 'vitest';
import { type AppOptions, openAppOn, type TestApp } from './running-app.ts';

export type { TestApp } from './running-app.ts';

/** {@link openAppOn} with the Electron and the display that were found for all tests. */
export function openApp(options: AppOptions = {}): Promise<TestApp> {
  return openAppOn({ electron: inject('electron'), display: inject('display') }, options);
}
