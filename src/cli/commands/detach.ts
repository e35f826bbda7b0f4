import type { ConnectedEngine } from '../../engine/connect/connect-engine.ts';
import type { CommandInput } from '../../shared/contract/commands.ts';
import { AppError } from '../../shared/contract/errors.ts';
import type { EngineEvent } from '../../shared/contract/events.ts';
import { catalogModels } from '../catalog-models.ts';
import { EXIT, exitCodeOf } from '../exit-codes.ts';
import type { DownloadOptions } from '../invocation.ts';
import { printJson } from '../output/json-lines.ts';
import { printNotice, printProblem } from '../output/print.ts';
import { downloadName } from '../output/words.ts';
import { type Session, withEngine } from '../session.ts';
import { withQuantization } from './choose-quantization.ts';

/** A new background process needs a moment to own the ledger, on a busy computer some seconds. Milliseconds. */
const START_MS = 20_000;
const LOOK_MS = 200;
/** Errors of the Hub are reported before the command ends if the Hub answers within this time. Milliseconds. */
const ANSWER_MS = 5000;

/**
 * `download --detach`: gives the download to the live engine, or to one that is started in the background if there is
 * none, and ends. @returns the exit code
 */
export async function runDetached(
  session: Session,
  options: DownloadOptions,
  args: CommandInput<'downloads.add'>,
): Promise<number> {
  const { io } = session;
  const untilMs = io.now() + START_MS;
  let isStarted = false;
  for (;;) {
    const code = await withEngine(session, { access: 'live', ...options }, async (engine) =>
      engine.owner === null ? null : await handOver(session, engine, options, args),
    );
    if (code !== null) return code;
    if (io.now() > untilMs) throw notStarted();
    if (!isStarted) io.startBackground(backgroundArguments(session));
    isStarted = true;
    await new Promise<void>((resolve) => io.after(LOOK_MS, resolve));
  }
}

async function handOver(
  session: Session,
  engine: ConnectedEngine,
  options: DownloadOptions,
  args: CommandInput<'downloads.add'>,
): Promise<number> {
  const { io, global } = session;
  const early: EngineEvent[] = [];
  const unsubscribe = engine.on((event) => early.push(event));
  const { id } = await engine.call('downloads.add', await withQuantization(session, engine, options, args));
  const failed = await firstAnswer(session, engine, id, early);
  unsubscribe();
  if (failed) {
    if (global.json) printJson(io.stdout, { error: { ...failed } });
    else printProblem(session, failed.message);
    return exitCodeOf(failed.code);
  }
  const { program, pid } = engine.owner ?? { program: 'haulyard', pid: 0 };
  if (global.json) {
    const time = new Date(io.now()).toISOString();
    printJson(io.stdout, { event: 'detached', time, download: id, program, pid });
    return EXIT.done;
  }
  const { downloads } = await engine.call('snapshot', {});
  const view = downloads.find((each) => each.id === id);
  const name = view === undefined ? args.reference : downloadName(view, await catalogModels(engine));
  printNotice(session, `${name} (${id}) is downloaded by ${program} (process ${pid}).`);
  printNotice(session, `To watch it: haulyard watch. To pause it: haulyard pause ${id}`);
  return EXIT.done;
}

/** Returns a failure that came at once, or null. */
function firstAnswer(
  { io }: Session,
  engine: ConnectedEngine,
  id: string,
  early: readonly EngineEvent[],
): Promise<Pick<AppError, 'code' | 'message' | 'retryable'> | null> {
  return new Promise((resolve) => {
    const take = (event: EngineEvent) => {
      if (event.download !== id) return;
      if (event.event === 'failed')
        settle({ code: event.code, message: event.message, retryable: event.retryable });
      if (event.event === 'resolved' || event.event === 'done') settle(null);
    };
    const settle = (answer: Parameters<typeof resolve>[0]) => {
      cancel();
      unsubscribe();
      resolve(answer);
    };
    const cancel = io.after(ANSWER_MS, () => settle(null));
    const unsubscribe = engine.on(take);
    for (const event of early) take(event);
  });
}

/** Everything is explicit: the other process must not depend on where it is started. */
function backgroundArguments({ settings }: Session): readonly string[] {
  const { dataDir, cacheDir, endpoint, catalogFile } = settings;
  return [
    ...['--data-dir', dataDir, '--cache-dir', cacheDir, '--endpoint', endpoint, '--catalog', catalogFile],
    'background',
  ];
}

function notStarted(): AppError {
  return new AppError(
    'EngineUnavailable',
    'The process in the background did not start. `haulyard download` without --detach shows why.',
  );
}
