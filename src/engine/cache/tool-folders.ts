import { join, resolve } from 'node:path';
import type { Environment } from './cache-dir.ts';

/** Folders in which other programs keep models. They need not exist, and are only read. */
export interface ToolFolders {
  /** LM Studio: `<folder>/org/name/*.gguf`. */
  readonly lmStudio: readonly string[];
  /** Ollama: `<folder>/manifests/…` and `<folder>/blobs/sha256-<hex>`. */
  readonly ollama: readonly string[];
}

/**
 * Returns where LM Studio and Ollama keep models by default, and where OLLAMA_MODELS points (Ollama's FAQ; LM Studio's
 * documentation of its models directory, which was `~/.cache/lm-studio/models` until version 0.3.6).
 */
export function toolFolders(env: Environment, homedir: string): ToolFolders {
  const named = (env.OLLAMA_MODELS ?? '').trim();
  const home = homedir === '' ? [] : [homedir];
  return {
    lmStudio: home.flatMap((folder) => [
      join(folder, '.lmstudio', 'models'),
      join(folder, '.cache', 'lm-studio', 'models'),
    ]),
    ollama: [
      ...(named === '' ? [] : [resolve(named)]),
      ...home.map((folder) => join(folder, '.ollama', 'models')),
    ],
  };
}
