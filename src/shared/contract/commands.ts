import { z } from 'zod';
import { type Catalog, PRECISIONS } from '../model/catalog.ts';
import { type DownloadView, type HashAlgorithm, PROFILES } from '../model/download.ts';
import type { HardwareReport } from '../model/hardware.ts';
import type { Library, RemoveReport, VerifyReport } from '../model/library.ts';

const downloadId = z.string().min(1).max(64);
const bytesPerSecond = z.number().int().positive();

/** Chunk sizes from 1 MiB (tests, small files) to 1 GiB. */
const chunkSizeBytes = z
  .number()
  .int()
  .min(1 << 20)
  .max(1 << 30);

/** What to download and how. `reference` is a catalog id, `org/name` or a Hub URL. */
export const addDownloadSchema = z.object({
  reference: z.string().min(1).max(2000),
  variant: z.enum(['auto', ...PRECISIONS]).default('auto'),
  revision: z.string().min(1).max(300).optional(),
  include: z.array(z.string().min(1)).default([]),
  exclude: z.array(z.string().min(1)).default([]),
  profile: z.enum(PROFILES).optional(),
  /** A fixed number of streams, overriding the profile. */
  workers: z.number().int().min(1).max(64).optional(),
  chunkSizeBytes: chunkSizeBytes.optional(),
  /** Partial files of other tools to adopt: path in the repository → file on disk. */
  from: z.record(z.string(), z.string()).default({}),
  /** Go on although the Hub contradicts the catalog's pins. */
  acceptChanged: z.boolean().default(false),
});

/** Settings that live in the ledger. Absent keys keep their value. */
export const settingsSchema = z.object({
  /** Downloads that are active at the same time. */
  atOnce: z.number().int().min(1).max(16),
  profile: z.enum(PROFILES),
  /** Limit over all downloads together; null is none. */
  limitBytesPerSecond: bytesPerSecond.nullable(),
});

export type Settings = z.infer<typeof settingsSchema>;
export type AddDownload = z.infer<typeof addDownloadSchema>;

/** What a download would fetch, before anything starts. */
export interface DownloadPlan {
  readonly repo: string;
  readonly revision: string;
  readonly commit: string;
  readonly model: string | null;
  readonly variant: string | null;
  readonly files: ReadonlyArray<{
    readonly path: string;
    readonly size: number;
    readonly hash: string;
    readonly algorithm: HashAlgorithm;
    readonly chunks: number;
    /** In the cache already. */
    readonly present: boolean;
  }>;
  readonly totalBytes: number;
  readonly presentBytes: number;
  /** Bytes that the volume must still have room for, and the room it has. */
  readonly neededBytes: number;
  readonly freeBytes: number;
}

/** The whole state, and the point in the event stream at which it was taken. */
export interface Snapshot {
  /** New for each start of the engine. */
  readonly runId: string;
  readonly seq: number;
  readonly downloads: readonly DownloadView[];
  readonly settings: Settings;
}

/** Answer of `doctor`. Holds no secrets: a token is present or absent, never shown. */
export interface Diagnosis {
  readonly versions: Readonly<Record<string, string>>;
  readonly paths: Readonly<Record<string, string>>;
  readonly checks: ReadonlyArray<{ readonly name: string; readonly ok: boolean; readonly message: string }>;
  readonly ok: boolean;
}

/** One command: the schema of its argument, its result (as a type only), and who answers it. */
interface Command<A extends z.ZodType, R> {
  readonly args: A;
  readonly owner: 'engine' | 'main';
  readonly result?: R;
}

const engineCommand =
  <R>() =>
  <A extends z.ZodType>(args: A): Command<A, R> => ({ args, owner: 'engine' });

const nothing = z.object({}).strict();
const byId = z.object({ id: downloadId });
const installed = z.object({
  reference: z.string().min(1).max(2000),
  revision: z.string().min(1).max(300).optional(),
});

/** Every command by name. Types of the bridge, the gate and the engine client are derived from this map. */
export const commands = {
  snapshot: engineCommand<Snapshot>()(nothing),
  'downloads.plan': engineCommand<DownloadPlan>()(addDownloadSchema),
  'downloads.add': engineCommand<{ readonly id: string }>()(addDownloadSchema),
  'downloads.pause': engineCommand<void>()(byId),
  'downloads.resume': engineCommand<void>()(byId.extend({ acceptChanged: z.boolean().optional() })),
  'downloads.cancel': engineCommand<void>()(byId.extend({ keepPartial: z.boolean().default(false) })),
  'downloads.move': engineCommand<void>()(byId.extend({ position: z.number().int().nonnegative() })),
  'downloads.pauseAll': engineCommand<void>()(nothing),
  'downloads.resumeAll': engineCommand<void>()(nothing),
  /** Ends every wait at once: the network changed, the machine woke, or the user asked. */
  'downloads.retryNow': engineCommand<void>()(z.object({ id: downloadId.optional() })),
  'settings.get': engineCommand<Settings>()(nothing),
  'settings.set': engineCommand<Settings>()(settingsSchema.partial().strict()),
  'catalog.get': engineCommand<Catalog>()(nothing),
  'hardware.get': engineCommand<HardwareReport>()(z.object({ assume: z.string().max(200).optional() })),
  'library.list': engineCommand<Library>()(nothing),
  'library.path': engineCommand<{ readonly path: string }>()(installed),
  'library.verify': engineCommand<VerifyReport>()(
    installed.extend({ quick: z.boolean().default(false), repair: z.boolean().default(false) }),
  ),
  'library.remove': engineCommand<RemoveReport>()(installed),
  doctor: engineCommand<Diagnosis>()(nothing),
  /** The token for the Hub; kept in memory only. Null forgets it. */
  'token.set': engineCommand<void>()(z.object({ token: z.string().min(1).max(500).nullable() })),
} as const;

export type CommandMap = typeof commands;
export type CommandName = keyof CommandMap;
/** Argument as a caller writes it (defaults may be left out). */
export type CommandInput<N extends CommandName> = z.input<CommandMap[N]['args']>;
/** Argument after parsing. */
export type CommandArgs<N extends CommandName> = z.output<CommandMap[N]['args']>;
export type CommandResult<N extends CommandName> =
  NonNullable<CommandMap[N]['result']> extends never
    ? undefined
    : Exclude<CommandMap[N]['result'], undefined>;
