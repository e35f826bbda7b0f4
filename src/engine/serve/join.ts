import { lstat } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { createOpenCalls } from '../../shared/client/open-calls.ts';
import type { ClientRequest } from '../../shared/contract/envelope.ts';
import { AppError } from '../../shared/contract/errors.ts';
import type { EngineEvent } from '../../shared/contract/events.ts';
import { createMessageReader, encodeMessage, MAX_MESSAGE_BYTES } from './frames.ts';
import { readOwnerFile } from './owner-file.ts';
import {
  type Hello,
  type OwnerMessage,
  PROTOCOL,
  type Refused,
  replySchema,
  type Welcome,
} from './protocol.ts';
import type { Served } from './serve-client.ts';

/** A living owner answers at once; one that is stopped, or too busy for this long, does not. Milliseconds. */
const WELCOME_MS = 4000;

/** The owner of the ledger. */
export type OwnerInfo = Omit<Welcome, 'type'>;

/** A connection to the owner. */
export interface Membership extends Served {
  readonly owner: OwnerInfo;
  /** Resolves when the connection is closed, by either side. */
  readonly ended: Promise<void>;
  /** True once it is over. */
  isOver(): boolean;
  leave(): void;
}

/** The owner exists and does not answer. */
export class SilentOwner extends AppError {
  constructor(program: string) {
    super(
      'LedgerBusy',
      `${program} uses this data folder and does not answer. Its downloads are not touched. Wait for it, or end it, and try again.`,
      { details: { program } },
    );
  }
}

/** How a guest introduces itself. */
export type Introduction = Omit<Hello, 'type' | 'secret' | 'protocol'>;

/**
 * Joins the owner of a data folder; returns null when nobody listens there. Throws `LedgerBusy` when the owner does not
 * accept this guest: it has another version, is full, or does not answer.
 */
export async function joinOwner(dataDir: string, self: Introduction): Promise<Membership | null> {
  const file = await readOwnerFile(dataDir);
  if (!file || !(await isOurs(file.socket))) return null;
  const socket = await dial(file.socket);
  if (!socket) return null;
  const hello: Hello = { type: 'hello', secret: file.secret, protocol: PROTOCOL, ...self };
  return await introduce(socket, hello, file.program);
}

/** The secret is sent only to a program of this user. */
async function isOurs(path: string): Promise<boolean> {
  if (process.getuid === undefined) return true;
  const there = await lstat(path).catch(() => null);
  return there?.isSocket() === true && there.uid === process.getuid();
}

/** Returns null when nobody listens: an owner that was killed leaves its socket behind. */
function dial(path: string): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.removeAllListeners('error');
      resolve(socket);
    });
    socket.once('error', () => resolve(null));
  });
}

async function introduce(socket: Socket, hello: Hello, program: string): Promise<Membership | null> {
  const reader = createMessageReader(() => MAX_MESSAGE_BYTES);
  const listeners = new Set<(event: EngineEvent) => void>();
  const send = (request: ClientRequest) => {
    if (!socket.destroyed) socket.write(encodeMessage(request));
  };
  const calls = createOpenCalls(send);
  const welcomed = Promise.withResolvers<Welcome | Refused | null>();
  const ended = Promise.withResolvers<void>();
  let isGreeted = false;
  let isOver = false;

  const end = () => {
    isOver = true;
    welcomed.resolve(null);
    calls.end(ownerGone(program).toData());
    ended.resolve();
  };
  const take = (message: unknown) => {
    if (!isGreeted) {
      isGreeted = true;
      welcomed.resolve(replySchema.parse(message));
      return;
    }
    const told = message as OwnerMessage;
    if (told.type === 'answer') calls.answer(told);
    else if (told.type === 'event') for (const listener of listeners) listener(told.event);
    else if (told.type === 'farewell') socket.destroy();
  };
  socket.on('data', (bytes: Buffer) => {
    try {
      for (const message of reader.read(bytes)) if (!socket.destroyed) take(message);
    } catch {
      socket.destroy();
    }
  });
  socket.on('error', () => undefined); // `close` follows.
  socket.on('close', end);

  socket.write(encodeMessage(hello));
  const timer = setTimeout(() => welcomed.reject(new SilentOwner(program)), WELCOME_MS);
  try {
    const reply = await welcomed.promise;
    if (reply === null) return null; // It just ended, or another run wrote the file in the meantime.
    if (reply.type === 'refused') throw refused(reply, hello.version);
    const { type: _type, ...owner } = reply;
    return {
      owner,
      ended: ended.promise,
      isOver: () => isOver,
      leave: () => void socket.destroy(),
      on(listener) {
        if (listeners.size === 0) send({ type: 'subscribe' });
        listeners.add(listener);
        return () => {
          if (listeners.delete(listener) && listeners.size === 0) send({ type: 'unsubscribe' });
        };
      },
      async call(name, args, options = {}) {
        const outcome = await calls.call(name, args, options.signal);
        if (outcome.ok) return outcome.value as never;
        const { code, message, retryable, details } = outcome.error;
        throw new AppError(code, message, { retryable, details });
      },
    };
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

function ownerGone(program: string): AppError {
  return new AppError('EngineUnavailable', `${program} quit before it answered. Your progress is saved.`, {
    details: { remedy: 'see-downloads' },
  });
}

function refused({ because, program, version, pid }: Refused, own: string): AppError {
  const message =
    because === 'full'
      ? `${program} (process ${pid}) serves as many programs as it can at the same time. End one of them and try again.`
      : `${program} (process ${pid}) is version ${version}, this command is ${own}, and they do not understand each other. Quit ${program} or update it.`;
  return new AppError('LedgerBusy', message, { details: { program, pid } });
}
