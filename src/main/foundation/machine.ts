import { homedir } from 'node:os';
import { app } from 'electron';

/** The system the program runs on and how it was started, read once. */
export interface Machine {
  readonly env: NodeJS.ProcessEnv;
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  readonly homedir: string;
  readonly argv: readonly string[];
  readonly isPackaged: boolean;
  /** The folder with package.json, or the archive in its place. */
  readonly appPath: string;
  readonly version: string;
}

/** Reads it from the process and from Electron. */
export function thisMachine(): Machine {
  return {
    env: process.env,
    platform: process.platform,
    arch: process.arch,
    homedir: homedir(),
    argv: process.argv,
    isPackaged: app.isPackaged,
    appPath: app.getAppPath(),
    version: app.getVersion(),
  };
}
