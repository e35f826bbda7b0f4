import type { RoundingRule } from '../shared/model/build.ts';
import type { Precision } from '../shared/model/catalog.ts';
import type { Profile } from '../shared/model/download.ts';
import type { SearchSort } from '../shared/model/search.ts';
import type { TransportChoice } from '../shared/model/transport.ts';
import type { Shell } from './completion/shells.ts';

/** Options that every command takes, before or after its name. */
export interface GlobalOptions {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly cacheDir?: string;
  readonly dataDir?: string;
  readonly endpoint?: string;
  readonly catalog?: string;
}

/** Options for the transfers of one run only. */
export interface TransferOptions {
  readonly limitBytesPerSecond?: number;
  readonly giveUpAfterMs?: number;
  readonly tokenStdin: boolean;
  readonly acceptChanged: boolean;
  /** Wait for a disk even when the output is not a terminal. */
  readonly wait?: boolean;
}

/** The arguments of `download`, checked. */
export interface DownloadOptions extends TransferOptions {
  readonly reference: string;
  /** Paths in the repository; absent for all files. */
  readonly files?: readonly string[];
  readonly variant: 'auto' | Precision;
  readonly revision?: string;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly profile?: Profile;
  readonly workers?: number;
  readonly transport?: TransportChoice;
  /** Whether other computers on the network are used; the setting when absent. */
  readonly peers?: 'on' | 'off';
  /** Addresses of some that may have it. */
  readonly namedPeers?: readonly string[];
  readonly chunkSizeBytes?: number;
  /** Path in the repository → partial file on disk. */
  readonly from: Readonly<Record<string, string>>;
  readonly dryRun: boolean;
  /** A folder for the files themselves, instead of the cache. */
  readonly localDir?: string;
  /** A variant to build once it is downloaded. */
  readonly make?: Precision;
  /** Leave it to the live engine, or to one in the background. */
  readonly detach?: boolean;
}

/** The arguments of `quantize`, checked. */
export interface QuantizeOptions {
  readonly reference: string;
  readonly variant: Precision;
  readonly revision?: string;
  readonly output?: string;
  readonly rule: RoundingRule;
  readonly workers?: number;
  readonly force: boolean;
  readonly dryRun: boolean;
  /** Wait for a disk or the source even when the output is not a terminal. */
  readonly wait?: boolean;
}

/** The arguments of `search`, checked. */
export interface SearchOptions {
  readonly words: string;
  readonly author?: string;
  /** Tags of the Hub. */
  readonly filters: readonly string[];
  readonly sort: SearchSort;
  /** Maximum number of results. */
  readonly limit: number;
  /** Only what this computer can run. */
  readonly fits: boolean;
}

/** The arguments of `update`, checked. */
export interface UpdateOptions extends TransferOptions {
  /** Absent for all outdated ones. */
  readonly reference?: string;
}

/** The arguments of `serve`, checked. */
export interface ServeCommandOptions {
  /** Let other computers connect. */
  readonly lan: boolean;
  /** Where to listen; with `lan`, another name of this computer. */
  readonly host?: string;
  readonly port: number;
  /** Globs of repositories; absent for all. */
  readonly models?: readonly string[];
  /** A bearer token that clients must send; true to generate one. */
  readonly secret?: string | true;
  readonly limitBytesPerSecond?: number;
  readonly maxConnections?: number;
}

/** Something that is in the cache. */
export interface Installed {
  readonly reference: string;
  readonly revision?: string;
  /** One variant: one that was built here, else the one in the cache. */
  readonly variant?: Precision;
}

/** One command with its arguments, checked. */
export type Invocation =
  | { readonly command: 'completion'; readonly shell: Shell }
  | { readonly command: 'catalog' }
  | { readonly command: 'hardware'; readonly assume?: string }
  | ({ readonly command: 'search' } & SearchOptions)
  | { readonly command: 'login' | 'logout' | 'whoami' }
  | ({ readonly command: 'download' } & DownloadOptions)
  | { readonly command: 'status' }
  | ({ readonly command: 'resume'; readonly id?: string } & TransferOptions)
  | { readonly command: 'pause'; readonly id?: string }
  | { readonly command: 'limit'; readonly bytesPerSecond?: number | null }
  | { readonly command: 'move'; readonly id: string; readonly position: number }
  | { readonly command: 'watch' }
  | { readonly command: 'background' }
  | { readonly command: 'cancel'; readonly id: string; readonly keepPartial: boolean }
  | { readonly command: 'list' }
  | ({ readonly command: 'serve' } & ServeCommandOptions)
  | ({ readonly command: 'quantize' } & QuantizeOptions)
  | ({
      readonly command: 'verify';
      readonly quick: boolean;
      readonly repair: boolean;
      readonly againstSource: boolean;
    } & Installed)
  | ({ readonly command: 'remove'; readonly references: readonly string[] } & Omit<Installed, 'reference'>)
  | { readonly command: 'outdated'; readonly references?: readonly string[] }
  | ({ readonly command: 'update' } & UpdateOptions)
  | { readonly command: 'prune'; readonly dryRun: boolean }
  | { readonly command: 'relocate'; readonly reference: string; readonly to: string }
  | ({ readonly command: 'path' } & Installed)
  | {
      readonly command: 'doctor';
      /** The repository to try the Hub with; true for one of the catalog. */
      readonly hub?: string | true;
      readonly holdSeconds?: number;
    };

/** The content of a command line: a command, or a text to print. */
export type ParsedLine =
  | { readonly kind: 'run'; readonly global: GlobalOptions; readonly invocation: Invocation }
  | { readonly kind: 'print'; readonly text: string };
