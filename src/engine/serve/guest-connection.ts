import { timingSafeEqual } from 'node:crypto';
import type { Socket } from 'node:net';
import type { EngineEvent } from '../../shared/contract/events.ts';
import { createMessageReader, encodeMessage } from './frames.ts';
import {
  HELLO_MS,
  type Hello,
  helloSchema,
  MAX_HELLO_BYTES,
  MAX_REQUEST_BYTES,
  type OwnerMessage,
  PROTOCOL,
  type Refused,
  requestSchema,
  type Welcome,
} from './protocol.ts';
import { type Served, type ServedClient, serveClient } from './serve-client.ts';

/** A guest that leaves this much unread is disconnected, in bytes. It may come back and take a snapshot. */
export const MAX_UNREAD_BYTES = 8 * 1024 * 1024;

/** Dependencies of {@link serveGuest}. */
export interface GuestDeps {
  readonly secret: string;
  readonly welcome: Omit<Welcome, 'type'>;
  /** Returns the engine as this guest may use it. */
  readonly servedTo: (hello: Hello) => Served;
  /** Returns true when there is room for one more guest; then it counts. */
  readonly admit: (hello: Hello) => boolean;
  readonly log: (message: string) => void;
}

/** A connection from outside, from the moment it was accepted. */
export interface GuestConnection {
  /**
   * Stops answering failures from now on: the engine is ending, and the next owner of the ledger handles the requests.
   */
  prepareToEnd(): void;
  /** Resolves when everything the guest has requested so far is answered. */
  settled(): Promise<unknown>;
  /** Notifies the guest that the ledger is free, and closes the connection. */
  farewell(): void;
}

/** Serves one connection: a hello with the right secret first, then calls. A protocol violation closes it. */
export function serveGuest(socket: Socket, deps: GuestDeps): GuestConnection {
  const reader = createMessageReader(() => (client ? MAX_REQUEST_BYTES : MAX_HELLO_BYTES));
  const silence = setTimeout(() => socket.destroy(), HELLO_MS);
  let client: ServedClient | null = null;
  let isEnding = false;
  /** A single answer may be longer than the unread limit. */
  let longestAnswerBytes = 0;

  function send(message: OwnerMessage | Welcome | Refused): void {
    if (isEnding && message.type === 'answer' && !message.outcome.ok) return;
    const bytes = message.type === 'event' ? encodedEvent(message.event) : encodeMessage(message);
    if (socket.writableLength === 0) longestAnswerBytes = 0;
    if (message.type === 'answer') longestAnswerBytes = Math.max(longestAnswerBytes, bytes.length);
    if (socket.writableLength + bytes.length > MAX_UNREAD_BYTES + longestAnswerBytes) {
      deps.log('A guest that did not read was cut off.');
      socket.destroy();
      return;
    }
    socket.write(bytes);
  }

  function greet(first: unknown): void {
    const hello = helloSchema.safeParse(first);
    if (!hello.success || !isSame(hello.data.secret, deps.secret)) {
      deps.log('A connection without the secret of this run was ended.');
      socket.destroy();
      return;
    }
    clearTimeout(silence);
    if (hello.data.protocol !== PROTOCOL) refuse('protocol');
    else if (!deps.admit(hello.data)) refuse('full');
    else {
      client = serveClient(deps.servedTo(hello.data), send);
      send({ type: 'welcome', ...deps.welcome });
    }
  }

  function refuse(because: Refused['because']): void {
    const { protocol, version, program, pid } = deps.welcome;
    send({ type: 'refused', because, protocol, version, program, pid });
    socket.end();
  }

  function take(message: unknown): void {
    if (!client) {
      greet(message);
      return;
    }
    const request = requestSchema.safeParse(message);
    if (request.success) client.receive(request.data);
    else socket.destroy();
  }

  socket.on('data', (bytes: Buffer) => {
    try {
      for (const message of reader.read(bytes)) {
        if (socket.destroyed || socket.writableEnded) return;
        take(message);
      }
    } catch {
      socket.destroy(); // What follows bytes that are not a message cannot be read either.
    }
  });
  socket.on('error', () => undefined); // `close` follows.
  socket.on('close', () => {
    clearTimeout(silence);
    client?.close();
  });
  return {
    prepareToEnd() {
      isEnding = true;
    },
    settled: () => client?.settled() ?? Promise.resolve(),
    farewell() {
      if (client) send({ type: 'farewell' });
      client?.close();
      if (client) socket.end(() => socket.destroy());
      else socket.destroy();
    },
  };
}

/** An event is the same for all guests: it is encoded once. */
const encodedEvents = new WeakMap<EngineEvent, Buffer>();
function encodedEvent(event: EngineEvent): Buffer {
  const known = encodedEvents.get(event);
  if (known) return known;
  const bytes = encodeMessage({ type: 'event', event } satisfies OwnerMessage);
  encodedEvents.set(event, bytes);
  return bytes;
}

/** Takes the same time wherever the first difference is. */
function isSame(given: string, secret: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(secret)];
  return one.length === other.length && timingSafeEqual(one, other);
}
