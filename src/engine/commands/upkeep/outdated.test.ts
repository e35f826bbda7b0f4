import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { EngineParts, ReadableLedger } from '../../engine-parts.ts';
import { outdated } from './outdated.ts';

const HERE = 'a'.repeat(40);
const NEWEST = 'b'.repeat(40);

it('asks once about each of 200 models, eight at a time', async () => {
  const cacheDir = await mkdtemp(join(tmpdir(), 'haulyard-outdated-'));
  try {
    for (let number = 0; number < 200; number += 1) {
      const folder = join(cacheDir, `models--org--m${number}`);
      await mkdir(join(folder, 'snapshots', HERE), { recursive: true });
      await mkdir(join(folder, 'refs'));
      await writeFile(join(folder, 'refs', 'main'), HERE);
    }
    const asked: string[] = [];
    let running = 0;
    let most = 0;
    const hub = {
      async repositoryInfo(repo: string, revision: string) {
        asked.push(`${repo}@${revision}`);
        most = Math.max(most, ++running);
        await new Promise(setImmediate);
        running -= 1;
        return { repo, commit: NEWEST, gated: false, updatedAt: null, files: [] };
      },
    };
    const parts = {
      cacheDir,
      hub,
      signal: new AbortController().signal,
      catalog: async () => ({ models: [] }),
    };
    const ledger = { downloads: { list: () => [] } };
    const report = await outdated(
      undefined,
      parts as unknown as EngineParts,
      ledger as unknown as ReadableLedger,
    );
    expect([new Set(asked).size, asked.length, most]).toEqual([200, 200, 8]);
    expect(report.models.every(({ latestCommit }) => latestCommit === NEWEST)).toBe(true);
  } finally {
    await rm(cacheDir, { recursive: true });
  }
});
