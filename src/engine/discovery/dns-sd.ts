import { hostname } from 'node:os';
import { Bonjour, type Browser, type Service } from 'bonjour-service';
import { type Announcement, announcedName, readAnnouncement, SERVICE_TYPE } from './announcement.ts';
import { fencedSocket } from './fenced-socket.ts';

// How computers find each other: one that shares announces `_haulyard._tcp` by DNS-SD over multicast DNS, and one that looks for others
// asks for it once, and again every minute. The library speaks the protocol; between it and the network stands a socket that drops what
// is too much (`fenced-socket.ts`), and between it and the engine a reader that believes nothing but the sender's address
// (`announcement.ts`). Where there is no multicast, nobody is found, which is logged once; computers that are named by their
// address are used all the same.

/** How often it is asked who is there. */
const ASK_EVERY_MS = 60_000;
/** The library keeps what it hears; beyond so many services it is told to begin anew. */
const MAX_SERVICES = 128;
/** Time for the farewell, after which the socket is closed anyhow. */
const FAREWELL_MS = 1000;

/** Where multicast DNS is spoken; only tests say anything. */
export interface Network {
  /** Address of the interface; all when absent. */
  readonly interface?: string;
  readonly port?: number;
}

/** What is announced. */
export interface OwnService {
  readonly id: string;
  readonly port: number;
  readonly version: string;
}

export type NetworkLog = (level: 'info' | 'warn', message: string) => void;

/** Something that goes on until it is closed. */
export interface Running {
  close(): Promise<void>;
}

/** Tells the network that this computer shares models. */
export function announce({ id, port, version }: OwnService, log: NetworkLog, network: Network = {}): Running {
  const bonjour = open(log, network);
  const computer = hostname().split('.')[0] ?? 'haulyard';
  const service = bonjour.publish({
    name: announcedName(computer, id),
    type: SERVICE_TYPE,
    port,
    host: `${computer}.local`,
    txt: { version, id },
    // The id makes the name the only one.
    probe: false,
    disableIPv6: true,
  });
  service.on('error', (error) => log('warn', `This computer can’t be announced: ${messageOf(error)}`));
  return {
    async close() {
      await inTime((done) => bonjour.unpublishAll(done));
      await inTime((done) => bonjour.destroy(done));
    },
  };
}

/** Looks for computers that share, and tells of each one that is there, once or more often, and of each that leaves. */
export function lookAround(
  onFound: (found: Announcement) => void,
  onGone: (gone: Announcement) => void,
  log: NetworkLog,
  network: Network = {},
): Running {
  const bonjour = open(log, network);
  let browser = browse();

  function browse(): Browser {
    const opened = bonjour.find({ type: SERVICE_TYPE });
    const take = (service: Service) => {
      if (opened.services.length > MAX_SERVICES) return restart();
      const found = readAnnouncement(service);
      if (found) onFound(found);
    };
    opened.on('up', take);
    opened.on('srv-update', take);
    opened.on('txt-update', take);
    opened.on('down', (service: Service) => {
      const gone = readAnnouncement(service);
      if (gone) onGone(gone);
    });
    return opened;
  }

  function restart(): void {
    log('warn', 'More computers are announced on this network than there can be; some are not looked at.');
    browser.stop();
    browser.removeAllListeners();
    browser = browse();
  }

  const timer = setInterval(() => {
    browser.expire();
    browser.update();
  }, ASK_EVERY_MS);
  timer.unref();
  return {
    async close() {
      clearInterval(timer);
      browser.stop();
      await inTime((done) => bonjour.destroy(done));
    },
  };
}

function open(log: NetworkLog, network: Network): Bonjour {
  let told = false;
  const tell = (error: unknown) => {
    if (told) return;
    told = true;
    log('info', `Multicast DNS doesn’t work on this computer: ${messageOf(error)}`);
  };
  const options = {
    socket: fencedSocket(tell),
    // Bound to an interface, a socket hears no multicast.
    bind: '0.0.0.0',
    ...network,
  };
  // The library hands its options on to `multicast-dns`, whose options its types do not have.
  const bonjour = new Bonjour(options as never, tell);
  // biome-ignore lint/complexity/useLiteralKeys: an error without a listener would end the process, and the types hide who sends it.
  const { mdns } = bonjour['server'] as unknown as { mdns: NodeJS.EventEmitter };
  mdns.on('error', tell);
  mdns.on('warning', () => undefined);
  return bonjour;
}

/** Resolves when `work` is done, or after a second. */
async function inTime(work: (done: () => void) => void): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, FAREWELL_MS);
  work(resolve);
  await promise;
  clearTimeout(timer);
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
