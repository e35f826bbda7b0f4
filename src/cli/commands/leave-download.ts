import type { ConnectedEngine } from '../../engine/connect/connect-engine.ts';
import { printProblem } from '../output/print.ts';
import type { DownloadProgress } from '../output/progress-model.ts';
import type { Session } from '../session.ts';
import { reportStop } from './report-stop.ts';

/** Time for a second Ctrl-C, which pauses what continues, in milliseconds. */
const SECOND_STOP_MS = 2000;

/**
 * Leaves as a guest that was asked to stop: the downloads continue in the owner, and a message says so. On a terminal
 * it waits for two seconds, in which the user may ask once more; then they are paused.
 */
export async function leave(
  session: Session,
  engine: ConnectedEngine,
  unfinished: readonly DownloadProgress[],
): Promise<void> {
  const { io, global } = session;
  reportStop(session, unfinished, engine.owner?.program ?? null);
  const isWatched = (io.stdout.isTerminal || io.stderr.isTerminal) && !global.json;
  if (!isWatched || unfinished.length === 0) return;
  if (!global.quiet) printProblem(session, 'Press Ctrl-C again now to pause it there.');
  if (!(await isAskedAgain(session))) return;
  for (const { name, view } of unfinished) {
    await engine.call('downloads.pause', { id: view.id });
    if (!global.quiet) printProblem(session, `Paused ${name}. To continue: haulyard resume ${view.id}`);
  }
}

function isAskedAgain({ io }: Session): Promise<boolean> {
  return new Promise((resolve) => {
    const settle = (answer: boolean) => {
      cancel();
      forget();
      resolve(answer);
    };
    const cancel = io.after(SECOND_STOP_MS, () => settle(false));
    const forget = io.onSecondStop(() => settle(true));
  });
}
