import type { Precision } from '../model/catalog.ts';

/** Values for the placeholders of a load snippet. */
export interface SnippetValues {
  /** The snapshot folder. */
  readonly path: string;
  readonly repo: string;
  readonly variant: Precision;
}

/** The option by which `moshi_mlx` selects the precision of its weights; BF16 is its default. */
const QUANTIZE_OPTION: Readonly<Record<Precision, string>> = { bf16: '', q8: ' -q 8', q4: ' -q 4' };

/**
 * Fills a snippet of the catalog: `{path}`, `{repo}`, `{variant}` and `{quantize}` (` -q 8`, ` -q 4` or nothing).
 * Other braces are left alone.
 */
export function fillSnippet(template: string, values: SnippetValues): string {
  const known: Readonly<Record<string, string>> = {
    path: values.path,
    repo: values.repo,
    variant: values.variant,
    quantize: QUANTIZE_OPTION[values.variant],
  };
  return template.replace(/\{(path|repo|variant|quantize)\}/g, (whole, name: string) => known[name] ?? whole);
}
