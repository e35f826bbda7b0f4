import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';

/** A screen that nobody sees. */
export interface VirtualDisplay extends AsyncDisposable {
  /** Value of `DISPLAY`, as `:99`. */
  readonly name: string;
}

const START_TIMEOUT_MS = 15_000;
const SCREEN = '1600x1200x24';

/** Starts Xvfb on a free display number. Throws with a sentence when the program is missing or does not come up. */
export async function virtualDisplay(): Promise<VirtualDisplay> {
  // It writes the number it chose to file descriptor 3 once it can be used. Source: Xserver(1), -displayfd.
  const args = ['-displayfd', '3', '-screen', '0', SCREEN, '-nolisten', 'tcp'];
  // In a group of its own: Ctrl-C must not take the display from an app that is still stopping.
  const child = spawn('Xvfb', args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'], detached: true });
  const number = await displayNumber(child);
  const killNow = () => void child.kill('SIGKILL');
  process.once('exit', killNow);
  return {
    name: `:${number}`,
    [Symbol.asyncDispose]: async () => {
      process.off('exit', killNow);
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
    },
  };
}

function displayNumber(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const fail = (reason: string) => {
      clearTimeout(timer);
      child.kill('SIGKILL');
      reject(new Error(reason));
    };
    const timer = setTimeout(() => fail('Xvfb did not come up within 15 seconds.'), START_TIMEOUT_MS);
    child.once('error', () =>
      fail('There is no display, and Xvfb is not installed. On Debian: apt-get install xvfb'),
    );
    child.once('exit', (code) => fail(`Xvfb ended at once (exit code ${code}).`));
    (child.stdio[3] as Readable).on('data', (data: Buffer) => {
      answer += data.toString();
      if (!answer.includes('\n')) return;
      clearTimeout(timer);
      child.removeAllListeners('exit');
      resolve(answer.trim());
    });
  });
}
