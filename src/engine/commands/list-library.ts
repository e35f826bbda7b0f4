import type { Library } from '../../shared/model/library.ts';
import { boundedMap } from '../cache/bounded-map.ts';
import { scanCache } from '../cache/scan.ts';
import { findByRepository } from '../catalog/find-model.ts';
import { roomAt } from '../disk/disk-guard.ts';
import { nearestExistingFolder } from '../disk/nearest-existing-folder.ts';
import type { EngineParts, ReadableLedger } from '../engine-parts.ts';
import { freeableBytes } from '../library/freeable-bytes.ts';
import { lastCheckOf } from '../library/last-check.ts';
import { partialNeeds } from '../library/partial-needs.ts';
import { listElsewhere } from './elsewhere.ts';
import { listMade } from './made-here.ts';

/** Snapshots examined concurrently; each makes several file-system calls at once. */
const PARALLEL_SNAPSHOTS = 4;

/** Returns everything in the cache, whoever put it there. */
export async function listLibrary(parts: EngineParts, ledger: ReadableLedger): Promise<Library> {
  const { cacheDir } = parts;
  const scan = await scanCache(cacheDir, parts.signal);
  const catalog = await parts.catalog().catch(() => null);
  const freeable = freeableBytes(scan.snapshots);
  const models = await boundedMap(scan.snapshots, PARALLEL_SNAPSHOTS, async (snapshot) => {
    const { repo, commit, bytes, files, complete, path, refs } = snapshot;
    const entry = catalog && findByRepository(catalog, repo);
    const names = { model: entry?.model.id ?? null, variant: entry?.variant.id ?? null };
    const check = await lastCheckOf(cacheDir, snapshot, ledger);
    const frees = { freeableBytes: freeable.get(snapshot) ?? bytes };
    return { repo, commit, bytes, ...frees, files: files.length, complete, path, refs, ...names, ...check };
  });
  const needs = partialNeeds(cacheDir, ledger);
  const partials = scan.partials.map((partial) => ({ ...partial, download: needs(partial) }));
  const room = await roomAt(await nearestExistingFolder(cacheDir)).catch(() => null);
  const made = await listMade(parts, ledger, catalog);
  const elsewhere = await listElsewhere(parts);
  return {
    models,
    partials,
    made,
    ...(elsewhere.length > 0 ? { elsewhere } : {}),
    warnings: scan.warnings,
    ...(room ? { freeBytes: room.freeBytes } : {}),
  };
}
