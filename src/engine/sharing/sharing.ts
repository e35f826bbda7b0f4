import { networkInterfaces } from 'node:os';
import type { SharingStatus } from '../../shared/model/sharing.ts';
import { classify } from '../errors/classify.ts';
import type { CacheServer } from '../hub-server/serve-cache.ts';

/** Something that goes on until it is closed. */
interface Running {
  close(): Promise<void>;
}

/** What {@link Sharing} works with. */
export interface SharingDeps {
  /** Begins to serve the cache to the network. Rejects when nobody can be listened to. */
  readonly serve: () => Promise<Pick<CacheServer, 'port' | 'shared' | 'close'>>;
  /** Tells the network where. */
  readonly announce: (port: number) => Promise<Running>;
  readonly log: (level: 'info' | 'warn', message: string) => void;
}

interface Open {
  readonly server: Pick<CacheServer, 'port' | 'shared' | 'close'>;
  readonly announcement: Running;
}

/**
 * Shares the models of this computer with its network while the setting says so: a server (`hub-server/`), and an announcement by which
 * others find it. One change is made after the other, so that a switch that is flipped ten times ends where it stands.
 */
export class Sharing {
  readonly #deps: SharingDeps;
  #open: Open | null = null;
  #problem: string | null = null;
  #last: Promise<void> = Promise.resolve();

  constructor(deps: SharingDeps) {
    this.#deps = deps;
  }

  /** Never rejects: what prevents it is in {@link status}. */
  set(isWanted: boolean): Promise<void> {
    this.#last = this.#last.then(() => (isWanted ? this.#begin() : this.#end()));
    return this.#last;
  }

  async status(): Promise<SharingStatus> {
    if (this.#open === null) {
      const state = this.#problem === null ? 'off' : 'failed';
      return { state, port: null, urls: [], models: 0, problem: this.#problem };
    }
    const { server } = this.#open;
    const { repositories } = await server.shared();
    return {
      state: 'on',
      port: server.port,
      urls: ownAddresses(server.port),
      models: repositories.size,
      problem: null,
    };
  }

  close(): Promise<void> {
    return this.set(false);
  }

  async #begin(): Promise<void> {
    if (this.#open !== null) return;
    const { serve, announce, log } = this.#deps;
    try {
      const server = await serve();
      this.#problem = null;
      this.#open = { server, announcement: await announce(server.port).catch(() => NOTHING) };
      log('info', `Models are shared with this network on port ${server.port}.`);
    } catch (error) {
      this.#problem = classify(error).message;
      log('warn', `Models can’t be shared: ${this.#problem}`);
    }
  }

  async #end(): Promise<void> {
    const open = this.#open;
    this.#open = null;
    this.#problem = null;
    // Nobody is sent here any more before the door is shut.
    await open?.announcement.close().catch(() => undefined);
    await open?.server.close().catch(() => undefined);
  }
}

/** Where there is no multicast, others need the address. */
const NOTHING: Running = { close: async () => undefined };

function ownAddresses(port: number): string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses = []) => addresses)
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => `http://${address}:${port}`);
}
