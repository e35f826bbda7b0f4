import { readToken } from '../engine/cache/cache-dir.ts';
import { proxyName, requireAgreement } from '../engine/connect/agreement.ts';
import type { ConnectedEngine } from '../engine/connect/connect-engine.ts';
import type { EngineOptions } from '../engine/engine.ts';
import type { SharedSettings } from '../engine/serve/protocol.ts';
import type { Access, Connect, ConnectUse } from './connect.ts';
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

/** A clean stop takes at most this long; then the process ends all the same. Milliseconds. */
const CLOSE_MS = 5000;

/** Everything a command works with. */
export interface Session {
  readonly io: CliIo;
  readonly global: GlobalOptions;
  /** Name of the command, shown to a second program as the owner of the ledger. */
  readonly command: Invocation['command'];
  readonly settings: CliSettings;
  readonly installation: Installation;
  readonly connect: Connect;
}

/** How a command needs the engine. */
export interface EngineUse {
  readonly access: Access;
  /** True for what does not depend on the owner's cache and Hub. */
  readonly anySettings?: boolean;
  /**
   * Called when the user asks to stop, while the engine is still connected. What it throws is the result instead of
   * `Cancelled`.
   */
  readonly onStop?: (engine: ConnectedEngine) => Promise<void>;
  /** True for a program that runs the whole queue: as owner it runs everything that was running before. */
  readonly runsQueue?: boolean;
  readonly limitBytesPerSecond?: number;
  readonly giveUpAfterMs?: number;
  /** Read the token from standard input and not from the environment. */
  readonly tokenStdin?: boolean;
  /** Wait for a disk even when the output is not a terminal. */
  readonly wait?: boolean;
}

/**
 * Connects to the engine, runs `work` and disconnects, whatever happened. When the user asks to stop, that happens in
 * the middle of `work` and the result is the Cancelled error; when the ledger is lost to another program, LedgerBusy.
 */
export async function withEngine<T>(
  session: Session,
  use: EngineUse,
  work: (engine: ConnectedEngine) => Promise<T>,
): Promise<T> {
  const { stop } = session.io;
  const fatal = Promise.withResolvers<never>();
  fatal.promise.catch(() => {});
  const options = { ...(await engineOptions(session, use)), onFatal: fatal.reject };
  for (const warning of securityWarnings(session.io.env, options)) printProblem(session, warning);
  const engine = await session.connect(options, connectUse(session, use, options));
  engine.on((event) => {
    const line = retryLine(event);
    if (line !== null) options.log('info', line);
  });
  try {
    const working = work(engine);
    // Only the first of these to end matters; later errors of the others do not.
    working.catch(() => {});
    return await Promise.race([working, fatal.promise, stopped(stop, use, engine)]);
  } finally {
    await closeInTime(session.io, engine);
  }
}

/** Rejects when the user asks to stop. */
async function stopped(stop: AbortSignal, { onStop }: EngineUse, engine: ConnectedEngine): Promise<never> {
  try {
    return await whenInterrupted(stop);
  } catch (cause) {
    await onStop?.(engine);
    throw cause;
  }
}

function connectUse(session: Session, use: EngineUse, options: EngineOptions): ConnectUse {
  const settings = sharedSettings(session);
  const { access, anySettings = false, limitBytesPerSecond, runsQueue = false } = use;
  return {
    access,
    settings,
    runsQueue,
    checkOwner(owner) {
      if (!anySettings) requireAgreement({ settings, limitBytesPerSecond }, owner);
      options.log(
        'info',
        `${owner.program} (process ${owner.pid}) runs the downloads; this command is its guest`,
      );
    },
  };
}

/**
 * Settings in which owner and guest must agree. The catalog of the program itself counts as none: each version has its
 * own.
 */
export function sharedSettings({ settings, installation, io }: Session): SharedSettings {
  const { cacheDir, endpoint, catalogFile } = settings;
  const catalog = catalogFile === installation.catalogFile ? null : catalogFile;
  return { cacheDir, endpoint, catalog, proxy: proxyName(io.env) };
}

async function closeInTime(io: CliIo, engine: ConnectedEngine): Promise<void> {
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
    access: access === 'owner' ? 'owner' : 'reader',
    autoStart: use.runsQueue === true,
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
