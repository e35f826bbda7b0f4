import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { ERROR_CODES, type ErrorData } from '../../shared/contract/errors.ts';
import { BUILD_STATES, type BuildState, ROUNDING_RULES } from '../../shared/model/build.ts';
import { PRECISIONS } from '../../shared/model/catalog.ts';
import { parseJson } from './parse-json.ts';

/** How a build is to be done. */
const optionsSchema = z.object({
  rule: z.enum(ROUNDING_RULES),
  workers: z.number().int().min(1).max(64).nullable(),
  force: z.boolean(),
});

/** What the finished units belong to. Units of another plan are useless. */
const planSchema = z.object({
  hash: z.string(),
  file: z.string(),
  sourcePath: z.string(),
  sourceBytes: z.number(),
  outputBytes: z.number(),
  units: z.number(),
  /** SHA-256 and length of each source, in order. */
  sources: z.array(z.object({ path: z.string(), sha256: z.string(), size: z.number() })),
});

const outputsSchema = z.array(z.object({ path: z.string(), sha256: z.string(), size: z.number() }));

const errorSchema = z.object({
  code: z.enum(ERROR_CODES),
  message: z.string(),
  retryable: z.boolean(),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});

const rowSchema = z.object({
  id: z.string(),
  model: z.string().nullable(),
  variant: z.enum(PRECISIONS),
  repo: z.string(),
  commit: z.string(),
  cacheDir: z.string(),
  root: z.string(),
  options: optionsSchema,
  plan: planSchema.nullable().catch(null),
  state: z.enum(BUILD_STATES),
  reason: z.string().nullable(),
  error: errorSchema.nullable().catch(null),
  outputs: outputsSchema.nullable().catch(null),
  createdAt: z.number(),
});

/** One build as it is stored. Times are milliseconds since the epoch. */
export type BuildRow = z.infer<typeof rowSchema>;
export type BuildOptions = z.infer<typeof optionsSchema>;
/** The stored part of a plan. */
export type StoredPlan = z.infer<typeof planSchema>;
/** A file produced by a build. */
export type BuiltFile = z.infer<typeof outputsSchema>[number];

/** What must be known to add a build. */
export type NewBuild = Pick<
  BuildRow,
  'id' | 'model' | 'variant' | 'repo' | 'commit' | 'cacheDir' | 'root' | 'options' | 'createdAt'
>;

/** The tables `builds` and `build_units`. Make changes inside a transaction of the ledger. */
export function buildsTable(database: Database) {
  const all = database.prepare<[], Record<string, unknown>>(
    'SELECT * FROM builds ORDER BY created_at, rowid',
  );
  const insert = database.prepare(
    `INSERT INTO builds
       (id, model, variant, repo, commit_hash, cache_dir, root, options, state, created_at, updated_at)
     VALUES (@id, @model, @variant, @repo, @commit, @cacheDir, @root, @options, 'queued', @createdAt, @createdAt)`,
  );
  const setState = database.prepare(
    'UPDATE builds SET state = ?, reason = ?, error = ?, updated_at = ? WHERE id = ?',
  );
  const setOptions = database.prepare('UPDATE builds SET options = ? WHERE id = ?');
  const setPlan = database.prepare('UPDATE builds SET plan = ? WHERE id = ?');
  const setOutputs = database.prepare('UPDATE builds SET outputs = ? WHERE id = ?');
  const remove = database.prepare('DELETE FROM builds WHERE id = ?');
  const units = database.prepare<[string], { unit: number; digest: Buffer }>(
    'SELECT unit, digest FROM build_units WHERE build_id = ?',
  );
  const addUnit = database.prepare(
    'INSERT OR REPLACE INTO build_units (build_id, unit, digest) VALUES (?, ?, ?)',
  );
  const clearUnits = database.prepare('DELETE FROM build_units WHERE build_id = ?');
  return {
    /** Returns every readable build, oldest first. */
    list: (): BuildRow[] => all.all().flatMap(toRow),
    add: (build: NewBuild): void => void insert.run({ ...build, options: JSON.stringify(build.options) }),
    /** Stores a change of state. `atMs` counts from the epoch. */
    setState(
      id: string,
      state: BuildState,
      reason: string | null,
      error: ErrorData | null,
      atMs: number,
    ): void {
      setState.run(state, reason, error === null ? null : JSON.stringify(error), atMs, id);
    },
    setOptions: (id: string, options: BuildOptions): void => void setOptions.run(JSON.stringify(options), id),
    setPlan: (id: string, plan: StoredPlan): void => void setPlan.run(JSON.stringify(plan), id),
    /** Stores the outputs; the units are no longer needed. */
    setOutputs(id: string, outputs: readonly BuiltFile[]): void {
      setOutputs.run(JSON.stringify(outputs), id);
      clearUnits.run(id);
    },
    remove: (id: string): void => void remove.run(id),
    /** Units that are done, with what tells whether their bytes are still the same, in hex. */
    units: (id: string): Map<number, string> =>
      new Map(units.all(id).map(({ unit, digest }) => [unit, digest.toString('hex')])),
    /** Stores units that are on disk. */
    addUnits(id: string, done: Iterable<readonly [number, string]>): void {
      for (const [unit, digest] of done) addUnit.run(id, unit, Buffer.from(digest, 'hex'));
    },
    clearUnits: (id: string): void => void clearUnits.run(id),
  };
}

function toRow(raw: Record<string, unknown>): BuildRow[] {
  const json = (text: unknown) => (typeof text === 'string' ? parseJson(text) : null);
  const parsed = rowSchema.safeParse({
    id: raw.id,
    model: raw.model,
    variant: raw.variant,
    repo: raw.repo,
    commit: raw.commit_hash,
    cacheDir: raw.cache_dir,
    root: raw.root,
    options: json(raw.options),
    plan: json(raw.plan),
    state: raw.state,
    reason: raw.reason,
    error: json(raw.error),
    outputs: json(raw.outputs),
    createdAt: raw.created_at,
  });
  return parsed.success ? [parsed.data] : [];
}
