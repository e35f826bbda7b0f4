import { z } from 'zod';
import { ERROR_CODES } from '../../src/shared/contract/errors.ts';
import { BUILD_STATES, ROUNDING_RULES } from '../../src/shared/model/build.ts';
import { DOWNLOAD_STATES } from '../../src/shared/model/download.ts';
import { WEIGHT_FORMATS } from '../../src/shared/model/search.ts';
import { PRUNE_KINDS } from '../../src/shared/model/upkeep.ts';
import { TROUBLES, WAIT_REASONS } from '../../src/shared/model/wait.ts';

/**
 * What `--json` prints, for other programs: `docs/json-output.schema.json` is made from it, and tests hold what the command line
 * prints against it. Shapes are strict here, so that a field that nobody described is found; the published schema lets readers
 * of an older version see fields of a newer one.
 */

const bytes = z.int().nonnegative().describe('bytes');
const count = z.int().nonnegative();
const speed = z.number().nonnegative().describe('bytes per second');
const time = z.iso.datetime().describe('ISO 8601, UTC');
const fileHash = z.string().regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/);
const commit = z.string().regex(/^[0-9a-f]{40}$/);
const code = z.enum(ERROR_CODES);
const details = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
const algorithm = z.enum(['sha256', 'git-sha1']);
const sentence = z.string().min(1);

/** Who brings bytes of a download; `bytes` since the engine started. */
const source = {
  kind: z.enum(['hub', 'xet', 'peer']),
  host: z.string(),
  name: z.string().describe('what people call a peer').optional(),
  bytes,
};

const wait = z.strictObject({
  reason: z.enum(WAIT_REASONS),
  code: code.optional(),
  trouble: z.enum(TROUBLES).optional(),
  host: z.string().optional(),
  attempt: count.optional(),
  retryAt: time.optional(),
  silentMs: z.number().optional(),
  missingBytes: bytes.optional(),
  freeBytes: bytes.optional(),
  download: z.string().optional(),
});

const common = { time, download: z.string().describe('id of the download') };

/** Lines of `download --json` and `resume --json`. */
const downloadEvents = [
  z.strictObject({
    event: z.literal('resolved'),
    ...common,
    repo: z.string(),
    commit,
    files: z.array(
      z.strictObject({ path: z.string(), size: bytes, hash: fileHash, algorithm, chunks: count }),
    ),
    totalBytes: bytes,
    presentBytes: bytes,
  }),
  z.strictObject({
    event: z.literal('rescued'),
    ...common,
    path: z.string(),
    bytes,
    fileBytes: bytes,
    chunks: count,
    source: z.enum(['ledger', 'cache', 'partial', 'similar', 'peer']),
  }),
  z.strictObject({
    event: z.literal('progress'),
    ...common,
    state: z.enum(DOWNLOAD_STATES),
    reason: sentence.optional(),
    waitReason: z.enum(WAIT_REASONS).optional(),
    wait: wait.optional(),
    retryAt: time.optional(),
    receivedBytes: bytes,
    verifiedBytes: bytes,
    totalBytes: bytes,
    bytesPerSecond: speed,
    etaSeconds: count.nullable(),
    chunksDone: count,
    chunksTotal: count,
    streams: count,
    sources: z.array(z.strictObject({ ...source, bytesPerSecond: speed })).optional(),
  }),
  z.strictObject({
    event: z.literal('verifying'),
    ...common,
    path: z.string(),
    seconds: count,
    hashedBytes: bytes,
    totalBytes: bytes,
  }),
  z.strictObject({
    event: z.literal('retry'),
    ...common,
    path: z.string(),
    chunk: count,
    attempt: count,
    code,
    message: sentence,
    details: details.optional(),
    delayMs: z.number().nonnegative(),
  }),
  z.strictObject({
    event: z.literal('judged'),
    ...common,
    path: z.string(),
    pieces: count,
    proved: count,
    bad: count,
    unproved: count,
    bytes,
    badBytes: bytes,
    method: z.enum(['terms', 'nodes', 'xorbs', 'chunks']).nullable(),
    arrived: z.boolean(),
    damagedPieces: count,
  }),
  z.strictObject({ event: z.literal('repaired'), ...common, path: z.string(), chunk: count, bytes }),
  z.strictObject({
    event: z.literal('done'),
    ...common,
    snapshot: z.string(),
    files: z.array(
      z.strictObject({
        path: z.string(),
        blob: z.string(),
        size: bytes,
        hash: fileHash,
        check: z.enum(['hashed', 'recorded', 'none']),
        checkedAt: time.optional(),
      }),
    ),
    sources: z.array(z.strictObject(source)).optional(),
    stats: z.strictObject({
      seconds: z.number(),
      downloadedBytes: bytes,
      rescuedBytes: bytes,
      wastedBytes: bytes,
      retries: count,
      secondsAfterLastByte: z.number(),
    }),
    warnings: z.array(sentence).optional(),
    asOf: time.optional(),
  }),
  z.strictObject({
    event: z.literal('failed'),
    ...common,
    code,
    message: sentence,
    details: details.optional(),
    retryable: z.boolean(),
  }),
  z.strictObject({ event: z.literal('stopped'), ...common, safeBytes: bytes, resume: z.string() }),
] as const;

const ofFile = { path: z.string(), size: bytes };

const status = z.strictObject({
  builds: z.array(z.looseObject({ id: z.string(), state: z.enum(BUILD_STATES) })),
  downloads: z.array(
    z.strictObject({
      id: z.string(),
      repo: z.string(),
      commit: commit.nullable(),
      variant: z.string().nullable(),
      state: z.enum(DOWNLOAD_STATES),
      reason: sentence.nullable(),
      files: z.array(
        z.strictObject({
          ...ofFile,
          receivedBytes: bytes,
          verifiedBytes: bytes,
          chunksDone: count,
          chunksTotal: count,
        }),
      ),
    }),
  ),
});

const found = { bytes, files: count, complete: z.boolean(), path: z.string() };
const list = z.strictObject({
  models: z.array(
    z.union([
      z.strictObject({
        repo: z.string(),
        commit,
        ...found,
        verifiedAt: time.nullable(),
        verifiedOk: z.boolean().nullable(),
      }),
      z.strictObject({
        repo: z.string(),
        commit,
        variant: z.string(),
        ...found,
        madeHere: z.literal(true),
        from: z.strictObject({ repo: z.string(), commit, sha256: fileHash }),
        madeAt: time,
        recipe: z.string(),
        rule: z.enum(ROUNDING_RULES),
        file: z.string(),
      }),
    ]),
  ),
  elsewhere: z
    .array(
      z.strictObject({
        tool: z.enum(['cache', 'lm-studio', 'ollama']),
        name: z.string(),
        repo: z.string().nullable(),
        path: z.string(),
        bytes,
        files: count,
      }),
    )
    .describe('in other cache folders, and in those of LM Studio and Ollama; only read'),
  partials: z.array(
    z.strictObject({ repo: z.string(), path: z.string(), bytes, download: z.string().nullable() }),
  ),
});

const verify = z.strictObject({
  files: z.array(
    z.strictObject({
      path: z.string(),
      ok: z.boolean().nullable(),
      expected: z.string(),
      actual: z.string(),
      badChunks: z.array(count),
      badParts: z.array(z.strictObject({ start: bytes, end: bytes })).optional(),
      checkedAt: time,
    }),
  ),
  ok: z.boolean().nullable(),
  uncheckedBecause: sentence.optional(),
});

const fit = z.enum(['runs-well', 'tight', 'may-stutter', 'wont-fit']);
const verdict = z.enum(['runs-well', 'tight', 'may-stutter', 'wont-fit', 'fits', 'needs-apple-silicon']);

const search = z.strictObject({
  offline: z.boolean().describe('no server was asked'),
  models: z.array(
    z.strictObject({
      id: z.string(),
      downloads: count.nullable(),
      likes: count.nullable(),
      updated: time.nullable(),
      task: z.string().nullable(),
      license: z.string().nullable(),
      gated: z.union([z.literal(false), z.enum(['auto', 'manual'])]),
      format: z.enum(WEIGHT_FORMATS),
      precision: z.string().nullable(),
      parameters: count.nullable(),
      bytes: bytes.nullable(),
      approximate: z.boolean().describe('`bytes` is an estimate'),
      baseModel: z.string().nullable(),
      fit: z
        .enum(['runs-well', 'fits', 'tight', 'may-stutter', 'wont-fit', 'needs-apple-silicon'])
        .nullable(),
      estimated: z.boolean().describe('`fit` is an estimate'),
      neededBytes: bytes.nullable(),
      reasons: z.array(sentence),
      here: z.enum(['whole', 'partly']).nullable(),
    }),
  ),
});

const login = z.strictObject({ account: z.string(), path: z.string() });
const logout = z.strictObject({ removed: z.boolean(), path: z.string(), source: z.string().nullable() });
const whoami = z.strictObject({ account: z.string(), source: z.string(), endpoint: z.string() });

const hardware = z.strictObject({
  chip: z.string(),
  memoryBytes: bytes,
  budgetBytes: bytes,
  bandwidthGBps: z.number().nullable(),
  models: z.array(
    z.strictObject({
      model: z.string(),
      recommended: z.string(),
      variants: z.array(
        z.strictObject({
          variant: z.string(),
          fit,
          verdict,
          neededBytes: bytes,
          reasons: z.array(sentence),
        }),
      ),
    }),
  ),
});

const catalog = z.strictObject({
  models: z.array(
    z.strictObject({
      id: z.string(),
      name: z.string(),
      summary: z.string(),
      license: z.string(),
      recommended: z.string().nullable(),
      variants: z.array(
        z.strictObject({
          variant: z.string(),
          repo: z.string(),
          revision: z.string(),
          bytes,
          approximate: z.boolean(),
          fit: fit.nullable(),
        }),
      ),
    }),
  ),
});

const plan = z.strictObject({
  repo: z.string(),
  revision: z.string(),
  commit,
  model: z.string().nullable(),
  variant: z.string().nullable(),
  files: z.array(
    z.strictObject({
      ...ofFile,
      hash: fileHash,
      algorithm,
      chunks: count,
      present: z.boolean(),
      presentBytes: bytes,
    }),
  ),
  totalBytes: bytes,
  presentBytes: bytes,
  neededBytes: bytes,
  freeBytes: bytes.nullable(),
  reserveBytes: bytes,
});

const doctor = z.strictObject({
  ok: z.boolean(),
  versions: z.record(z.string(), z.string()),
  paths: z.record(z.string(), z.string()),
  checks: z.array(z.strictObject({ name: z.string(), ok: z.boolean(), message: z.string() })),
});

const error = z.strictObject({ code, message: sentence, retryable: z.boolean() });
const removed = z.strictObject({ repo: z.string(), freedBytes: bytes, removedSnapshots: count });

const removeSeveral = z.strictObject({
  removed: z.array(removed),
  failed: z.array(z.strictObject({ reference: z.string(), error })),
  freedBytes: bytes,
});

const prune = z.strictObject({
  dryRun: z.boolean().describe('nothing was removed'),
  items: z.array(
    z.strictObject({
      kind: z.enum(PRUNE_KINDS),
      repo: z.string(),
      commit: commit.nullable().describe('of a revision'),
      path: z.string(),
      bytes,
    }),
  ),
  freedBytes: bytes.describe('with `dryRun`, what would be freed'),
  failed: z.array(z.strictObject({ path: z.string(), error })),
});

const outdated = z.strictObject({
  models: z.array(
    z.strictObject({
      repo: z.string(),
      revision: z.string(),
      commit,
      latestCommit: commit.nullable(),
      updatedAt: time.nullable(),
      outdated: z.boolean(),
      changes: z.array(
        z.strictObject({ path: z.string(), change: z.enum(['added', 'changed', 'removed']), size: bytes }),
      ),
      downloadBytes: bytes,
      error: error.nullable(),
    }),
  ),
});

/** Lines of `serve --json`. */
const serveEvents = [
  z.strictObject({
    event: z.literal('serving'),
    time,
    urls: z.array(z.url()),
    secret: z.string().describe('when it was made just now').optional(),
    models: z.array(
      z.strictObject({ repo: z.string(), commits: z.array(z.strictObject({ commit, files: count })) }),
    ),
    bytes,
    notShared: z.array(z.string()).describe('models of the cache that are not public, or were not checked'),
  }),
  z.strictObject({
    event: z.literal('request'),
    time,
    client: z.string().describe('address'),
    method: z.string(),
    target: z.string().describe('as it came, cut after 300 characters'),
    status: z.int().nullable().describe('null when the connection ended before an answer'),
    bytes,
    milliseconds: count,
    isWhole: z.boolean().describe('false when the connection ended before the answer did'),
    userAgent: z.string(),
  }),
] as const;

/** One line of standard output of a command, by the name that the schema gives it. */
export const SHAPES = {
  error: z.strictObject({ error }),
  'download event': z.discriminatedUnion('event', downloadEvents),
  'download --dry-run': plan,
  status,
  resume: z.strictObject({ resumed: z.array(z.string()) }),
  cancel: z.strictObject({ cancelled: z.string(), keptPartial: z.boolean() }),
  list,
  verify,
  remove: removed,
  'remove of several': removeSeveral,
  prune,
  relocate: z.strictObject({ repo: z.string(), from: z.string(), to: z.string(), bytes }),
  outdated,
  'update of nothing': z.strictObject({ updated: z.array(z.string()) }),
  path: z.strictObject({ path: z.string() }),
  hardware,
  search,
  login,
  logout,
  whoami,
  catalog,
  doctor,
  serve: z.discriminatedUnion('event', serveEvents),
} as const;
