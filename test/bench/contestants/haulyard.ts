import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Contestant, Target } from './contestant.ts';

/** The built command line. */
export const HAULYARD_CLI = fileURLToPath(new URL('../../../out/cli/index.js', import.meta.url));

/** The row that all others are compared with. */
export const REFERENCE = 'haulyard auto';

/** Haulyard with a profile. Its checks are on, as always: there is no way to turn them off. */
export function haulyard(profile: 'auto' | 'fast' | 'weak' | 'very-weak'): Contestant {
  return {
    name: `haulyard ${profile}`,
    verifies: true,
    needs: [],
    argv: (target) => haulyardArgv(target, ['--profile', profile]),
  };
}

/** Haulyard with a fixed number of streams. */
export function haulyardStreams(count: number): Contestant {
  return {
    name: `haulyard, ${count} stream${count === 1 ? '' : 's'}`,
    verifies: true,
    needs: [],
    argv: (target) => haulyardArgv(target, ['--workers', String(count)]),
  };
}

/** The arguments of a download into the target's folder. `nodeOptions` go before the program. */
export function haulyardArgv(
  target: Pick<Target, 'hubUrl' | 'repo' | 'folder' | 'pieceBytes'>,
  options: readonly string[],
  nodeOptions: readonly string[] = [],
): readonly string[] {
  const { hubUrl, repo, folder, pieceBytes } = target;
  const places = ['--data-dir', join(folder, 'data'), '--cache-dir', join(folder, 'hub')];
  const chunk = pieceBytes === null ? [] : ['--chunk-size', String(pieceBytes)];
  const download = ['download', repo, '--json', '--endpoint', hubUrl, ...places, ...chunk, ...options];
  return [process.execPath, ...nodeOptions, HAULYARD_CLI, ...download];
}
