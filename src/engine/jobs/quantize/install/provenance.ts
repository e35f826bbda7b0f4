import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../../../shared/contract/errors.ts';
import { ROUNDING_RULES } from '../../../../shared/model/build.ts';
import { PRECISIONS, repositoryIdSchema } from '../../../../shared/model/catalog.ts';
import { checkFilePath } from '../../../../shared/model/file-path.ts';
import { onDisk } from '../../../errors/cache-error.ts';

/** Name of the file that records where a folder comes from. */
export const PROVENANCE_FILE = 'haulyard.json';
/** Far above what is ever written; a larger file is not ours. */
const MAX_BYTES = 4_000_000;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const size = z.number().int().nonnegative();
/** A path inside the folder, safe to read and to remove. */
const path = z.string().refine((text) => {
  try {
    checkFilePath(text);
    return true;
  } catch {
    return false;
  }
}, 'not a path inside the folder');

const outputSchema = z.object({ path, size, sha256, tensors: z.number().int().nonnegative() });
const sourceSchema = z.object({ path, size, sha256 });

/** `haulyard.json`: what this is, what it was built from, and how it was built and checked. */
export const provenanceSchema = z.object({
  format: z.literal(1),
  tool: z.string().max(200),
  madeAt: z.iso.datetime(),
  variant: z.enum(PRECISIONS),
  source: sourceSchema.extend({ repo: repositoryIdSchema, commit: z.string().regex(/^[0-9a-f]{40}$/) }),
  /** All source files, when there are several. */
  sources: z.array(sourceSchema).optional(),
  recipe: z.object({
    id: z.string().max(100),
    version: z.number().int(),
    rule: z.enum(ROUNDING_RULES),
    bits: z.number().int().nullable(),
    groupSize: z.number().int().nullable(),
    arithmetic: z.literal('float32'),
  }),
  output: outputSchema,
  /** All files of weights, when there are several. */
  outputs: z.array(outputSchema).optional(),
  companions: z.array(z.object({ path, size, sha256, from: z.string().max(400) })),
  /** Small files that programs read and that were rewritten, such as `config.json`. */
  written: z.array(z.object({ path, size, sha256 })).default([]),
  check: z.object({
    units: z.number().int(),
    recomputed: z.number().int(),
    worstErrorInSteps: z.number(),
  }),
  license: z.string().max(200).nullable(),
});
export type Provenance = z.infer<typeof provenanceSchema>;

/** Returns every file of a built model that has a hash. */
export function madeFiles({ output, outputs, companions, written }: Provenance): ReadonlyArray<{
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
}> {
  return [...(outputs ?? [output]), ...companions, ...written];
}

/** Reads `haulyard.json` of a folder. Throws `NotFound` when there is none, `BadRequest` when it is not what we write. */
export async function readProvenance(folder: string): Promise<Provenance> {
  const file = join(folder, PROVENANCE_FILE);
  const text = await onDisk('reading', file, async () => {
    const there = await lstat(file).catch(() => null);
    if (there === null) throw new AppError('NotFound', `${folder} has no ${PROVENANCE_FILE}.`);
    return there.isFile() && there.size <= MAX_BYTES ? readFile(file, 'utf8') : '';
  });
  const parsed = provenanceSchema.safeParse(jsonOf(text));
  if (parsed.success) return parsed.data;
  throw new AppError('BadRequest', `${file} isn’t what Haulyard writes there.`, { details: { path: file } });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
