import { isAbsolute } from 'node:path';
import { z } from 'zod';
import { type AddDownload, addDownloadSchema } from '../../shared/contract/commands.ts';
import { ERROR_CODES, type ErrorData } from '../../shared/contract/errors.ts';
import { DOWNLOAD_STATES, type DownloadState } from '../../shared/model/download.ts';
import { repositorySchema } from '../../shared/model/repository.ts';
import type { DownloadRow } from './download-row.ts';
import { parseJson } from './parse-json.ts';

/** One row of `downloads` as returned by SQLite. STRICT tables guarantee the types of columns, not their values. */
export interface RawDownload {
  readonly id: string;
  readonly position: number;
  readonly repo: string;
  readonly revision: string;
  readonly commit_hash: string | null;
  readonly model: string | null;
  readonly variant: string | null;
  readonly endpoint: string;
  readonly cache_dir: string;
  readonly state: string;
  readonly reason: string | null;
  readonly error: string | null;
  readonly options: string;
  readonly active_ms: number;
  readonly downloaded_bytes: number;
  readonly rescued_bytes: number;
  readonly wasted_bytes: number;
  readonly retries: number;
  readonly after_last_byte_ms: number;
  readonly created_at: number;
}

const DAMAGED_OPTIONS =
  'What was asked for can’t be read from Haulyard’s download record. Resume to download the whole repository.';
const DAMAGED_STATE = 'Its state can’t be read from Haulyard’s download record. Resume to continue.';

const stateSchema = z.enum(DOWNLOAD_STATES);
/** A repository from before organizations, such as `gpt2`. */
const legacyIdSchema = z.string().regex(/^(?!.*(?:\.\.|--))[A-Za-z0-9_][\w.-]{0,95}$/);
const repoSchema = z.union([repositorySchema, legacyIdSchema]);
const commitSchema = z.string().regex(/^[0-9a-f]{40}$/);
const countSchema = z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER).catch(0);
const errorSchema = z.object({
  code: z.enum(ERROR_CODES),
  message: z.string(),
  retryable: z.boolean(),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).catch({}),
});

/**
 * Returns a row as the program may use it, or null for one that names no repository or no folder. Repairs what it can:
 * a download whose request or state is unreadable is paused with an explanation, so that nothing is fetched unasked.
 */
export function readDownload(raw: RawDownload): DownloadRow | null {
  if (!repoSchema.safeParse(raw.repo).success || !isAbsolute(raw.cache_dir)) return null;
  const error = readError(raw.error);
  return {
    id: raw.id,
    position: raw.position,
    repo: raw.repo,
    revision: raw.revision,
    commit: commitSchema.safeParse(raw.commit_hash).data ?? null,
    model: raw.model,
    variant: raw.variant,
    endpoint: raw.endpoint,
    cacheDir: raw.cache_dir,
    error,
    ...readWish(raw),
    activeMs: countSchema.parse(raw.active_ms),
    downloadedBytes: countSchema.parse(raw.downloaded_bytes),
    rescuedBytes: countSchema.parse(raw.rescued_bytes),
    wastedBytes: countSchema.parse(raw.wasted_bytes),
    retries: countSchema.parse(raw.retries),
    afterLastByteMs: countSchema.parse(raw.after_last_byte_ms),
    createdAt: raw.created_at,
  };
}

function readWish(raw: RawDownload): {
  readonly options: AddDownload;
  readonly state: DownloadState;
  readonly reason: string | null;
} {
  const options = addDownloadSchema.safeParse(parseJson(raw.options));
  const state = stateSchema.safeParse(raw.state);
  if (options.success && state.success)
    return { options: options.data, state: state.data, reason: raw.reason };
  const wish = options.data ?? addDownloadSchema.parse({ reference: raw.repo });
  // What is done stays done, whatever was requested.
  if (state.data === 'ready') return { options: wish, state: 'ready', reason: raw.reason };
  return { options: wish, state: 'paused', reason: options.success ? DAMAGED_STATE : DAMAGED_OPTIONS };
}

function readError(text: string | null): ErrorData | null {
  return text === null ? null : (errorSchema.safeParse(parseJson(text)).data ?? null);
}
