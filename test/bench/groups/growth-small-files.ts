import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bench, GroupResult } from '../bench.ts';
import { REFERENCE } from '../contestants/haulyard.ts';
import { present } from '../contestants/programs.ts';
import { type FileList, smallFilesContestants } from '../contestants/small-files.ts';
import { compare } from '../measure/compare.ts';
import { measureContestant } from '../measure/measure-contestant.ts';
import { comparisonTable } from '../results/comparison-table.ts';
import { summarize } from '../results/summary.ts';
import { makeFile, type SourceFile } from '../server/make-file.ts';
import { openHubSite, type Site } from '../server/site.ts';

const FILES = 50;
const FILE_BYTES = 20_000;
const LATENCY_MS = 50;
const LIMIT_SECONDS = 60;
const REPO = 'bench/small';

/** 50 small files where each answer takes a while: it is the number of round trips that counts. */
export async function smallFilesTable(bench: Bench): Promise<GroupResult> {
  const folder = await mkdtemp(join(bench.folder, 'small-'));
  try {
    const files = await makeFiles(folder);
    const repositories = [{ id: REPO, files: Object.fromEntries(files) }];
    await using site = await openHubSite(repositories, { conditions: { latencyMs: LATENCY_MS } });
    return await contest(bench, folder, site, await writeList(folder, site.hubUrl, files));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function contest(bench: Bench, folder: string, site: Site, list: FileList): Promise<GroupResult> {
  const { able, missing } = await present(smallFilesContestants(list));
  const target = { repo: REPO, path: '', sha256: '', pieceBytes: null, patient: false };
  const series = await compare({
    title: 'small files',
    contestants: able,
    rounds: bench.rounds ?? (bench.quick ? 1 : 3),
    run: (contestant) => measureContestant(contestant, { site, target, folder, limitSeconds: LIMIT_SECONDS }),
    log: bench.log,
  });
  const summaries = summarize(series, REFERENCE);
  const title = `Growth: ${FILES} files of 20 kB, ${LATENCY_MS} ms before each answer`;
  return {
    tables: [comparisonTable(title, summaries, FILES * FILE_BYTES)],
    notes: missing,
    data: { summaries, series },
  };
}

async function makeFiles(folder: string): Promise<(readonly [path: string, SourceFile])[]> {
  const files: (readonly [string, SourceFile])[] = [];
  for (let index = 1; index <= FILES; index += 1) {
    const path = `part-${index}.bin`;
    files.push([path, await makeFile(join(folder, path), FILE_BYTES, `small ${index}`)]);
  }
  return files;
}

async function writeList(
  folder: string,
  hubUrl: string,
  files: readonly (readonly [path: string, SourceFile])[],
): Promise<FileList> {
  const list = { urlFile: join(folder, 'urls'), sumFile: join(folder, 'sums') };
  await writeFile(list.urlFile, lines(files.map(([path]) => `${hubUrl}/${REPO}/resolve/main/${path}`)));
  await writeFile(list.sumFile, lines(files.map(([path, { sha256 }]) => `${sha256} *${path}`).sort()));
  return list;
}

function lines(values: readonly string[]): string {
  return values.map((value) => `${value}\n`).join('');
}
