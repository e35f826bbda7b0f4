import { lstat, open, readdir } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import { z } from 'zod';
import { repositoryIdSchema } from '../../shared/model/catalog.ts';
import type { ElsewhereModel } from '../../shared/model/library.ts';
import { boundedMap } from './bounded-map.ts';
import type { ToolFolders } from './tool-folders.ts';

/**
 * What other programs keep on this computer, only read. LM Studio has `org/name/*.gguf`, as on the Hub; Ollama has contents by their
 * SHA-256 and small JSON files that name them. Their folders may hold anything: links are not followed, names and numbers are checked,
 * depth and count are bounded, and what is not understood is passed over.
 */

const PARALLEL_CALLS = 16;
/** Names that are looked at in one tool's folder. */
const MAX_NAMES = 20_000;
/** Ollama keeps `registry/namespace/name/tag`, LM Studio `org/name/…`. */
const MAX_DEPTH = 5;
/** A manifest has about a kilobyte. */
const MAX_MANIFEST_BYTES = 256 * 1024;
const WEIGHTS = /\.(?:gguf|safetensors)$/i;

/** What {@link findInTools} looks for. */
export interface ToolQuery {
  readonly repo: string;
  readonly paths: readonly string[];
  /** SHA-256 or git SHA-1. */
  readonly hash: string;
  readonly size: number;
}

/** Files of other tools that may be this content: of its hash by name, or of its repository, name and length. Nothing is hashed. */
export async function findInTools(
  { lmStudio, ollama }: ToolFolders,
  { repo, paths, hash, size }: ToolQuery,
): Promise<readonly string[]> {
  const byHash = hash.length === 64 ? ollama.map((folder) => join(folder, 'blobs', `sha256-${hash}`)) : [];
  const names = new Set(paths.flatMap((path) => [path, basename(path)]));
  const byName = lmStudio.flatMap((folder) => [...names].map((name) => join(folder, repo, name)));
  const found = await boundedMap([...byHash, ...byName], PARALLEL_CALLS, async (path) => {
    const there = await lstat(path).catch(() => null);
    return there?.isFile() === true && there.size === size ? path : null;
  });
  return found.filter((path) => path !== null);
}

/** The models that other tools have. Never fails: a folder that cannot be read has none. */
export async function toolModels(tools: ToolFolders): Promise<readonly ElsewhereModel[]> {
  const found = await Promise.all([...tools.lmStudio.map(lmStudioModels), ...tools.ollama.map(ollamaModels)]);
  return found.flat();
}

async function lmStudioModels(folder: string): Promise<readonly ElsewhereModel[]> {
  const models = new Map<string, { bytes: number; files: number }>();
  for (const path of await filesBelow(folder)) {
    const [org = '', name = '', ...rest] = path.split(sep);
    const repo = `${org}/${name}`;
    if (rest.length === 0 || !WEIGHTS.test(path) || !repositoryIdSchema.safeParse(repo).success) continue;
    const there = await lstat(join(folder, path)).catch(() => null);
    if (there?.isFile() !== true) continue;
    const model = models.get(repo) ?? { bytes: 0, files: 0 };
    models.set(repo, { bytes: model.bytes + there.size, files: model.files + 1 });
  }
  return Array.from(models, ([repo, { bytes, files }]) => {
    return { tool: 'lm-studio' as const, name: repo, repo, path: join(folder, repo), bytes, files };
  });
}

const manifestSchema = z.object({
  layers: z
    .array(
      z.object({
        mediaType: z.string().max(200),
        digest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
      }),
    )
    .max(100),
});
/** Layers that hold weights: the model itself, and what makes it see (Ollama, `server/images.go`). */
const WEIGHT_LAYERS: ReadonlySet<string> = new Set([
  'application/vnd.ollama.image.model',
  'application/vnd.ollama.image.projector',
]);

async function ollamaModels(folder: string): Promise<readonly ElsewhereModel[]> {
  const root = join(folder, 'manifests');
  const models = await boundedMap(await filesBelow(root), PARALLEL_CALLS, async (path) => {
    const manifest = manifestSchema.safeParse(await boundedJson(join(root, path)));
    const name = ollamaName(path.split(sep));
    if (!manifest.success || name === null) return null;
    const digests = manifest.data.layers
      .filter(({ mediaType }) => WEIGHT_LAYERS.has(mediaType))
      .map(({ digest }) => join(folder, 'blobs', digest.replace(':', '-')));
    const sizes = await Promise.all(digests.map((blob) => lstat(blob).catch(() => null)));
    // A blob that is not there, or is a link, is not a model that could be used.
    if (digests.length === 0 || sizes.some((there) => there?.isFile() !== true)) return null;
    const bytes = sizes.reduce((sum, there) => sum + (there?.size ?? 0), 0);
    return { tool: 'ollama' as const, ...name, path: digests[0] ?? root, bytes, files: digests.length };
  });
  return models.filter((model) => model !== null);
}

/** `registry.ollama.ai/library/llama3.2/latest` is `llama3.2:latest`; `hf.co/org/name/Q4_K_M` is a repository of the Hub. */
function ollamaName(
  parts: readonly string[],
): { readonly name: string; readonly repo: string | null } | null {
  const [registry = '', namespace = '', name = '', tag = '', ...more] = parts;
  const isOdd = parts.some((part) => part === '' || part.length > 200) || more.length > 0;
  if (isOdd || tag === '') return null;
  const repo = `${namespace}/${name}`;
  const isHub = registry === 'hf.co' || registry === 'huggingface.co';
  if (isHub && repositoryIdSchema.safeParse(repo).success)
    return { name: `${registry}/${repo}:${tag}`, repo };
  const short =
    registry !== 'registry.ollama.ai' ? `${registry}/${repo}` : namespace === 'library' ? name : repo;
  return { name: `${short}:${tag}`, repo: null };
}

/** Paths of regular files below a folder, as far as the bounds go. */
async function filesBelow(folder: string): Promise<readonly string[]> {
  const files: string[] = [];
  let left = MAX_NAMES;
  const walk = async (place: string, depth: number): Promise<void> => {
    if (depth > MAX_DEPTH || left <= 0) return;
    const entries = await readdir(place, { withFileTypes: true }).catch(() => []);
    left -= entries.length;
    for (const entry of entries.slice(0, MAX_NAMES)) {
      if (entry.name.startsWith('.')) continue;
      const path = join(place, entry.name);
      if (entry.isFile()) files.push(relative(folder, path));
      else if (entry.isDirectory()) await walk(path, depth + 1);
    }
  };
  await walk(folder, 0);
  return files;
}

async function boundedJson(path: string): Promise<unknown> {
  const file = await open(path, 'r').catch(() => null);
  if (file === null) return null;
  try {
    const there = await file.stat();
    if (!there.isFile() || there.size > MAX_MANIFEST_BYTES) return null;
    return JSON.parse(await file.readFile('utf8'));
  } catch {
    return null;
  } finally {
    await file.close();
  }
}
