import type { Socket } from 'node:net';
import type { Conditions } from './conditions.ts';
import { type Pacer, pacer } from './pacer.ts';
import { pause } from './pause.ts';
import type { Random } from './random.ts';

/** One connection, with the luck it was born with. */
export interface Connection {
  /** Waits until that many bytes may be sent; forever when the connection has fallen silent. */
  take(bytes: number, isContent: boolean, signal: AbortSignal): Promise<void>;
  /** Bytes to send at once. */
  readonly blockBytes: number;
}

/** All connections of a Hub. */
export interface Line {
  connection(socket: Socket): Connection;
  /** Registers a running transfer, so that it can be dropped. Returns a function that ends the registration. */
  running(socket: Socket): () => void;
  close(): void;
}

/** The line between the Hub and its clients. */
export function line(conditions: Conditions, random: Random, now: () => number): Line {
  const total = pacer(() => conditions.current.totalBytesPerSecond, now);
  const connections = new WeakMap<Socket, Connection>();
  const transfers = new Set<Socket>();
  const stopDrops = dropTransfers(conditions, random, transfers);
  return {
    connection(socket) {
      const known = connections.get(socket) ?? connectionOf(conditions, random, total, now);
      connections.set(socket, known);
      return known;
    },
    running(socket) {
      transfers.add(socket);
      return () => void transfers.delete(socket);
    },
    close: stopDrops,
  };
}

function connectionOf(conditions: Conditions, random: Random, total: Pacer, now: () => number): Connection {
  const luck = { edge: random(), stall: random(), stallPoint: random() };
  let contentBytes = 0;
  const own = pacer(() => {
    const { bytesPerSecond, slowEdges } = conditions.current;
    const slow = slowEdges !== null && luck.edge < slowEdges.proportion ? slowEdges.bytesPerSecond : null;
    return smallest(bytesPerSecond, slow);
  }, now);
  const silent = () => {
    const { stalls } = conditions.current;
    return (
      stalls !== null &&
      luck.stall < stalls.proportion &&
      contentBytes >= luck.stallPoint * stalls.withinBytes
    );
  };
  return {
    async take(bytes, isContent, signal) {
      if (isContent && silent()) await pause('forever', signal);
      if (isContent) contentBytes += bytes;
      await Promise.all([own.take(bytes, signal), total.take(bytes, signal)]);
    },
    get blockBytes() {
      return Math.min(own.blockBytes, total.blockBytes);
    },
  };
}

function smallest(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}

function dropTransfers(conditions: Conditions, random: Random, transfers: Set<Socket>): () => void {
  let timer: NodeJS.Timeout | undefined;
  let armedSeconds: number | undefined;
  const drop = () => {
    const probability = conditions.current.drops?.probability ?? 0;
    for (const socket of transfers) if (random() < probability) socket.destroy();
  };
  const arm = () => {
    const seconds = conditions.current.drops?.everySeconds;
    if (seconds === armedSeconds) return;
    armedSeconds = seconds;
    clearInterval(timer);
    if (seconds !== undefined) timer = setInterval(drop, seconds * 1000).unref();
  };
  const stopListening = conditions.onChange(arm);
  arm();
  return () => {
    stopListening();
    clearInterval(timer);
  };
}
