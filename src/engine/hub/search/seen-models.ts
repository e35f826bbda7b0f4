import { randomUUID } from 'node:crypto';
import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { repositoryIdSchema } from '../../../shared/model/catalog.ts';
import type { ListedModel } from '../models-listing.ts';

/** Models found by earlier searches, for a search without a network. */
export interface SeenModels {
  /** Adds models, and writes them to disk when things are quiet. */
  add(models: readonly ListedModel[]): void;
  /** Returns the latest first. */
  all(): Promise<readonly ListedModel[]>;
  /** Writes what is still pending, and closes. */
  close(): Promise<void>;
}

const FILE = 'seen-models.json';
const MAX_MODELS = 2000;
/** A thousand models have a few hundred kilobytes. A larger file is not ours. */
const MAX_BYTES = 8 << 20;

const text = z.string().max(200).nullable();
const number = z.number().nonnegative().nullable();
const modelSchema = z.object({
  repo: repositoryIdSchema,
  downloads: number,
  likes: number,
  updatedAt: text,
  task: text,
  library: text,
  license: text,
  gated: z.union([z.literal(false), z.enum(['auto', 'manual'])]),
  tags: z.array(z.string().max(200)).max(100),
  dtypes: z
    .array(z.tuple([z.string().max(100), z.number().nonnegative()]))
    .max(30)
    .nullable(),
  safetensorsParameters: number,
  gguf: z.object({ parameters: number, architecture: text, contextLength: number }).nullable(),
  baseModel: z.object({ id: repositoryIdSchema, relation: z.string().max(100) }).nullable(),
});

/**
 * Keeps them in a file of the data folder. It is only a convenience: one that cannot be read or written costs nothing
 * but memories of earlier searches.
 */
export function openSeenModels(dataDir: string): SeenModels {
  const file = join(dataDir, FILE);
  const seen = new Map<string, ListedModel>();
  let loading: Promise<void> | null = null;
  let writing: Promise<void> = Promise.resolve();
  let isDirty = false;
  const load = () => (loading ??= readInto(file, seen));
  const write = async (): Promise<void> => {
    await load();
    isDirty = false;
    await replaceFile(file, JSON.stringify([...seen.values()].slice(-MAX_MODELS)));
  };
  return {
    add(models) {
      for (const model of models) {
        seen.delete(model.repo);
        seen.set(model.repo, model);
      }
      for (const oldest of [...seen.keys()].slice(0, -MAX_MODELS)) seen.delete(oldest);
      if (isDirty || models.length === 0) return;
      isDirty = true;
      writing = writing.then(write);
    },
    async all() {
      await load();
      return [...seen.values()].reverse();
    },
    close: () => writing,
  };
}

/** What is in memory already is newer. */
async function readInto(file: string, seen: Map<string, ListedModel>): Promise<void> {
  try {
    if ((await stat(file)).size > MAX_BYTES) return;
    const before = z
      .array(modelSchema)
      .max(MAX_MODELS)
      .parse(JSON.parse(await readFile(file, 'utf8')));
    const now = [...seen];
    seen.clear();
    for (const [repo, model] of [...before.map((model) => [model.repo, model] as const), ...now]) {
      seen.delete(repo);
      seen.set(repo, model);
    }
  } catch {
    // Nobody has searched yet, or another program wrote the file.
  }
}

async function replaceFile(file: string, content: string): Promise<void> {
  const fresh = `${file}.${randomUUID()}`;
  try {
    await writeFile(fresh, content, { flag: 'wx', mode: 0o600 });
    await rename(fresh, file);
  } catch {
    await rm(fresh, { force: true }).catch(() => {});
  }
}
