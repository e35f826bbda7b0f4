import { createHash } from 'node:crypto';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { partialPath } from '../../src/engine/cache/layout.ts';
import { readAll } from '../hub/content/content.ts';
import { contentOf } from '../hub/content/source.ts';
import type { RequestRecord } from '../hub/http/request-log.ts';
import type { Hub } from '../hub/hub.ts';
import type { FileDeclaration, RepositoryDeclaration } from '../hub/repositories/declaration.ts';
import type { World } from './harness.ts';

/** All bytes of a declared file. */
export function bytesOf(file: FileDeclaration): Promise<Buffer> {
  return readAll(contentOf(file));
}

/** The only file of a repository with one. */
export function onlyFile({ files = [] }: RepositoryDeclaration): FileDeclaration {
  if (files.length !== 1) throw new Error('The repository does not have exactly one file.');
  return files[0]!;
}

export function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Passes when a snapshot shows every declared file with exactly its bytes. */
export async function expectRightFiles(snapshot: string, files: readonly FileDeclaration[]): Promise<void> {
  for (const file of files) {
    const [there, right] = await Promise.all([readFile(join(snapshot, file.path)), bytesOf(file)]);
    expect([file.path, there.length, sha256(there)]).toEqual([file.path, right.length, sha256(right)]);
  }
}

/** Where our partial of a repository's only file lies. */
export async function partialOf(
  world: Pick<World, 'cacheDir'>,
  repository: RepositoryDeclaration,
): Promise<string> {
  const hash = sha256(await bytesOf(onlyFile(repository)));
  return partialPath(world.cacheDir, repository.id, hash);
}

/** Inverts one byte of a file. */
export async function flipByte(path: string, offset: number): Promise<void> {
  const file = await open(path, 'r+');
  try {
    const byte = Buffer.alloc(1);
    await file.read(byte, 0, 1, offset);
    await file.write(Buffer.from([(byte[0] ?? 0) ^ 0xff]), 0, 1, offset);
  } finally {
    await file.close();
  }
}

/** Requests for content: of large files at the CDN, of git files at the Hub. Asking where a file is does not count. */
export function contentRequests(hub: Hub, since = 0): readonly RequestRecord[] {
  return hub.requests
    .slice(since)
    .filter(
      ({ origin, method, path }) =>
        origin === 'cdn' || (method === 'GET' && path.startsWith('/api/resolve-cache/')),
    );
}

/** Bytes of content that were served. */
export function servedBytes(hub: Hub, since = 0): number {
  return contentRequests(hub, since)
    .filter(({ status }) => status === 200 || status === 206)
    .reduce((sum, { bytesSent }) => sum + bytesSent, 0);
}
