import { z } from 'zod';
import { type BuildPlanView, type BuildView, ROUNDING_RULES } from '../model/build.ts';
import { type Catalog, PRECISIONS } from '../model/catalog.ts';
import { type DownloadView, type HashAlgorithm, PROFILES } from '../model/download.ts';
import type { HardwareReport } from '../model/hardware.ts';
import type { DownloadInspection } from '../model/inspection.ts';
import type {
  InstalledFiles,
  Library,
  RemoveReport,
  VariantPresence,
  VerifyReport,
} from '../model/library.ts';
import type { Remedy } from '../model/remedy.ts';
import { scheduleSchema } from '../model/schedule.ts';
import type { SharingStatus } from '../model/sharing.ts';
import { TRANSPORT_CHOICES } from '../model/transport.ts';
import { appCommands } from './app-commands.ts';
import { engineCommand } from './command.ts';
import { searchCommands } from './search-commands.ts';
import { upkeepCommands } from './upkeep-commands.ts';

const downloadId = z.string().min(1).max(64);
const bytesPerSecond = z.number().int().positive();

/** Chunk sizes from 1 MiB (tests, small files) to 1 GiB. */
const chunkSizeBytes = z
  .number()
  .int()
  .min(1 << 20)
  .max(1 << 30);

/** `http://studio.local:8900`: without a password, and without anything behind a `?` or `#`. */
export const peerAddress = z
  .url({ error: 'must be an address like http://studio.local:8900' })
  .max(300)
  .regex(/^https?:\/\/[^\s/?#@]+(?:\/[^\s?#@]*)?$/i, 'must be an address like http://studio.local:8900');

/** What to download and how. `reference` is a catalog id, `org/name` or a Hub URL. */
export const addDownloadSchema = z.object({
  reference: z.string().min(1).max(2000),
  variant: z.enum(['auto', ...PRECISIONS]).default('auto'),
  revision: z.string().min(1).max(300).optional(),
  /** Files by their paths; each must exist. */
  files: z.array(z.string().min(1).max(4000)).default([]),
  include: z.array(z.string().min(1)).default([]),
  exclude: z.array(z.string().min(1)).default([]),
  profile: z.enum(PROFILES).optional(),
  /** A fixed number of streams, overriding the profile. */
  workers: z.number().int().min(1).max(64).optional(),
  chunkSizeBytes: chunkSizeBytes.optional(),
  /** How to transfer the bytes if the Hub offers more than one way; `auto` when absent. */
  transport: z.enum(TRANSPORT_CHOICES).optional(),
  /** Whether other computers of the same network are asked for it; the setting when absent. */
  peers: z.enum(['on', 'off']).optional(),
  /** Addresses of other computers that may have it, whatever the setting is. */
  namedPeers: z.array(peerAddress).max(16).optional(),
  /** Partial files of other tools to adopt: path in the repository → file on disk. */
  from: z.record(z.string(), z.string()).default({}),
  /** Continue although the Hub contradicts the catalog's pins. */
  acceptChanged: z.boolean().default(false),
  /** A folder for the files instead of the cache, an absolute path; filled like `hf download --local-dir`. */
  localDir: z.string().min(1).max(4000).optional(),
  /** A variant to build from this download when it is ready. */
  make: z.enum(PRECISIONS).optional(),
});

/** A variant to build from what is on disk. `reference` is a catalog id, `org/name` or a Hub URL. */
export const buildSchema = z.object({
  reference: z.string().min(1).max(2000),
  variant: z.enum(PRECISIONS),
  revision: z.string().min(1).max(300).optional(),
  /** Parent folder of `org/name-variant`, an absolute path; the setting's when absent. */
  output: z.string().min(1).max(4000).optional(),
  rule: z.enum(ROUNDING_RULES).default('metal'),
  workers: z.number().int().min(1).max(64).optional(),
  /** Replace an existing result. */
  force: z.boolean().default(false),
});

/** Settings that live in the ledger. Absent keys keep their value. */
export const settingsSchema = z.object({
  /** Number of concurrent downloads. */
  atOnce: z.number().int().min(1).max(16),
  profile: z.enum(PROFILES),
  /** Limit for all downloads together; null for none. */
  limitBytesPerSecond: bytesPerSecond.nullable(),
  /** Hours of the day in which downloads run; null for all of them. */
  schedule: scheduleSchema.nullable(),
  /** Folder for built models, an absolute path; null for the one next to the cache. */
  buildRoot: z.string().min(1).max(4000).nullable(),
  /** Lets other computers of the same network download verified models from this one. */
  sharing: z.boolean(),
  /** Downloads take from other computers of the same network what those have. */
  usePeers: z.boolean(),
});

export type Settings = z.infer<typeof settingsSchema>;

/** Values that apply until the user changes them. */
export const DEFAULT_SETTINGS: Settings = {
  atOnce: 2,
  profile: 'auto',
  limitBytesPerSecond: null,
  schedule: null,
  buildRoot: null,
  sharing: false,
  usePeers: false,
};

export type StartBuild = z.infer<typeof buildSchema>;
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
    /** In the cache already, in full. */
    readonly present: boolean;
    /** Bytes of it on this disk that need not be fetched: all of them, or those of a partial file. */
    readonly presentBytes: number;
  }>;
  readonly totalBytes: number;
  /** Bytes that need not be fetched: present ones, and further paths of a content. */
  readonly presentBytes: number;
  /** Bytes to fetch, which the volume must still have space for, and its free space; null if not reported. */
  readonly neededBytes: number;
  readonly freeBytes: number | null;
  /** Space that must stay free: the download waits rather than use it. */
  readonly reserveBytes: number;
}

/** The whole state, and its position in the event stream. */
export interface Snapshot {
  /** New for each start of the engine. */
  readonly runId: string;
  readonly seq: number;
  readonly downloads: readonly DownloadView[];
  readonly builds: readonly BuildView[];
  readonly settings: Settings;
}

/** Result of `doctor`. Holds no secrets: a token is present or absent, never shown. */
export interface Diagnosis {
  readonly versions: Readonly<Record<string, string>>;
  readonly paths: Readonly<Record<string, string>>;
  readonly checks: ReadonlyArray<{ readonly name: string; readonly ok: boolean; readonly message: string }>;
  readonly ok: boolean;
}

/** One kind of request, tried on the current Hub. */
export interface HubTrial {
  readonly name: string;
  /** Null when it could not be tried. */
  readonly works: boolean | null;
  readonly message: string;
  /** What a failure means for downloads; empty without one. */
  readonly follows: string;
  /** What helps against that. */
  readonly remedy?: Remedy;
}

/** Result of `doctor.hub`. Holds no secrets: only the host of signed URLs. */
export interface HubDiagnosis {
  readonly endpoint: string;
  readonly repo: string;
  readonly trials: readonly HubTrial[];
  /** False when one of them failed. */
  readonly ok: boolean;
}

const nothing = z.object({}).strict();
const byId = z.object({ id: downloadId });
const installed = z.object({
  reference: z.string().min(1).max(2000),
  revision: z.string().min(1).max(300).optional(),
  /** One variant of a model: one that was built here, else the one in the cache. */
  variant: z.enum(PRECISIONS).optional(),
});

/** A URL that may be the Hub's. */
export interface EndpointTest {
  readonly ok: boolean;
  /** For a person: what answered, or what went wrong. */
  readonly message: string;
  /** Time to the response; null when there was none. */
  readonly milliseconds: number | null;
}

/** Commands that the engine answers. */
export const engineCommands = {
  snapshot: engineCommand<Snapshot>()(nothing),
  'downloads.plan': engineCommand<DownloadPlan>()(addDownloadSchema),
  'downloads.add': engineCommand<{ readonly id: string }>()(addDownloadSchema),
  'downloads.pause': engineCommand<void>()(byId),
  'downloads.resume': engineCommand<void>()(byId.extend({ acceptChanged: z.boolean().optional() })),
  /** Runs it at once, also when as many as may run at once do, or at an hour at which none does. */
  'downloads.startNow': engineCommand<void>()(byId),
  'downloads.cancel': engineCommand<void>()(byId.extend({ keepPartial: z.boolean().default(false) })),
  'downloads.move': engineCommand<void>()(byId.extend({ position: z.number().int().nonnegative() })),
  /** What the inspector shows; requested about once a second while it is open. */
  'downloads.inspect': engineCommand<DownloadInspection>()(byId),
  /**
   * Adopts the bytes of another tool's partial (an absolute path) for an unfinished file. Without `file` the file is
   * found by its name and size. The partial itself is only read.
   */
  'downloads.adopt': engineCommand<{ readonly file: string; readonly adoptedBytes: number }>()(
    byId.extend({ partial: z.string().min(1).max(8000), file: z.string().min(1).max(4000).optional() }),
  ),
  /** Sets what to build from a download once it is ready; null for nothing. A paused download stays paused. */
  'downloads.make': engineCommand<void>()(byId.extend({ make: z.enum(PRECISIONS).nullable() })),
  /** Everything that is running, including builds. */
  'downloads.pauseAll': engineCommand<void>()(nothing),
  'downloads.resumeAll': engineCommand<void>()(nothing),
  /**
   * Without `id`, ends every wait at once, including those of builds: the network changed, the computer woke, or the
   * user asked.
   */
  'downloads.retryNow': engineCommand<void>()(z.object({ id: downloadId.optional() })),
  /**
   * The computer is about to sleep: drops connections and makes everything durable that had arrived or been built.
   * `downloads.retryNow` resumes, or a minute of being awake.
   */
  'downloads.suspend': engineCommand<void>()(nothing),
  /** Returns what building a variant would take; reads headers and changes nothing. */
  'build.plan': engineCommand<BuildPlanView>()(buildSchema),
  'build.start': engineCommand<{ readonly id: string }>()(buildSchema),
  'build.pause': engineCommand<void>()(byId),
  /** Runs a build again; one that waits checks at once whether it can continue. */
  'build.resume': engineCommand<void>()(byId),
  /** Stops and deletes a build, with its output unless it is finished. */
  'build.cancel': engineCommand<void>()(byId),
  /** Deletes a built variant. */
  'build.remove': engineCommand<RemoveReport>()(installed.required({ variant: true })),
  'settings.get': engineCommand<Settings>()(nothing),
  'settings.set': engineCommand<Settings>()(settingsSchema.partial().strict()),
  /** Whether this computer shares its models now, and where. */
  'sharing.status': engineCommand<SharingStatus>()(nothing),
  ...searchCommands,
  ...upkeepCommands,
  'catalog.get': engineCommand<Catalog>()(nothing),
  /** Returns how much of each catalog variant is on this computer already. Contacts no server. */
  'catalog.presence': engineCommand<readonly VariantPresence[]>()(nothing),
  /** Tests whether a URL is a Hub, without switching to it and without sending the token. */
  'endpoint.test': engineCommand<EndpointTest>()(z.object({ endpoint: z.string().min(1).max(2000) })),
  'hardware.get': engineCommand<HardwareReport>()(z.object({ assume: z.string().max(200).optional() })),
  'library.list': engineCommand<Library>()(nothing),
  /** The files of an installed model, as they are on disk. */
  'library.files': engineCommand<InstalledFiles>()(installed),
  'library.path': engineCommand<{ readonly path: string }>()(installed),
  'library.verify': engineCommand<VerifyReport>()(
    installed.extend({
      quick: z.boolean().default(false),
      repair: z.boolean().default(false),
      /** Builds the variant again in memory and compares. */
      againstSource: z.boolean().default(false),
    }),
  ),
  'library.remove': engineCommand<RemoveReport>()(installed),
  /** Deletes one partial that `library.list` returned. Rejects one that a download needs. */
  'library.removePartial': engineCommand<{ readonly freedBytes: number }>()(
    z.object({ path: z.string().min(1).max(8000) }),
  ),
  doctor: engineCommand<Diagnosis>()(nothing),
  /**
   * Tries each kind of request of a download on the current Hub, with the given repository or the smallest one of the
   * catalog. `holdSeconds` (30) is how long to keep a URL before requesting it again.
   */
  'doctor.hub': engineCommand<HubDiagnosis>()(
    z.object({
      reference: z.string().min(1).max(2000).optional(),
      holdSeconds: z.number().int().min(0).max(600).optional(),
    }),
  ),
  /** Asks the current Hub whose token this is, and nothing else. AuthRequired when the Hub rejects it. */
  'token.check': engineCommand<{ readonly account: string }>()(
    z.object({ token: z.string().min(1).max(500) }),
  ),
  /** Sets the token for the Hub, and its source, for messages about it; kept in memory only. Null deletes it. */
  'token.set': engineCommand<void>()(
    z.object({ token: z.string().min(1).max(500).nullable(), source: z.string().max(4096).optional() }),
  ),
} as const;

/** Every command by name. Types of the bridge, the gate and the engine client are derived from this map. */
export const commands = { ...engineCommands, ...appCommands } as const;

export type CommandMap = typeof commands;
export type CommandName = keyof CommandMap;
export type EngineCommandName = keyof typeof engineCommands;
export type AppCommandName = keyof typeof appCommands;
/** Argument as written by a caller (defaults may be left out). */
export type CommandInput<N extends CommandName> = z.input<CommandMap[N]['args']>;
/** Argument after parsing. */
export type CommandArgs<N extends CommandName> = z.output<CommandMap[N]['args']>;
export type CommandResult<N extends CommandName> =
  NonNullable<CommandMap[N]['result']> extends never
    ? undefined
    : Exclude<CommandMap[N]['result'], undefined>;
