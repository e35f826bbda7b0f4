import type { AppError } from '../shared/contract/errors.ts';
import type { Log } from './contents/context.ts';
import type { Network } from './discovery/dns-sd.ts';

/** How to open an engine. */
export interface EngineOptions {
  /** Folder of the ledger. Created if necessary. */
  readonly dataDir: string;
  /** Hugging Face cache to download into. Created if necessary. */
  readonly cacheDir: string;
  readonly homeDir: string;
  readonly endpoint: string;
  readonly catalogFile: string;
  /** Kept in memory only. */
  readonly token: string | null;
  /** Source of the token, for messages about it: a variable, a path, or words such as `the keychain`. */
  readonly tokenSource?: string | null;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A reader works alongside an owner and changes nothing; see `openEngine`. */
  readonly access: 'owner' | 'reader';
  /** True to restart what was running when the last engine ended. */
  readonly autoStart: boolean;
  /** The built hash worker. */
  readonly hashWorkerUrl: URL;
  /** The built module of the threads that produce units of a build. */
  readonly unitWorkerUrl: URL;
  /** The built reader of long file lists. */
  readonly listingWorkerUrl: URL;
  readonly version: string;
  /** For a second program that finds the ledger busy, for example `haulyard download`. */
  readonly program: string;
  readonly log: Log;
  /** Spreads the waits between attempts; default `Math.random`. */
  readonly random?: () => number;
  /** False ends a download instead of waiting for space or for a disk to be connected; default true. */
  readonly waitsForDisk?: boolean;
  /** A download without progress for this long fails; default never. */
  readonly giveUpAfterMs?: number;
  /** Limit for this run only; the stored one applies when absent. */
  readonly limitBytesPerSecond?: number;
  /** True for a program that keeps running: it shares models with the network when the setting says so. */
  readonly mayShare?: boolean;
  /** Where multicast DNS is spoken and models are shared, for tests; everywhere when absent. */
  readonly network?: Network;
  /** Called when the engine must end: another process took over its ledger. */
  readonly onFatal?: (error: AppError) => void;
}
