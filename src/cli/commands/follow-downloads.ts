import { formatBytes, formatPart } from '../../shared/format/bytes.ts';
import { formatDay } from '../../shared/format/day.ts';
import { type BeginDownloads, createDownloadWatch, type Ending } from '../download-watch.ts';
import { EXIT, exitCodeOf, worstExitCode } from '../exit-codes.ts';
import type { TransferOptions } from '../invocation.ts';
import { checkWords } from '../output/check-words.ts';
import { chooseProgress } from '../output/choose-progress.ts';
import { printJson, stoppedJson } from '../output/json-lines.ts';
import { printLine, printNotice, printProblem } from '../output/print.ts';
import type { DownloadProgress, ProgressModel } from '../output/progress-model.ts';
import { costWords } from '../output/words.ts';
import { type Session, withEngine } from '../session.ts';

/**
 * Opens the engine as owner, starts downloads and shows them until the last has ended or the user asks to stop.
 * @returns the exit code of the worst outcome
 */
export async function followDownloads(
  session: Session,
  options: TransferOptions,
  begin: BeginDownloads,
): Promise<number> {
  const { io, global } = session;
  const watch = createDownloadWatch({ io, output: chooseProgress(io, global) });
  try {
    const use = { access: 'owner', ...options } as const;
    const endings = await withEngine(session, use, (engine) => watch.follow(engine, begin));
    watch.stop();
    return reportEndings(session, watch.model(), endings);
  } catch (cause) {
    if (!io.stop.aborted) throw cause;
    watch.stop();
    reportStop(session, watch.model());
    return EXIT.interrupted;
  } finally {
    watch.stop();
  }
}

function reportEndings(session: Session, model: ProgressModel, endings: ReadonlyMap<string, Ending>): number {
  const codes = Array.from(endings, ([id, ending]) => {
    if (!session.global.json) reportEnding(session, model.get(id), ending, endings.size > 1);
    return ending.event === 'done' ? EXIT.done : exitCodeOf(ending.code);
  });
  return worstExitCode(codes);
}

function reportEnding(
  session: Session,
  progress: DownloadProgress | undefined,
  ending: Ending,
  amongOthers: boolean,
): void {
  const name = progress?.name ?? ending.download;
  if (ending.event === 'failed') {
    printProblem(session, amongOthers ? `${name}: ${ending.message}` : ending.message);
    return;
  }
  const bytes = ending.files.reduce((sum, file) => sum + file.size, 0);
  const asOf =
    ending.asOf === undefined
      ? ''
      : `, as of ${formatDay(ending.asOf)} (the Hub could not be asked for news)`;
  printNotice(session, `Ready: ${name}, ${formatBytes(bytes)}, ${checkWords(ending.files)}${asOf}`);
  for (const warning of ending.warnings ?? []) printProblem(session, warning);
  printLine(session, ending.snapshot);
  printNotice(session, costWords(ending.stats));
}

/** After a clean stop: what is safe, and how to go on. */
function reportStop(session: Session, model: ProgressModel): void {
  const { json, quiet } = session.global;
  const unfinished = [...model.values()].filter(({ view }) => view.state !== 'ready');
  if (json) printStopped(session, unfinished);
  if (json || quiet) return;
  if (unfinished.length === 0) printProblem(session, 'Stopped. Nothing is lost.');
  for (const { name, view } of unfinished) {
    const saved = `${formatPart(view.receivedBytes, view.totalBytes)} of ${name} is saved.`;
    printProblem(session, `Stopped. ${saved} To go on: haulyard resume ${view.id}`);
  }
}

/** One line for each download that was stopped; one without a download when none had begun. */
function printStopped({ io }: Session, unfinished: readonly DownloadProgress[]): void {
  const time = new Date(io.now()).toISOString();
  const lines = unfinished.map(({ view: { id, receivedBytes } }) => stoppedJson(id, time, receivedBytes));
  for (const line of lines.length > 0 ? lines : [stoppedJson('', time, 0)]) printJson(io.stdout, line);
}
