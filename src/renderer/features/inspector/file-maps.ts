import type { ChunkRun, FileInspection } from '../../../shared/model/inspection.ts';

/** The chunks of one file, or of the small ones together. */
export interface FileMap {
  /** Path of the file; null for several together. */
  readonly path: string | null;
  readonly files: number;
  /** Beside maps of other files. */
  readonly isRest: boolean;
  readonly runs: readonly ChunkRun[];
  readonly chunks: number;
}

/** Maps that are drawn individually; further files are drawn together. */
const MOST_MAPS = 6;

/** Returns which maps to draw: one for each of the largest files of several chunks, and one for the rest. */
export function fileMaps(files: readonly FileInspection[]): readonly FileMap[] {
  const maps = files.map((file): FileMap => {
    const chunks = file.chunkRuns.reduce((sum, { count }) => sum + count, 0);
    return { path: file.path, files: 1, isRest: false, runs: file.chunkRuns, chunks };
  });
  if (maps.length === 1) return maps;
  const large = maps
    .filter(({ chunks }) => chunks > 1)
    .sort((a, b) => b.chunks - a.chunks)
    .slice(0, MOST_MAPS);
  const rest = maps.filter((map) => !large.includes(map));
  if (rest.length === 0) return large;
  const together: FileMap = {
    path: null,
    files: rest.length,
    isRest: large.length > 0,
    runs: rest.flatMap(({ runs }) => runs),
    chunks: rest.reduce((sum, { chunks }) => sum + chunks, 0),
  };
  return [...large, together];
}
