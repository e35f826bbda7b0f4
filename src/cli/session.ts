import { readToken } from '../engine/cache/cache-dir.ts';
import type { Engine, EngineOptions } from './engine-port.ts';
import type { Installation } from './installation.ts';
import { whenInterrupted } from './interrupt.ts';
import type { GlobalOptions } from './invocation.ts';
import type { CliIo } from './io.ts';
import { printable } from './output/printable.ts';
import type { CliSettings } from './settings.ts';
import { readTokenLine, tokenPrompt } from './token.ts';

/** A clean stop takes this long at most; then the process ends all the same. Milliseconds. */
const CLOSE_MS = 5000;

/** Everything a command works with. */
export interface Session {
  readonly io: CliIo;
  readonly global: GlobalOptions;
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
}

/**
 * Opens the engine, does `work` and closes the engine again, whatever happened. When the user asks to stop, the engine
 * is closed in the middle of `work` and the result is the Cancelled error.
 */
export async function withEngine<T>(
  session: Session,
  use: EngineUse,
  work: (engine: Engine) => Promise<T>,
): Promise<T> {
  const { stop } = session.io;
  const engine = await session.openEngine(await engineOptions(session, use));
  try {
    const working = work(engine);
    // After an interrupt nobody waits for the work any more; what it says then is of no interest.
    working.catch(() => {});
    return await Promise.race([working, whenInterrupted(stop)]);
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
    token: await tokenFor(io, use.tokenStdin === true),
    env: io.env,
    access,
    autoStart: false,
    hashWorkerUrl: installation.hashWorkerUrl,
    version: installation.version,
    log: logTo(session),
    ...(giveUpAfterMs === undefined ? {} : { giveUpAfterMs }),
    ...(limitBytesPerSecond === undefined ? {} : { limitBytesPerSecond }),
  };
}

async function tokenFor(io: CliIo, fromStdin: boolean): Promise<string | null> {
  if (!fromStdin) return readToken(io.env, io.homedir);
  const prompt = tokenPrompt(io.stdin);
  if (prompt !== null) io.stderr.write(prompt);
  return Promise.race([readTokenLine(io.stdin), whenInterrupted(io.stop)]);
}

/** Log lines go to standard error, and only when they were asked for. */
function logTo({ io, global }: Session): EngineOptions['log'] {
  return (level, message) => {
    if (global.verbose) {
      io.stderr.write(`${new Date(io.now()).toISOString()} ${level} ${printable(message)}\n`);
    }
  };
}
