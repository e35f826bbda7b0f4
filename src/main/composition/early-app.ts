import { mkdirSync } from 'node:fs';
import { app } from 'electron';
import type { Places } from '../foundation/places.ts';

/**
 * Gives Chromium its own folder inside the data folder. Must run before anything uses Chromium. The folder must exist
 * for Electron to accept it, which is why this alone is synchronous.
 */
export function setUpProfile({ profileDir, logsDir }: Pick<Places, 'profileDir' | 'logsDir'>): void {
  mkdirSync(profileDir, { recursive: true, mode: 0o700 });
  app.setPath('userData', profileDir);
  app.setPath('sessionData', profileDir);
  app.setAppLogsPath(logsDir);
  // Windows shows notifications of programs it knows by this name: `appId` of electron-builder.yml.
  if (process.platform === 'win32') app.setAppUserModelId('app.haulyard.desktop');
}
