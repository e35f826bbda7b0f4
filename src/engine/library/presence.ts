import { lstat } from 'node:fs/promises';
import type { MadeModel } from '../../shared/model/build.ts';
import type { Catalog, CatalogModel, CatalogVariant, FilePin } from '../../shared/model/catalog.ts';
import type { VariantPresence } from '../../shared/model/library.ts';
import { findBlob } from '../cache/find-blob.ts';
import { foreignPartials } from '../cache/foreign-partials.ts';
import { partialPath, repositoryFolder } from '../cache/layout.ts';
import { type LocalFile, listSnapshot, localSnapshot } from '../cache/resolve-local.ts';
import type { EngineParts, ReadableLedger } from '../engine-parts.ts';
import type { FileRow } from '../ledger/files.ts';
import { ledgerProgress } from '../queue/file-progress.ts';
import { passesFilter } from '../queue/selection.ts';
import { DEFAULT_CHUNK_BYTES } from '../transfer/chunk-plan.ts';
import { installedFiles } from './installed-files.ts';

type Ledger = Pick<ReadableLedger, 'downloads' | 'files' | 'blobs' | 'chunks'>;
type Presence = Omit<VariantPresence, 'made' | 'makeable' | 'model'>;

/** Where the size of a variant is an estimate, a snapshot with this share of it counts as complete. */
const WHOLE_SHARE = 0.9;

/** Returns how much of each variant of the catalog is in this cache. Contacts no server and hashes nothing. */
export async function catalogPresence(
  { catalog, cacheDir }: Pick<EngineParts, 'catalog' | 'cacheDir'>,
  ledger: Ledger,
  listMade: (catalog: Catalog) => Promise<readonly MadeModel[]>,
): Promise<readonly VariantPresence[]> {
  const loaded = await catalog();
  const made = await listMade(loaded);
  return (
    await Promise.all(loaded.models.map((model) => modelPresence(model, cacheDir, ledger, made)))
  ).flat();
}

async function modelPresence(
  { id, variants }: CatalogModel,
  cacheDir: string,
  ledger: Ledger,
  madeHere: readonly MadeModel[],
): Promise<VariantPresence[]> {
  const found = await Promise.all(variants.map((variant) => variantPresence(variant, cacheDir, ledger)));
  return variants.flatMap((variant, index) => {
    const presence = found[index];
    if (!presence) return [];
    const made = madeHere.find((each) => each.model === id && each.variant === variant.id && each.complete);
    return {
      model: id,
      ...presence,
      made: made ? { path: made.path, bytes: made.bytes } : null,
      makeable: makeableHere(variant, found),
    };
  });
}

function makeableHere({ makeable }: CatalogVariant, found: readonly Presence[]): VariantPresence['makeable'] {
  if (!makeable) return null;
  const { from, outputBytes } = makeable;
  const sourceInstalled = found.some(({ variant, installed }) => variant === from && installed);
  return { from, outputBytes, sourceInstalled };
}

/** Returns how much of one variant is on disk. */
async function variantPresence(variant: CatalogVariant, cacheDir: string, ledger: Ledger): Promise<Presence> {
  const { id, repo, revision, include, exclude, bytes } = variant;
  const passes = passesFilter({ includes: [include], exclude });
  const place = await localSnapshot({ cacheDir, repo, revision }).catch(() => null);
  const listed = place ? await listSnapshot(place.path).catch(() => []) : [];
  const files = listed.filter(({ path }) => passes(path));
  const shown = files.reduce((sum, { size }) => sum + size, 0);
  const wanted = unfinishedFiles(variant, cacheDir, ledger).filter(({ path }) => passes(path));
  if (
    place &&
    (wasInstalled(variant, cacheDir, place.commit, files, ledger) ||
      (wanted.length === 0 && isWhole(variant, files, shown)))
  ) {
    return { variant: id, presentBytes: shown, totalBytes: shown, installed: true, path: place.path };
  }
  const totalBytes = wanted.length > 0 ? sum(wanted, ({ size }) => size) : bytes;
  const present = Math.max(
    shown,
    await presentOf(wanted, cacheDir, repo, ledger),
    await presentPins(variant.pins, files, cacheDir, repo, ledger),
  );
  return {
    variant: id,
    presentBytes: Math.min(present, totalBytes),
    totalBytes,
    installed: false,
    path: null,
  };
}

/** Returns the files of unfinished downloads of this repository, each path once. */
function unfinishedFiles({ repo }: CatalogVariant, cacheDir: string, ledger: Ledger): FileRow[] {
  const rows = ledger.downloads
    .list()
    .filter((row) => row.repo === repo && row.cacheDir === cacheDir && row.state !== 'ready');
  const files = rows.flatMap((row) => ledger.files.list(row.id));
  return [...new Map(files.map((file) => [file.path, file])).values()];
}

/** True when a download of this variant ended, and all its files still exist. */
function wasInstalled(
  { id, repo }: CatalogVariant,
  cacheDir: string,
  commit: string,
  files: readonly LocalFile[],
  ledger: Ledger,
): boolean {
  const isDone = ledger.downloads
    .list()
    .some((row) => row.state === 'ready' && row.repo === repo && row.variant === id && row.commit === commit);
  if (!isDone) return false;
  const sizes = sizesOf(files);
  const brought = [...installedFiles({ cacheDir, repo }, commit, ledger).values()];
  return brought.length > 0 && brought.every(({ path, size }) => sizes.get(path) === size);
}

/** True when a snapshot from another program has everything the catalog lists for the variant. */
function isWhole(
  { pins, bytes, approximate }: CatalogVariant,
  files: readonly LocalFile[],
  shown: number,
): boolean {
  if (files.length === 0 || files.some(({ realPath }) => realPath === null)) return false;
  const sizes = sizesOf(files);
  if (!pins.every(({ path, size }) => sizes.has(path) && (size === undefined || sizes.get(path) === size)))
    return false;
  return shown >= (approximate || pins.length > 0 ? bytes * WHOLE_SHARE : bytes);
}

async function presentOf(
  files: readonly FileRow[],
  cacheDir: string,
  repo: string,
  ledger: Ledger,
): Promise<number> {
  const present = files.map(({ hash, size }) => contentBytes({ hash, size }, cacheDir, repo, ledger));
  return sum(await Promise.all(present), (bytes) => bytes);
}

async function presentPins(
  pins: readonly FilePin[],
  files: readonly LocalFile[],
  cacheDir: string,
  repo: string,
  ledger: Ledger,
): Promise<number> {
  const sizes = sizesOf(files);
  const present = pins.map(async ({ path, size, sha256 }) => {
    if (size === undefined || sizes.get(path) === size) return sizes.get(path) ?? 0;
    return sha256 === undefined ? 0 : contentBytes({ hash: sha256, size }, cacheDir, repo, ledger);
  });
  return sum(await Promise.all(present), (bytes) => bytes);
}

/** Bytes of a content that are finished, in our partial, or in the best partial of another tool. */
export async function contentBytes(
  file: Pick<FileRow, 'hash' | 'size'>,
  cacheDir: string,
  repo: string,
  ledger: Pick<Ledger, 'blobs' | 'chunks'>,
): Promise<number> {
  if (await findBlob({ cacheDir, repo, ...file })) return file.size;
  // The ledger keeps the chunks of a finished content even after somebody deleted it.
  if (await isThere(partialPath(cacheDir, repo, file.hash))) {
    const folder = repositoryFolder(cacheDir, repo);
    const { receivedBytes } = ledgerProgress(ledger, folder, file, DEFAULT_CHUNK_BYTES);
    if (receivedBytes > 0) return receivedBytes;
  }
  const { usable } = await foreignPartials({ cacheDir, repo, ...file });
  return Math.max(0, ...usable.map(({ bytes, allocatedBytes }) => Math.min(bytes, allocatedBytes)));
}

function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

function sizesOf(files: readonly LocalFile[]): ReadonlyMap<string, number> {
  return new Map(files.filter(({ realPath }) => realPath !== null).map(({ path, size }) => [path, size]));
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
