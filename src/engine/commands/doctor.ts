import { join } from 'node:path';
import type { Diagnosis } from '../../shared/contract/commands.ts';
import { formatBytes, formatMemory } from '../../shared/format/bytes.ts';
import { testWrite } from '../cache/prepare.ts';
import { roomAt } from '../disk/disk-guard.ts';
import { nearestExistingFolder } from '../disk/nearest-existing-folder.ts';
import type { EngineParts } from '../engine-parts.ts';
import { classify } from '../errors/classify.ts';
import { LEDGER_FILE } from '../ledger/ledger.ts';

type Check = Diagnosis['checks'][number];

/** Checks everything that a download depends on. The result holds no secret. */
export async function diagnose(parts: EngineParts, ledgerState: () => string): Promise<Diagnosis> {
  const checks = await Promise.all([
    check('endpoint', async () => {
      const { ok, message } = await parts.hub.ping(parts.signal);
      if (!ok) throw new Error(message);
      return message;
    }),
    check('cache folder', async () => {
      const folder = await nearestExistingFolder(parts.cacheDir);
      await testWrite(folder);
      return folder === parts.cacheDir
        ? `${folder} can be written`
        : `${parts.cacheDir} will be made in ${folder}`;
    }),
    check('free space', async () => {
      const room = await roomAt(await nearestExistingFolder(parts.cacheDir));
      if (room === null) return 'the disk doesn’t say how much is free';
      const { freeBytes, reserveBytes } = room;
      if (freeBytes < reserveBytes) throw new Error(`only ${formatBytes(freeBytes)} free`);
      return `${formatBytes(freeBytes)} free`;
    }),
    check('ledger', async () => ledgerState()),
    check('catalog', async () => `${(await parts.catalog()).models.length} models`),
    check('hash worker', () => hashSomething(parts)),
    check('token', async () => tokenWords(parts.token)),
  ]);
  const { chip, memoryBytes } = await parts.hardware();
  return {
    versions: {
      haulyard: parts.version,
      node: process.versions.node,
      platform: `${process.platform} ${process.arch}`,
      machine: `${chip}, ${formatMemory(memoryBytes)}`,
    },
    paths: {
      endpoint: parts.hub.endpoint.url,
      cache: parts.cacheDir,
      data: parts.dataDir,
      ledger: join(parts.dataDir, LEDGER_FILE),
      catalog: parts.catalogFile,
    },
    checks,
    ok: checks.every(({ ok }) => ok),
  };
}

async function check(name: string, look: () => Promise<string>): Promise<Check> {
  try {
    return { name, ok: true, message: await look() };
  } catch (error) {
    const known = classify(error);
    const message = known.code === 'Internal' && error instanceof Error ? error.message : known.message;
    return { name, ok: false, message };
  }
}

/** Proves that the worker threads of this build start: they hash the catalog file. */
async function hashSomething({ hasher, catalogFile }: EngineParts): Promise<string> {
  const digest = await hasher.hash({ path: catalogFile, start: 0, end: 1 }, 'sha256');
  if (digest.length !== 64) throw new Error('the checksum thread gave no result');
  return 'works';
}

/** Whether there is a token and where it was found; never the token. */
function tokenWords({ value, source }: EngineParts['token']): string {
  if (value === null) return 'none (public models only)';
  return source === null ? 'present' : `present, from ${source}`;
}
