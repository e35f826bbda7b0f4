import type { AppError } from '../shared/contract/errors.ts';
import type { Log } from './contents/context.ts';

/** How an engine is opened. */
export interface EngineOptions {
  /** Folder of the ledger. Made if need be. */
  readonly dataDir: string;
  /** Hugging Face cache to download into. Made if need be. */
  readonly cacheDir: string;
  readonly homeDir: string;
  readonly endpoint: string;
  readonly catalogFile: string;
  /** Kept in memory only. */
  readonly token: string | null;
  /** Where the token was found, for messages about it: a variable, a path, or words as `the keychain`. */
  readonly tokenSource?: string | null;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A reader works beside an owner and changes nothing; see `openEngine`. */
  readonly access: 'owner' | 'reader';
  /** True to run again what was running when the last engine ended. */
  readonly autoStart: boolean;
  /** The built hash worker. */
  readonly hashWorkerUrl: URL;
  /** The built module of the threads that make units of a build. */
  readonly unitWorkerUrl: URL;
  /** The built reader of long file lists. */
  readonly listingWorkerUrl: URL;
  readonly version: string;
  /** For a second program that finds the ledger busy, for instance `haulyard download`. */
  readonly program: string;
  readonly log: Log;
  /** Spreads the waits between attempts; default `Math.random`. */
  readonly random?: () => number;
  /** False ends a download in place of waiting for room or for a disk to be connected; default true. */
  readonly waitsForDisk?: boolean;
  /** A download without progress for so long fails; default never. */
  readonly giveUpAfterMs?: number;
  /** Limit for this run only; the stored one holds when absent. */
  readonly limitBytesPerSecond?: number;
  /** Called when the engine must end: another process took its ledger over. */
  readonly onFatal?: (error: AppError) => void;
}
