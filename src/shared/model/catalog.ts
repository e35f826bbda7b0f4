import { z } from 'zod';

/** Precision of the weights of a variant, as users choose it. */
export const PRECISIONS = ['bf16', 'q8', 'q4'] as const;
export type Precision = (typeof PRECISIONS)[number];

const hexOf = (length: number) => z.string().regex(new RegExp(`^[0-9a-f]{${length}}$`));

/** `org/name`. Letters, digits, `.`, `_` and `-`, as the Hub allows them; no path tricks. */
export const repositoryIdSchema = z
  .string()
  .max(200)
  .regex(/^[A-Za-z0-9][\w.-]*\/[A-Za-z0-9_][\w.-]*$/)
  .refine((id) => !id.includes('..') && !id.includes('--'), 'not a repository id');

/** A file that the catalog knows beforehand. A pin that the Hub contradicts is shown, never silently accepted. */
export const filePinSchema = z.object({
  path: z.string().min(1),
  size: z.number().int().nonnegative().optional(),
  sha256: hexOf(64).optional(),
});

/** How a variant is built from another one on disk. */
export const makeableSchema = z.object({
  /** The variant that it is built from. */
  from: z.enum(PRECISIONS),
  /** Id of the recipe, such as `mlx-affine-4-32`. */
  recipe: z.string().min(1).max(100),
  /** Bytes of the resulting weights, shown before anything is planned. */
  outputBytes: z.number().int().positive(),
  /** Expected SHA-256 of the file, by rounding rule; absent until somebody has built it from the pinned source. */
  outputSha256: z.object({ metal: hexOf(64).optional(), cpu: hexOf(64).optional() }).optional(),
});

export const variantSchema = z.object({
  id: z.enum(PRECISIONS),
  repo: repositoryIdSchema,
  /** Branch, tag or commit to request. */
  revision: z.string().min(1).default('main'),
  /** Glob patterns of the files that make up the variant; all files when empty. */
  include: z.array(z.string()).default([]),
  exclude: z.array(z.string()).default([]),
  /** Expected download in bytes, shown before the Hub is asked. */
  bytes: z.number().int().positive(),
  /** True when `bytes` is an estimate and not a sum of pinned sizes. */
  approximate: z.boolean().default(false),
  /** Memory needed to run: weights and working set, in bytes. */
  neededBytes: z.number().int().positive(),
  /** Bytes of weights read for each step of a real-time model; null when speed does not matter. */
  bytesPerStep: z.number().int().positive().nullable().default(null),
  pins: z.array(filePinSchema).default([]),
  /** How its weights are stored if that differs from its name: Parakeet's are F32 and run as BF16. */
  storedAs: z.string().max(20).optional(),
  makeable: makeableSchema.optional(),
});

export const modelSchema = z.object({
  id: z.string().regex(/^[a-z0-9][a-z0-9.-]*$/),
  name: z.string().min(1),
  summary: z.string().min(1),
  license: z.string().min(1),
  /** What the weights are made for; MLX runs on Apple silicon only. Absent when it runs everywhere. */
  runtime: z.enum(['mlx']).optional(),
  /** Steps per second that a real-time model must make; null otherwise. Moshi: 12.5 (Mimi frame rate). */
  stepsPerSecond: z.number().positive().nullable().default(null),
  /** Load snippets to copy; `{path}` stands for the snapshot folder and `{repo}` for the repository. */
  snippets: z.object({ python: z.string().optional(), cli: z.string().optional() }).default({}),
  variants: z.array(variantSchema).min(1),
});

/** The format of `resources/catalog.json` and of `--catalog FILE`. */
export const catalogSchema = z.object({ version: z.literal(1), models: z.array(modelSchema).min(1) });

export type FilePin = z.infer<typeof filePinSchema>;
export type CatalogVariant = z.infer<typeof variantSchema>;
export type CatalogModel = z.infer<typeof modelSchema>;
export type Catalog = z.infer<typeof catalogSchema>;
