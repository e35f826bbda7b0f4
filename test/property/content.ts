import { createHash } from 'node:crypto';
import { readAll } from '../hub/content/content.ts';
import { contentOf } from '../hub/content/source.ts';
import type { FileDeclaration, RepositoryDeclaration } from '../hub/repositories/declaration.ts';
import { pathOf } from './hub-faults.ts';
import type { Scenario } from './scenario.ts';

export const REPO = 'org/random';

/** A file as it must be on disk in the end. */
export interface RightFile {
  readonly path: string;
  readonly bytes: Buffer;
  /** SHA-256 of an LFS file, git's SHA-1 of any other. */
  readonly hash: string;
}

/** The repository of a scenario. */
export function repositoryOf({ files }: Scenario): RepositoryDeclaration {
  return { id: REPO, files: files.map(declared) };
}

/** What must be on disk in the end. */
export function rightFiles({ files }: Scenario): Promise<readonly RightFile[]> {
  return Promise.all(
    files.map(async (file, index) => {
      const bytes = await readAll(contentOf(declared(file, index)));
      return { path: pathOf(index), bytes, hash: file.lfs ? sha256(bytes) : gitSha1(bytes) };
    }),
  );
}

export function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function gitSha1(bytes: Buffer): string {
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

function declared({ size, seed, lfs }: Scenario['files'][number], index: number): FileDeclaration {
  return { path: pathOf(index), kind: 'seeded', size, seed: `content ${seed}`, format: 'binary', lfs };
}
