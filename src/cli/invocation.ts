import type { Precision } from '../shared/model/catalog.ts';
import type { Profile } from '../shared/model/download.ts';

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

/** What holds for the transfers of one run only. */
export interface TransferOptions {
  readonly limitBytesPerSecond?: number;
  readonly giveUpAfterMs?: number;
  readonly tokenStdin: boolean;
  readonly acceptChanged: boolean;
}

/** The arguments of `download`, checked. */
export interface DownloadOptions extends TransferOptions {
  readonly reference: string;
  readonly variant: 'auto' | Precision;
  readonly revision?: string;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly profile?: Profile;
  readonly workers?: number;
  readonly chunkSizeBytes?: number;
  /** Path in the repository → partial file on disk. */
  readonly from: Readonly<Record<string, string>>;
  readonly dryRun: boolean;
}

/** Something that is in the cache. */
export interface Installed {
  readonly reference: string;
  readonly revision?: string;
}

/** One command with its arguments, checked. */
export type Invocation =
  | { readonly command: 'catalog' }
  | { readonly command: 'hardware'; readonly assume?: string }
  | ({ readonly command: 'download' } & DownloadOptions)
  | { readonly command: 'status' }
  | ({ readonly command: 'resume'; readonly id?: string } & TransferOptions)
  | { readonly command: 'cancel'; readonly id: string; readonly keepPartial: boolean }
  | { readonly command: 'list' }
  | ({ readonly command: 'verify'; readonly quick: boolean; readonly repair: boolean } & Installed)
  | ({ readonly command: 'remove' } & Installed)
  | ({ readonly command: 'path' } & Installed)
  | { readonly command: 'doctor' };

/** What a command line asks for: a command, or a text to print. */
export type ParsedLine =
  | { readonly kind: 'run'; readonly global: GlobalOptions; readonly invocation: Invocation }
  | { readonly kind: 'print'; readonly text: string };
