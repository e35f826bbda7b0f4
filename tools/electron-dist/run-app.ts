import { type ChildProcess, spawn } from 'node:child_process';
import type { ElectronDist } from './dist.ts';
import { launchPlan, thisMachine } from './launch.ts';
import { type VirtualDisplay, virtualDisplay } from './virtual-display.ts';

/** What the shell's loader exits with when a shared library is missing. */
const CANNOT_LOAD = 127;
/** What Electron needs of Debian besides its own files; `libgtk-3-0t64` and `libasound2t64` from Debian 13 on. */
export const SYSTEM_LIBRARIES = 'libgtk-3-0 libnss3 libasound2 libgbm1 libxss1 libatk-bridge2.0-0 libdrm2';

/** Extras of {@link runApp}. */
export interface RunOptions {
  readonly args?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** Runs the app in `appPath` until it ends, with a virtual display where there is none. Resolves to its exit code. */
export async function runApp(dist: ElectronDist, appPath: string, options: RunOptions = {}): Promise<number> {
  const machine = thisMachine();
  const plan = launchPlan(dist, appPath, {
    ...machine,
    environment: { ...machine.environment, ...options.environment },
  });
  const display = plan.needsDisplay ? await virtualDisplay() : null;
  try {
    const env = display === null ? plan.env : { ...plan.env, DISPLAY: display.name };
    if (display !== null)
      process.stderr.write(`No display here: the app runs on a virtual one (${display.name}).\n`);
    const child = spawn(dist.executable, [...plan.args, ...(options.args ?? [])], { env, stdio: 'inherit' });
    return await ended(child);
  } finally {
    await closed(display);
  }
}

async function closed(display: VirtualDisplay | null): Promise<void> {
  await display?.[Symbol.asyncDispose]();
}

/** Ctrl-C reaches the app as well, which stops in order; a signal sent to this process alone is passed on. */
function ended(child: ChildProcess): Promise<number> {
  const ignore = () => undefined;
  const pass = () => void child.kill('SIGTERM');
  process.on('SIGINT', ignore);
  process.on('SIGTERM', pass);
  return new Promise<number>((resolve, reject) => {
    child.once('error', (error) => reject(new Error(`The app did not start: ${error.message}`)));
    child.once('exit', (code, signal) => {
      if (code === CANNOT_LOAD) {
        process.stderr.write(
          `Electron needs system libraries. On Debian: apt-get install ${SYSTEM_LIBRARIES}\n`,
        );
      }
      resolve(signal === null ? (code ?? 1) : signal === 'SIGTERM' || signal === 'SIGINT' ? 0 : 1);
    });
  }).finally(() => {
    process.off('SIGINT', ignore);
    process.off('SIGTERM', pass);
  });
}
