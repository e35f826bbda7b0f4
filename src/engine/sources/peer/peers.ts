import { setTimeout as sleep } from 'node:timers/promises';
import { classify } from '../../errors/classify.ts';
import type { PeerSource } from '../several/several-sources.ts';
import type { SourcePaces } from '../several/source-paces.ts';
import { askHave, MAX_HASHES, type PeerSession } from './ask-have.ts';
import { type PeerContent, placeAtPeer } from './fetch-from-peer.ts';
import { Peer, type PeerAddress } from './peer.ts';

/** Maximum number of computers contacted on one network: one that announces thousands of names must cost nothing. */
export const MAX_PEERS = 64;
/** Peers of one computer: more announcements than this are an attack. */
const MAX_PER_MACHINE = 4;
/** More than the number of contents fetched at once. */
const MAX_WANTED = 20_000;
/** How long a download waits for peers to respond before it begins without them, in milliseconds. */
const WAIT_MS = 1500;

/** Which peers a download may use. */
export interface PeerChoice {
  /** Those that were discovered on the network. */
  readonly found: boolean;
  /** Addresses specified by the user. */
  readonly named: readonly string[];
}

export const NO_PEERS: PeerChoice = { found: false, named: [] };

/** Dependencies of {@link Peers}. */
export interface PeersDeps {
  readonly session: PeerSession;
  readonly paces: SourcePaces;
  /** Starts discovery, once; resolves when the computers present have had time to respond. */
  readonly look: () => Promise<void>;
  /** Milliseconds on a monotonic clock. */
  readonly now: () => number;
  readonly log: (level: 'info' | 'warn', message: string) => void;
  /** Aborted when the engine ends. */
  readonly signal: AbortSignal;
}

/** The other computers of this run, and the contents they announced. Shared by all downloads. */
export class Peers {
  readonly #deps: PeersDeps;
  readonly #peers = new Map<string, Peer>();
  /** Contents that downloads want, and by how many: computers that appear later are asked about them. */
  readonly #wanted = new Map<string, number>();
  /** Running requests by peer. */
  readonly #asking = new Map<Peer, Promise<void>>();
  /** Addresses of those that sent wrong bytes: they get no second chance under another name. */
  readonly #excluded = new Set<string>();

  constructor(deps: PeersDeps) {
    this.#deps = deps;
  }

  /** Records a computer that was discovered, or that has a new address. */
  found(address: PeerAddress): void {
    const known = this.#peers.get(address.id);
    if (known?.address.url === address.url) return;
    if (!known && this.#peers.size >= MAX_PEERS) return;
    const machine = machineOf(address.url);
    if (known?.isExcluded || this.#excluded.has(machine)) return;
    const sameMachine = [...this.#peers.values()].filter((peer) => machineOf(peer.address.url) === machine);
    if (!known && sameMachine.length >= MAX_PER_MACHINE) return;
    const peer = new Peer(address, this.#deps.now);
    this.#peers.set(address.id, peer);
    this.#deps.log('info', `${address.name} on this network may have models (${peer.host}).`);
    void this.#ask(peer, [...this.#wanted.keys()]);
  }

  /** Records that a computer announced its departure. Running transfers with it continue as long as they can. */
  gone(id: string): void {
    const peer = this.#peers.get(id);
    // One that sent wrong bytes stays known as such.
    if (peer && !peer.isExcluded && !peer.address.isNamed) this.#peers.delete(id);
  }

  /**
   * Asks the peers for these contents, and waits a moment for the answers; peers that appear later are asked too, until
   * the returned function is called. Rejects only with the reason of `signal`.
   */
  async ask(hashes: readonly string[], choice: PeerChoice, signal: AbortSignal): Promise<() => void> {
    if (hashes.length === 0 || (!choice.found && choice.named.length === 0)) return () => undefined;
    const wanted = hashes.slice(0, Math.max(0, MAX_WANTED - this.#wanted.size));
    for (const hash of wanted) this.#wanted.set(hash, (this.#wanted.get(hash) ?? 0) + 1);
    for (const url of choice.named) this.found({ id: url, url, name: new URL(url).host, isNamed: true });
    const wait = new AbortController();
    await Promise.race([
      this.#answers(wanted, choice),
      sleep(WAIT_MS, undefined, { signal: AbortSignal.any([signal, wait.signal]) }).catch(() => undefined),
    ]);
    wait.abort();
    const release = () => this.#release(wanted);
    if (signal.aborted) release();
    signal.throwIfAborted();
    return release;
  }

  async #answers(hashes: readonly string[], choice: PeerChoice): Promise<void> {
    if (choice.found) await this.#deps.look();
    await Promise.all(this.#usable(choice).map((peer) => this.#ask(peer, hashes)));
  }

  #release(hashes: readonly string[]): void {
    for (const hash of hashes) {
      const others = (this.#wanted.get(hash) ?? 1) - 1;
      if (others > 0) this.#wanted.set(hash, others);
      else this.#forget(hash);
    }
  }

  #forget(hash: string): void {
    this.#wanted.delete(hash);
    for (const peer of this.#peers.values()) peer.forget(hash);
  }

  /** Returns the peers that have a content and may be contacted now. */
  holders(content: PeerContent, choice: PeerChoice): PeerSource[] {
    return this.#usable(choice)
      .filter((peer) => peer.mayBeAsked && peer.holds(content.hash, content.size))
      .map((peer) => this.#source(peer, content));
  }

  #usable({ found, named }: PeerChoice): Peer[] {
    return [...this.#peers.values()].filter(({ address }) =>
      address.isNamed ? named.includes(address.url) : found,
    );
  }

  #source(peer: Peer, content: PeerContent): PeerSource {
    const { session, paces, log } = this.#deps;
    const { id, name } = peer.address;
    return {
      key: id,
      place: placeAtPeer(peer, content, session),
      get isExcluded() {
        return peer.isExcluded;
      },
      failed: (error, startedMs) => {
        peer.failed(error, content.hash, startedMs);
        paces.forget(id);
      },
      succeeded: () => peer.succeeded(),
      exclude: (wrongBytes) => {
        if (peer.isExcluded) return;
        peer.exclude();
        this.#excluded.add(machineOf(peer.address.url));
        log(
          'warn',
          `${name} sent ${wrongBytes} wrong bytes of ${content.path}; it isn’t used again in this run.`,
        );
      },
    };
  }

  /** Never rejects. Requests to a peer are sent one at a time. */
  #ask(peer: Peer, hashes: readonly string[]): Promise<void> {
    const asking = (this.#asking.get(peer) ?? Promise.resolve()).then(() => this.#askNow(peer, hashes));
    this.#asking.set(peer, asking);
    return asking;
  }

  async #askNow(peer: Peer, hashes: readonly string[]): Promise<void> {
    if (!peer.mayBeAsked) return;
    const { session, signal, now } = this.#deps;
    const unasked = peer.toAsk(hashes);
    for (let at = 0; at < unasked.length; at += MAX_HASHES) {
      const startedMs = now();
      try {
        peer.has(await askHave(peer.address.url, unasked.slice(at, at + MAX_HASHES), session, signal));
      } catch (error) {
        for (const hash of unasked.slice(at)) peer.forget(hash);
        peer.failed(classify(error), null, startedMs);
        return;
      }
    }
  }
}

/**
 * Returns what stays the same when a computer takes another name or port. Programs of one computer are distinguished by
 * their ports.
 */
function machineOf(url: string): string {
  const { hostname, host } = new URL(url);
  return isLoopback(hostname) ? host : hostname;
}

const isLoopback = (hostname: string): boolean => /^(?:127\.|localhost$|\[::1\]$)/.test(hostname);
