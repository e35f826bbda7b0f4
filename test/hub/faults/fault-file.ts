import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { AppError } from '../../../src/shared/contract/errors.ts';
import type { Fault } from './fault.ts';

const wait = z.union([z.number().nonnegative(), z.literal('forever')]);
const bytes = z.number().int().nonnegative();

const matchSchema = z.strictObject({
  origin: z.enum(['hub', 'cdn']).optional(),
  method: z.string().optional(),
  path: z.string().optional(),
  /** A regular expression for the path; the path itself goes into `path`. */
  pathPattern: z.string().optional(),
  repo: z.string().optional(),
  file: z.string().optional(),
  rangeStart: bytes.optional(),
  covers: bytes.optional(),
  nth: z.number().int().positive().optional(),
});

const faultSchema = z.strictObject({
  match: matchSchema.optional(),
  times: z.union([z.number().int().positive(), z.literal('forever')]).optional(),
  stallBeforeHeaders: wait.optional(),
  stallAfterHeaders: wait.optional(),
  stallAfterBytes: z.strictObject({ bytes, ms: wait }).optional(),
  cutAfterBytes: z.strictObject({ bytes, reset: z.boolean().optional() }).optional(),
  cutBeforeHeaders: z.boolean().optional(),
  dribble: z.number().positive().optional(),
  answer: z
    .strictObject({
      status: z.number().int().min(200).max(599),
      headers: z.record(z.string(), z.string()).optional(),
      body: z.string().optional(),
    })
    .optional(),
  redirectLoop: z.boolean().optional(),
  wholeBodyForRange: z.boolean().optional(),
  shiftContentRange: z.number().int().optional(),
  wrongTotal: bytes.optional(),
  refuseRange: z.boolean().optional(),
  gzipBody: z.boolean().optional(),
  shortBody: z.strictObject({ bytes, contentLength: z.enum(['right', 'short']) }).optional(),
  flipBytes: z.array(bytes).optional(),
  expireUrl: z.boolean().optional(),
  announce: z
    .strictObject({ file: z.string(), sha256: z.string().optional(), size: bytes.optional() })
    .optional(),
  moveBranch: z.strictObject({ repo: z.string(), branch: z.string(), commit: z.string() }).optional(),
  headers: z.record(z.string(), z.string().nullable()).optional(),
});

/**
 * Reads faults from a JSON file: an array of the objects that `faults.add` takes, with `pathPattern` for a regular
 * expression and `"forever"` for `times` without end. Throws `BadRequest` when the file cannot be read or is wrong.
 */
export async function readFaultFile(file: string): Promise<Fault[]> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new AppError('BadRequest', `The fault file ${file} cannot be read.`, { cause });
  });
  return parseFaults(text, file);
}

/** Reads faults from JSON text; `name` is how messages call it. */
export function parseFaults(text: string, name: string): Fault[] {
  const parsed = z.array(faultSchema).safeParse(parseJson(text, name));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const place = issue === undefined ? '' : ` at ${issue.path.join('.') || 'the top'}: ${issue.message}`;
    throw new AppError('BadRequest', `The fault file ${name} is wrong${place}.`);
  }
  return parsed.data.map(({ match, times, ...actions }) => {
    const fault = {
      ...actions,
      match: matchOf(match),
      times: times === 'forever' ? Number.POSITIVE_INFINITY : times,
    };
    return Object.fromEntries(Object.entries(fault).filter(([, value]) => value !== undefined)) as Fault;
  });
}

function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError('BadRequest', `The fault file ${name} is not JSON.`, { cause });
  }
}

function matchOf(match: z.infer<typeof matchSchema> | undefined) {
  if (match === undefined) return undefined;
  const { pathPattern, ...rest } = match;
  return pathPattern === undefined ? rest : { ...rest, path: new RegExp(pathPattern) };
}
