import { z } from 'zod';
import type { EngineCommandName } from '../../shared/contract/commands.ts';
import type { ClientMessage, ClientRequest } from '../../shared/contract/envelope.ts';

/** Incremented when a program of the previous version could not understand this one. */
export const PROTOCOL = 1;

/** A guest that sends nothing for this long after it connected is a stranger. */
export const HELLO_MS = 5000;
/** Limit of what a guest may send before its secret is known to be right. */
export const MAX_HELLO_BYTES = 64 * 1024;
/** Limit of a guest's request. */
export const MAX_REQUEST_BYTES = 16 * 1024 * 1024;
export const MAX_GUESTS = 64;

/** Options for the downloads of one guest only. */
export const runOptionsSchema = z.object({
  /** For the Hub; kept in memory, and sent for the downloads of this guest only. */
  token: z.string().min(1).max(500).nullable().default(null),
  /** A download without progress for this long fails, in milliseconds. */
  giveUpAfterMs: z.number().positive().optional(),
  /** False ends a download instead of waiting for space or for a disk. */
  waitsForDisk: z.boolean().optional(),
  /** True to keep a download that matched nothing as failed; false for a guest that reports it at once. */
  keepsFailures: z.boolean().optional(),
});

/** The first message of a guest. */
export const helloSchema = z.object({
  type: z.literal('hello'),
  /** From the owner's file; see {@link ownerFileSchema}. */
  secret: z.string().min(1).max(200),
  protocol: z.number().int(),
  version: z.string().max(100),
  /** For people: `haulyard download`, `Haulyard`. */
  program: z.string().max(200),
  /**
   * True for a program that runs the whole queue when it becomes the owner, as the app does; false for one that runs
   * its own.
   */
  runsQueue: z.boolean().default(false),
  run: runOptionsSchema.prefault({}),
});
export type Hello = z.infer<typeof helloSchema>;

/** Settings in which owner and guest must agree. Null is the default of the program. */
export const sharedSettingsSchema = z.object({
  cacheDir: z.string(),
  endpoint: z.string(),
  catalog: z.string().nullable(),
  /** Without user name and password. */
  proxy: z.string().nullable(),
});
export type SharedSettings = z.infer<typeof sharedSettingsSchema>;

const ownerSchema = z.object({
  protocol: z.number().int(),
  version: z.string().max(100),
  program: z.string().max(200),
  pid: z.number().int(),
});

/** The owner accepts the guest. */
const welcomeSchema = ownerSchema.extend({
  type: z.literal('welcome'),
  runId: z.string(),
  settings: sharedSettingsSchema,
});
export type Welcome = z.infer<typeof welcomeSchema>;

/** The owner does not accept it: another protocol, or too many guests. A wrong secret is not answered at all. */
const refusedSchema = ownerSchema.extend({
  type: z.literal('refused'),
  because: z.enum(['protocol', 'full']),
});
export type Refused = z.infer<typeof refusedSchema>;

/** First message of the owner. Only what a guest relies on is checked; fields added by a newer owner are ignored. */
export const replySchema = z.discriminatedUnion('type', [welcomeSchema, refusedSchema]);

/** All later messages of a guest. Arguments are checked by the engine. */
export const requestSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('call'),
    id: z.number().int().nonnegative(),
    name: z.string().max(100) as unknown as z.ZodType<EngineCommandName>,
    args: z.unknown(),
  }),
  z.object({ type: z.literal('cancel'), id: z.number().int().nonnegative() }),
  z.object({ type: z.literal('subscribe') }),
  z.object({ type: z.literal('unsubscribe') }),
]) as z.ZodType<ClientRequest>;

/**
 * All later messages of the owner. After `farewell` the ledger is free: any program that still has work takes it over.
 */
export type OwnerMessage = ClientMessage | { readonly type: 'farewell' };

/** What the owner leaves in the data folder for its guests. */
export const ownerFileSchema = z.object({
  protocol: z.number().int(),
  /** Path of the socket, or name of the pipe on Windows. */
  socket: z.string().min(1).max(1000),
  /** Secret of this run. Whoever can read this file may be a guest. */
  secret: z.string().min(1).max(200),
  pid: z.number().int(),
  program: z.string().max(200),
});
export type OwnerFile = z.infer<typeof ownerFileSchema>;
