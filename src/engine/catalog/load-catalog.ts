import { open } from 'node:fs/promises';
import { AppError } from '../../shared/contract/errors.ts';
import { type Catalog, catalogSchema } from '../../shared/model/catalog.ts';

/** Largest catalog file that is read, in bytes. A catalog of a thousand models stays far below. */
const MAX_CATALOG_BYTES = 4 * 2 ** 20;

/** The first id that occurs twice, or undefined. */
function firstDuplicate(ids: readonly string[]): string | undefined {
  return ids.find((id, index) => ids.indexOf(id) !== index);
}

/** What the schema cannot say: ids are unique. A sentence, or null when all is well. */
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
  const message = `The catalog ${file} cannot be used: ${problem}. Nothing was changed; correct the file or name another one.`;
  return new AppError('BadRequest', message, { details: { file }, cause });
}

/**
 * Checks the text of a catalog.
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
    if (signal?.aborted) throw new AppError('Cancelled', 'Reading the catalog was cancelled.');
    throw notACatalog(file, readProblem(error), error);
  }
  return parseCatalog(text, file);
}
