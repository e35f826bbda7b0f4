import { readToken } from '../engine/cache/cache-dir.ts';
import type { Engine, EngineOptions } from '../engine/engine.ts';
import type { Installation } from './installation.ts';
import { whenInterrupted } from './interrupt.ts';
import type { GlobalOptions, Invocation } from './invocation.ts';
import type { CliIo } from './io.ts';
import { retryLine } from './output/notes.ts';
import { printProblem } from './output/print.ts';
import { printable } from './output/printable.ts';
import { securityWarnings } from './security-warnings.ts';
import type { CliSettings } from './settings.ts';
import { readTokenLine, tokenPrompt } from './token.ts';

/** A clean stop takes this long at most; then the process ends all the same. Milliseconds. */
const CLOSE_MS = 5000;

/** Everything a command works with. */
export interface Session {
  readonly io: CliIo;
  readonly global: GlobalOptions;
  /** Name of the command, by which a second program is told who owns the ledger. */
  readonly command: Invocation['command'];
  readonly settings: CliSettings;
  readonly installation: Installation;
  readonly openEngine: (options: EngineOptions) => Promise<Engine>;
}

/** How a command needs the engine. */
export interface EngineUse {
  readonly access: 'owner' | 'reader';
  readonly limitBytesPerSecond?: number;
  readonly giveUpAfterMs?: number;
  /** Read the token from standard input and not from the environment. */
  readonly tokenStdin?: boolean;
  /** Wait for a disk also where no person looks on. */
  readonly wait?: boolean;
}

/**
 * Opens the engine, does `work` and closes the engine again, whatever happened. When the user asks to stop, the engine
 * is closed in the middle of `work` and the result is the Cancelled error; when another program takes the ledger over,
 * LedgerBusy.
 */
export async function withEngine<T>(
  session: Session,
  use: EngineUse,
  work: (engine: Engine) => Promise<T>,
): Promise<T> {
  const { stop } = session.io;
  const fatal = Promise.withResolvers<never>();
  fatal.promise.catch(() => {});
  const options = { ...(await engineOptions(session, use)), onFatal: fatal.reject };
  for (const warning of securityWarnings(session.io.env, options)) printProblem(session, warning);
  const engine = await session.openEngine(options);
  engine.on((event) => {
    const line = retryLine(event);
    if (line !== null) options.log('info', line);
  });
  try {
    const working = work(engine);
    // Only the first of these to end is of interest; what the others say later is not.
    working.catch(() => {});
    return await Promise.race([working, fatal.promise, whenInterrupted(stop)]);
  } finally {
    await closeInTime(session.io, engine);
  }
}

async function closeInTime(io: CliIo, engine: Engine): Promise<void> {
  let cancel = () => {};
  const tooLong = new Promise<void>((resolve) => {
    cancel = io.after(CLOSE_MS, resolve);
  });
  await Promise.race([engine.close(), tooLong]);
  cancel();
}

async function engineOptions(session: Session, use: EngineUse): Promise<EngineOptions> {
  const { io, settings, installation } = session;
  const { access, limitBytesPerSecond, giveUpAfterMs } = use;
  return {
    ...settings,
    homeDir: io.homedir,
    program: `haulyard ${session.command}`,
    ...(await tokenFor(io, use.tokenStdin === true)),
    env: io.env,
    access,
    autoStart: false,
    hashWorkerUrl: installation.hashWorkerUrl,
    unitWorkerUrl: installation.unitWorkerUrl,
    listingWorkerUrl: installation.listingWorkerUrl,
    version: installation.version,
    log: logTo(session),
    waitsForDisk: use.wait === true || io.stderr.isTerminal || io.stdout.isTerminal,
    ...(giveUpAfterMs === undefined ? {} : { giveUpAfterMs }),
    ...(limitBytesPerSecond === undefined ? {} : { limitBytesPerSecond }),
  };
}

async function tokenFor(
  io: CliIo,
  fromStdin: boolean,
): Promise<Pick<EngineOptions, 'token' | 'tokenSource'>> {
  if (!fromStdin) {
    const found = await readToken(io.env, io.homedir);
    return { token: found?.token ?? null, tokenSource: found?.source ?? null };
  }
  const prompt = tokenPrompt(io.stdin);
  if (prompt !== null) io.stderr.write(prompt);
  const token = await Promise.race([readTokenLine(io.stdin), whenInterrupted(io.stop)]);
  return { token, tokenSource: 'standard input' };
}

/** Everything goes to standard error with `--verbose`; else only what a person should know. */
function logTo(session: Session): EngineOptions['log'] {
  const { io, global } = session;
  return (level, message) => {
    if (global.verbose) {
      io.stderr.write(`${new Date(io.now()).toISOString()} ${level} ${printable(message)}\n`);
    } else if (level === 'error' || (level === 'warn' && !global.quiet)) {
      printProblem(session, message);
    }
  };
}
