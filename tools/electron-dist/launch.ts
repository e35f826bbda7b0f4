import { type ElectronDist, majorVersion } from './dist.ts';

/** The Electron that the app is made for. Older ones have a Node inside that cannot load the engine's native module. */
const APP_ELECTRON_MAJOR = 45;

/**
 * For a display without a graphics card. Without it Chromium first tries one, and now and then a page waits for ever for the
 * process that has just failed at it.
 */
export const NO_GPU = '--disable-gpu';

/** How a dist is started here. */
export interface LaunchPlan {
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** True on a Linux without a display: start one of `virtual-display.ts` and set DISPLAY to it. */
  readonly needsDisplay: boolean;
}

/** What a plan depends on, besides the dist. */
export interface LaunchMachine {
  readonly platform: NodeJS.Platform;
  readonly isRoot: boolean;
  readonly environment: NodeJS.ProcessEnv;
  /** A Node that can run the engine. */
  readonly node: string;
}

/** Flags and environment with which `dist` runs the app in `appPath`. Chromium refuses to sandbox the processes of root. */
export function launchPlan(dist: ElectronDist, appPath: string, machine: LaunchMachine): LaunchPlan {
  const { platform, isRoot, environment, node } = machine;
  const engineNode = majorVersion(dist.version) < APP_ELECTRON_MAJOR ? { HAULYARD_ENGINE_NODE: node } : {};
  const env: NodeJS.ProcessEnv = { ...engineNode, ...environment };
  // Set by tools that use Electron as a plain Node; with it no window would ever open.
  delete env.ELECTRON_RUN_AS_NODE;
  const needsDisplay = platform === 'linux' && !environment.DISPLAY && !environment.WAYLAND_DISPLAY;
  return {
    args: [
      ...(platform === 'linux' && isRoot ? ['--no-sandbox'] : []),
      ...(needsDisplay ? [NO_GPU] : []),
      appPath,
    ],
    env,
    needsDisplay,
  };
}

/** This machine, now. */
export function thisMachine(): LaunchMachine {
  return {
    platform: process.platform,
    isRoot: process.getuid?.() === 0,
    environment: process.env,
    node: process.execPath,
  };
}
