import type { ConnectedEngine } from '../../engine/connect/connect-engine.ts';
import { AppError } from '../../shared/contract/errors.ts';
import type {
  BuildDoneEvent,
  BuildEvent,
  BuildFailedEvent,
  EngineEvent,
} from '../../shared/contract/events.ts';
import { formatBytes } from '../../shared/format/bytes.ts';
import type { BuildProgress, BuildView } from '../../shared/model/build.ts';
import { EXIT, exitCodeOf } from '../exit-codes.ts';
import { buildJson, buildLine } from '../output/build-lines.ts';
import { truncateEnd } from '../output/display-width.ts';
import { printJson } from '../output/json-lines.ts';
import { createLiveScreen } from '../output/live-screen.ts';
import { printLine, printNotice, printProblem } from '../output/print.ts';
import { type Session, withEngine } from '../session.ts';

/** Time between two lines on outputs that cannot be redrawn, in milliseconds. */
const LINE_EVERY_MS = 5000;

/** Starts or resumes a build and returns its id. */
export type BeginBuild = (engine: ConnectedEngine) => Promise<string>;

/** How to follow a build. */
export interface FollowedBuild {
  /** For people. */
  readonly name: string;
  /** Wait for a disk or the source even when the output is not a terminal. */
  readonly wait: boolean;
}

/**
 * Begins a build on the live engine and shows it until it has ended or the user asks to stop.
 * @returns the exit code
 */
export async function followBuild(
  session: Session,
  { name, wait }: FollowedBuild,
  begin: BeginBuild,
): Promise<number> {
  const shown = showBuild(session, name);
  let id: string | null = null;
  const owner: string | null = null;
  try {
    const ending = await withEngine(session, { access: 'owner', wait }, async (engine) => {
      const { promise, resolve, reject } = Promise.withResolvers<BuildDoneEvent | BuildFailedEvent>();
      const early: EngineEvent[] = [];
      const take = (event: EngineEvent) => {
        if (id === null) early.push(event);
        else if (isOf(event, id)) {
          shown.take(event);
          if (event.event === 'build.done' || event.event === 'build.failed') resolve(event);
        }
      };
      engine.on(take);
      // A build that was running when the owner ended continues in this process, or in the new owner.
      engine.onNewRun(() => {
        if (id !== null) engine.call('build.resume', { id }).catch(reject);
      });
      id = await begin(engine);
      for (const event of early) take(event);
      return promise;
    });
    shown.stop();
    return report(session, name, ending);
  } catch (cause) {
    shown.stop();
    if (!session.io.stop.aborted) throw cause;
    reportStop(session, id, shown.latest(), owner);
    return EXIT.interrupted;
  }
}

const isOf = (event: EngineEvent, id: string): event is BuildEvent =>
  event.event.startsWith('build.') && event.download === id;

function report(session: Session, name: string, ending: BuildDoneEvent | BuildFailedEvent): number {
  if (ending.event === 'build.failed') {
    if (!session.global.json) printProblem(session, ending.message);
    return exitCodeOf(ending.code);
  }
  if (!session.global.json) {
    const { stats, size, hash } = ending;
    printNotice(session, `Ready: ${name}, ${formatBytes(size)}, SHA-256 ${hash}`);
    printLine(session, ending.path);
    const checked = 'every byte read back, a part of every tensor computed twice';
    printNotice(session, `Made in ${stats.seconds.toFixed(1)} s; ${checked}.`);
  }
  return EXIT.done;
}

function reportStop(
  session: Session,
  id: string | null,
  latest: BuildProgress | null,
  owner: string | null,
): void {
  const safeBytes = latest?.durableBytes ?? 0;
  const resume = id === null ? 'haulyard resume' : `haulyard resume ${id}`;
  if (session.global.json) {
    const time = new Date(session.io.now()).toISOString();
    const more = owner === null ? {} : { continuesIn: owner };
    printJson(session.io.stdout, { event: 'stopped', time, build: id, safeBytes, resume, ...more });
  } else if (!session.global.quiet) {
    const next = owner === null ? `To continue: ${resume}` : `It continues in ${owner}.`;
    printProblem(session, `Stopped. ${formatBytes(safeBytes)} is saved. ${next}`);
  }
}

interface ShownBuild {
  take(event: BuildEvent): void;
  latest(): BuildProgress | null;
  stop(): void;
}

/** Prints objects with `--json`, a redrawn line on a terminal, a line every few seconds elsewhere. */
function showBuild(session: Session, name: string): ShownBuild {
  const { io, global } = session;
  let latest: BuildProgress | null = null;
  let toldMs = Number.NEGATIVE_INFINITY;
  let toldState = '';
  const isLive = io.stdout.isTerminal && io.env.TERM !== 'dumb' && !global.json && !global.quiet;
  const screen = isLive ? createLiveScreen(io.stdout) : null;
  const tell = (progress: BuildProgress) => {
    const line = buildLine(name, progress);
    if (screen) return screen.draw([truncateEnd(line, io.stdout.columns() - 1)]);
    if (global.quiet || (io.now() - toldMs < LINE_EVERY_MS && progress.state === toldState)) return;
    toldMs = io.now();
    toldState = progress.state;
    printLine(session, line);
  };
  return {
    take(event) {
      if (event.event === 'build.progress') latest = event;
      if (global.json) printJson(io.stdout, buildJson(event));
      else if (event.event === 'build.progress') tell(event);
    },
    latest: () => latest,
    stop: () => screen?.stop(),
  };
}

/** Returns the id of the build that is `id` or, if there is only one, begins with it; null when there is none. */
export function findBuild(builds: readonly BuildView[], id: string): string | null {
  const found = builds.filter((build) => build.id.startsWith(id));
  const exact = found.find((build) => build.id === id);
  if (found.length > 1 && !exact) {
    throw new AppError('BadRequest', `Several builds begin with ${id}. Give more of the id.`);
  }
  return (exact ?? found[0])?.id ?? null;
}
