import { open, stat } from 'node:fs/promises';
import { AppError } from '../../shared/contract/errors.ts';
import { type Catalog, catalogSchema } from '../../shared/model/catalog.ts';

/** Largest catalog file that is read, in bytes. A catalog of a thousand models stays far below. */
const MAX_CATALOG_BYTES = 4 * 2 ** 20;

/** Returns the first duplicate id, or undefined. */
function firstDuplicate(ids: readonly string[]): string | undefined {
  const seen = new Set<string>();
  return ids.find((id) => seen.size === seen.add(id).size);
}

/** Checks what the schema cannot express: unique ids. Returns a sentence, or null when all is well. */
function duplicateProblem(catalog: Catalog): string | null {
  const model = firstDuplicate(catalog.models.map(({ id }) => id));
  if (model !== undefined) return `two models have the id "${model}"`;
  for (const { id, variants } of catalog.models) {
    const variant = firstDuplicate(variants.map((each) => each.id));
    if (variant !== undefined) return `model "${id}" has the variant "${variant}" twice`;
  }
  return null;
}

function notACatalog(file: string, problem: string, cause?: unknown): AppError {
  const message = `The catalog ${file} can’t be used: ${problem}. Nothing was changed. Correct the file, or choose another one.`;
  return new AppError('BadRequest', message, { details: { file }, cause });
}

/**
 * The longest lists that are checked: a schema reports an issue for each bad entry, and a small file may have a
 * million.
 */
const MAX_MODELS = 1000;
const MAX_VARIANTS = 50;
const MAX_PINS = 10_000;

function requireBounds(data: unknown, file: string): void {
  const models = listAt(data, 'models');
  const variants = models.slice(0, MAX_MODELS).map((model) => listAt(model, 'variants'));
  const lists = variants.flatMap((list) => list.slice(0, MAX_VARIANTS));
  const patterns = ['pins', 'include', 'exclude'].flatMap((key) =>
    lists.map((variant) => listAt(variant, key)),
  );
  const isTooLong =
    models.length > MAX_MODELS ||
    variants.some((list) => list.length > MAX_VARIANTS) ||
    patterns.reduce((sum, list) => sum + list.length, 0) > MAX_PINS;
  if (isTooLong) throw notACatalog(file, 'its lists are longer than those of any catalog');
  // The first bad model ends it.
  const bad = models.find((model) => typeof model !== 'object' || model === null);
  if (bad !== undefined) throw notACatalog(file, 'an entry of its models is no model');
}

function listAt(value: unknown, key: string): readonly unknown[] {
  const list = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
  return Array.isArray(list) ? list : [];
}

/**
 * Parses and checks the text of a catalog.
 * @param file name for messages
 * @throws AppError BadRequest, with the file and the first problem
 */
export function parseCatalog(text: string, file: string): Catalog {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    throw notACatalog(file, 'it is not JSON', error);
  }
  requireBounds(data, file);
  const parsed = catalogSchema.safeParse(data);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const place = issue?.path.length ? issue.path.join('.') : 'the top level';
    throw notACatalog(file, `at ${place}: ${issue?.message ?? 'not the format of a catalog'}`, parsed.error);
  }
  const duplicate = duplicateProblem(parsed.data);
  if (duplicate !== null) throw notACatalog(file, duplicate);
  return parsed.data;
}

const READ_PROBLEMS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'it may not be read',
  EPERM: 'it may not be read',
  EISDIR: 'it is a folder',
};

function readProblem(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return READ_PROBLEMS[code] ?? 'it could not be read';
}

async function readText(file: string, signal: AbortSignal | undefined): Promise<string> {
  // Opening a pipe blocks until somebody writes to it.
  const kind = await stat(file);
  if (!kind.isFile() && !kind.isDirectory()) throw notACatalog(file, 'it is not a regular file');
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    if (size > MAX_CATALOG_BYTES) throw notACatalog(file, 'it is larger than 4 MiB, which no catalog is');
    return await handle.readFile({ encoding: 'utf8', signal });
  } finally {
    await handle.close();
  }
}

/**
 * Reads a catalog (`resources/catalog.json`, or the file given with `--catalog`).
 * @throws AppError BadRequest when the file is missing, unreadable, or not a catalog; Cancelled when `signal` fires
 */
export async function loadCatalog(file: string, signal?: AbortSignal): Promise<Catalog> {
  let text: string;
  try {
    text = await readText(file, signal);
  } catch (error) {
    if (error instanceof AppError) throw error;
    if (signal?.aborted) throw new AppError('Cancelled', 'Reading the catalog was canceled.');
    throw notACatalog(file, readProblem(error), error);
  }
  return parseCatalog(text, file);
}
