import type { ConnectedEngine } from '../../engine/connect/connect-engine.ts';
import { formatBytes } from '../../shared/format/bytes.ts';
import { formatDay } from '../../shared/format/day.ts';
import { type BeginDownloads, createDownloadWatch, type Ending } from '../download-watch.ts';
import { EXIT, exitCodeOf, worstExitCode } from '../exit-codes.ts';
import type { TransferOptions } from '../invocation.ts';
import { checkWords } from '../output/check-words.ts';
import { chooseProgress } from '../output/choose-progress.ts';
import { failureWords } from '../output/failure-words.ts';
import { printLine, printNotice, printProblem } from '../output/print.ts';
import type { DownloadProgress, ProgressModel } from '../output/progress-model.ts';
import { costWords } from '../output/words.ts';
import { type Session, withEngine } from '../session.ts';
import { leave } from './leave-download.ts';
import { reportStop } from './report-stop.ts';

/** The downloads continue in another program, and this one is done. */
class Detached extends Error {}

const unfinishedOf = (model: ProgressModel): readonly DownloadProgress[] =>
  [...model.values()].filter(({ view }) => view.state !== 'ready');

/**
 * Starts downloads on the live engine and shows them until the last has ended or the user asks to stop.
 * @returns the exit code of the worst outcome
 */
export async function followDownloads(
  session: Session,
  options: TransferOptions,
  begin: BeginDownloads,
): Promise<number> {
  const { io, global } = session;
  const watch = createDownloadWatch({ io, output: chooseProgress(io, global) });
  /** The app, if it is open alongside this command: it continues everything. */
  let successor: string | null = null;
  try {
    const onStop = async (engine: ConnectedEngine) => {
      watch.stop();
      successor = engine.guests().find(({ runsQueue }) => runsQueue)?.program ?? null;
      if (engine.owner === null) return;
      await leave(session, engine, unfinishedOf(watch.model()));
      throw new Detached();
    };
    const use = { access: 'owner', onStop, ...options } as const;
    const endings = await withEngine(session, use, (engine) => watch.follow(engine, begin));
    watch.stop();
    return reportEndings(session, watch.model(), endings);
  } catch (cause) {
    if (cause instanceof Detached) return EXIT.interrupted;
    if (!io.stop.aborted) throw cause;
    watch.stop();
    reportStop(session, unfinishedOf(watch.model()), successor);
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
    printProblem(session, amongOthers ? `${name}: ${failureWords(ending)}` : failureWords(ending));
    return;
  }
  const bytes = ending.files.reduce((sum, file) => sum + file.size, 0);
  const asOf =
    ending.asOf === undefined
      ? ''
      : `, as of ${formatDay(ending.asOf)} (could not check for a newer version)`;
  printNotice(session, `Ready: ${name}, ${formatBytes(bytes)}, ${checkWords(ending.files)}${asOf}`);
  for (const warning of ending.warnings ?? []) printProblem(session, warning);
  printLine(session, ending.snapshot);
  printNotice(session, costWords(ending.stats));
}
