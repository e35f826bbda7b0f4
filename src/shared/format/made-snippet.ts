import { shellQuoted } from './shell-quoted.ts';

/** What a built folder contains, as far as loading it is concerned. */
export interface MadeContent {
  readonly path: string;
  /** Paths in the folder. */
  readonly files: readonly string[];
  readonly bits: number | null;
}

/**
 * Returns the command that loads a built model, with its real paths. Null when no such command is known. Sources: moshi
 * 0.3 (`python -m moshi_mlx.local`), parakeet-mlx, mlx-lm.
 */
export function madeSnippet({ path, files, bits }: MadeContent): string | null {
  const quoted = (name: string) => shellQuoted(`${path}/${name}`);
  const weights = files.find((name) => /^model\.q[48]\.safetensors$/.test(name));
  const mimi = files.find((name) => /^tokenizer-.*\.safetensors$/.test(name));
  const texts = files.find((name) => /^tokenizer_spm.*\.model$/.test(name));
  if (weights && mimi && texts) {
    return (
      `python -m moshi_mlx.local -q ${bits} --moshi-weight ${quoted(weights)} ` +
      `--mimi-weight ${quoted(mimi)} --tokenizer ${quoted(texts)}`
    );
  }
  if (weights) return null;
  if (bits === null) return `parakeet-mlx --model ${shellQuoted(path)} speech.wav`;
  return `mlx_lm.generate --model ${shellQuoted(path)} --prompt "Hello"`;
}
