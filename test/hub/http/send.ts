import type { ServerResponse } from 'node:http';
import type { Connection } from '../conditions/line.ts';
import { pause } from '../conditions/pause.ts';
import type { FaultActions } from '../faults/fault.ts';
import type { Reply } from './reply.ts';

/** What {@link sendReply} needs besides the reply. */
export interface Sending {
  readonly response: ServerResponse;
  readonly connection: Connection;
  readonly actions: FaultActions;
  /** Aborted when the client is gone or the Hub closes. */
  readonly signal: AbortSignal;
  /** Told of each piece of the body that was handed to the socket. */
  readonly onSent: (bytes: number) => void;
  /** Told when the headers are handed to the socket. */
  readonly onHeaders: (status: number) => void;
}

const DRIBBLE_TICK_MS = 100;

/** Sends a reply at the pace of the line and with the faults of delivery. A whole file is never held in memory. */
export async function sendReply(reply: Reply, sending: Sending): Promise<void> {
  const { response, actions, signal } = sending;
  response.writeHead(reply.status, reply.headers);
  sending.onHeaders(reply.status);
  if (response.req.method === 'HEAD' || reply.body.length === 0) {
    response.end();
    return;
  }
  response.flushHeaders();
  if (actions.stallAfterHeaders !== undefined) await pause(actions.stallAfterHeaders, signal);
  await sendBody(reply, sending);
}

async function sendBody(reply: Reply, sending: Sending): Promise<void> {
  const { response, actions, signal } = sending;
  const { cutAfterBytes: cut, shortBody, stallAfterBytes: stall } = actions;
  const stop = Math.min(cut?.bytes ?? Number.POSITIVE_INFINITY, shortBody?.bytes ?? Number.POSITIVE_INFINITY);
  let stallLeft = stall;
  let sent = 0;
  const reader = reply.body.open();
  try {
    while (!signal.aborted && sent < stop) {
      if (stallLeft !== undefined && sent >= stallLeft.bytes) {
        await pause(stallLeft.ms, signal);
        stallLeft = undefined;
      }
      const boundary = Math.min(stop, stallLeft?.bytes ?? stop);
      const block = await reader.next(Math.min(blockBytes(sending), boundary - sent));
      if (block.length === 0) break;
      await paced(block.length, reply.fileSize !== null, sending);
      if (signal.aborted) return;
      sent += block.length;
      await write(response, block, sending, () => reader.release?.(block));
    }
  } finally {
    reader.close();
  }
  if (!signal.aborted) await finish(sending, sent);
}

function blockBytes({ connection, actions: { dribble } }: Sending): number {
  if (dribble === undefined) return connection.blockBytes;
  return Math.min(connection.blockBytes, Math.max(1, Math.floor((dribble * DRIBBLE_TICK_MS) / 1000)));
}

async function paced(bytes: number, isContent: boolean, sending: Sending): Promise<void> {
  const { dribble } = sending.actions;
  const dribbled = dribble === undefined ? undefined : pause((bytes / dribble) * 1000, sending.signal);
  await sending.connection.take(bytes, isContent, sending.signal);
  await dribbled;
}

async function write(
  response: ServerResponse,
  block: Buffer,
  sending: Sending,
  release: () => void,
): Promise<void> {
  const bytes = block.length;
  const flowing = response.write(block, (error) => {
    if (!error) release();
  });
  sending.onSent(bytes);
  if (!flowing) await eventOrAbort((done) => response.once('drain', done), sending.signal);
}

/** A cut must come after the bytes before it have left this process; otherwise it would cut away more. */
async function finish({ response, actions, signal }: Sending, sent: number): Promise<void> {
  const { cutAfterBytes: cut, shortBody } = actions;
  const cutHere = cut !== undefined && sent >= cut.bytes;
  const shortHere = shortBody !== undefined && sent >= shortBody.bytes;
  if (!cutHere && !shortHere) {
    response.end();
    return;
  }
  const { socket } = response;
  if (socket === null) return;
  await eventOrAbort((done) => socket.write('', () => done()), signal);
  if (cutHere && cut.reset === true) socket.resetAndDestroy();
  else if (cutHere) socket.destroy();
  else socket.end();
}

function eventOrAbort(listen: (done: () => void) => void, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      signal.removeEventListener('abort', done);
      resolve();
    };
    signal.addEventListener('abort', done, { once: true });
    listen(done);
  });
}
