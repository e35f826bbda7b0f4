import { type ChildProcess, spawn } from 'node:child_process';
import type { LaunchPlan } from './launch.ts';
import { passOn } from './quiet-output.ts';
import { virtualDisplay } from './virtual-display.ts';

/** What the shell's loader exits with when a shared library is missing. */
const CANNOT_LOAD = 127;

/** A program to run, with its arguments. */
export interface Program {
  readonly command: string;
  readonly args: readonly string[];
}

/** Runs a program until it ends, on a virtual display where the plan needs one. Resolves to its exit code. */
export async function runOnDisplay({ command, args }: Program, plan: LaunchPlan): Promise<number> {
  const display = plan.needsDisplay ? await virtualDisplay() : null;
  try {
    if (display !== null) {
      process.stderr.write(
        `No display here: the app runs on one that nobody sees (${display.name}). \`npm run demo -- --screenshot FILE\` shows it.\n`,
      );
    }
    const env = display === null ? plan.env : { ...plan.env, DISPLAY: display.name };
    const child = spawn(command, args, { env, stdio: ['inherit', 'inherit', 'pipe'] });
    if (child.stderr) passOn(child.stderr, process.stderr);
    return await ended(child);
  } finally {
    await display?.[Symbol.asyncDispose]();
  }
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
        process.stderr.write('Electron needs libraries of the system: run bash tools/system-packages.sh\n');
      }
      resolve(signal === 'SIGTERM' || signal === 'SIGINT' ? 0 : (code ?? 1));
    });
  }).finally(() => {
    process.off('SIGINT', ignore);
    process.off('SIGTERM', pass);
  });
}
