import { formatPart } from '../../shared/format/bytes.ts';
import { printJson, stoppedJson } from '../output/json-lines.ts';
import { printProblem } from '../output/print.ts';
import type { DownloadProgress } from '../output/progress-model.ts';
import type { Session } from '../session.ts';

/**
 * Reports after a clean stop what is safe, and how to continue. `goesOnIn` is the program that continues it, for
 * example `Haulyard`; null when none does.
 */
export function reportStop(
  session: Session,
  unfinished: readonly DownloadProgress[],
  goesOnIn: string | null,
): void {
  const { json, quiet } = session.global;
  if (json) printStopped(session, unfinished, goesOnIn);
  if (json || quiet) return;
  if (unfinished.length === 0) printProblem(session, 'Stopped. Your progress is saved.');
  for (const { name, view } of unfinished) {
    const saved = `${formatPart(view.receivedBytes, view.totalBytes)} of ${name} is saved.`;
    const next =
      goesOnIn === null
        ? `To continue: haulyard resume ${view.id}`
        : `It continues in ${goesOnIn}. To pause it: haulyard pause ${view.id}`;
    printProblem(session, `Stopped. ${saved} ${next}`);
  }
}

/** Prints one line for each download that was stopped; one without a download when none had begun. */
function printStopped(
  { io }: Session,
  unfinished: readonly DownloadProgress[],
  goesOnIn: string | null,
): void {
  const time = new Date(io.now()).toISOString();
  const lines = unfinished.map(({ view: { id, receivedBytes } }) =>
    stoppedJson(id, time, receivedBytes, goesOnIn),
  );
  for (const line of lines.length > 0 ? lines : [stoppedJson('', time, 0, goesOnIn)])
    printJson(io.stdout, line);
}
