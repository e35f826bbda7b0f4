import { createHash } from 'node:crypto';
import type { HubFile } from '../repositories/hub-file.ts';
import type { Commit } from '../repositories/repository.ts';
import { announcedFacts, type RouteContext, type RouteRequest } from './context.ts';

/** A folder of a tree; git keeps none without files, so folders follow from the paths. */
export interface Folder {
  readonly path: string;
}

/** When every commit of this Hub was made. */
export const COMMIT_DATE = '2026-01-15T09:30:00.000Z';

/** True for a file, false for a folder. */
export function isFile(entry: HubFile | Folder): entry is HubFile {
  return 'content' in entry;
}

/** Files and folders below `folder` ('' for the root), sorted by path. */
export function entriesOf(commit: Commit, folder: string, recursive: boolean): (HubFile | Folder)[] {
  const prefix = folder === '' ? '' : `${folder}/`;
  const entries = new Map<string, HubFile | Folder>();
  for (const file of commit.files.values()) {
    if (!file.path.startsWith(prefix)) continue;
    const names = file.path.slice(prefix.length).split('/');
    const depth = recursive ? names.length : 1;
    for (let length = 1; length <= Math.min(depth, names.length); length += 1) {
      const path = prefix + names.slice(0, length).join('/');
      entries.set(path, length === names.length ? file : { path });
    }
  }
  return [...entries.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** An entry in the form of `/tree` and `/paths-info`. */
export async function entryJson(
  entry: HubFile | Folder,
  commit: Commit,
  expand: boolean,
  request: RouteRequest,
  { xet }: RouteContext,
): Promise<Record<string, unknown>> {
  const more = expand ? { lastCommit: { id: commit.id, title: 'Upload files', date: COMMIT_DATE } } : {};
  if (!isFile(entry)) {
    const oid = createHash('sha1').update(`${commit.id}/${entry.path}`).digest('hex');
    return { type: 'directory', oid, size: 0, path: entry.path, ...more };
  }
  const { size, blobId, lfs } = await announcedFacts(entry, request);
  const pointer = lfs === null ? {} : { lfs: { oid: lfs.sha256, size, pointerSize: lfs.pointerSize } };
  const scan = expand ? { securityFileStatus: SECURITY_STATUS } : {};
  const xetHash = await xet.hashOf(entry);
  const stored = xetHash === null ? {} : { xetHash };
  return { type: 'file', oid: blobId, size, path: entry.path, ...pointer, ...stored, ...more, ...scan };
}

const SECURITY_STATUS = {
  status: 'safe',
  avScan: { status: 'safe', virusFound: false, virusNames: null },
  pickleImportScan: null,
};
