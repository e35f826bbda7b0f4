import type { Bench, Group, GroupResult } from '../bench.ts';
import { atOnceTable } from './growth-at-once.ts';
import { chunksTable, largestGrowthBytes } from './growth-chunks.ts';
import { smallFilesTable } from './growth-small-files.ts';

/** Whether cost grows with the number of chunks, of files, and of downloads. */
export const GROWTH: Group = {
  name: 'growth',
  neededBytes: ({ quick }) => largestGrowthBytes(quick),
  run,
};

async function run(bench: Bench): Promise<GroupResult> {
  const parts = [await chunksTable(bench), await smallFilesTable(bench), await atOnceTable(bench)];
  return {
    tables: parts.flatMap(({ tables }) => tables),
    notes: parts.flatMap(({ notes }) => notes),
    data: parts.map(({ data }) => data),
  };
}
