import type { Content } from '../content/content.ts';
import { digestOf, gitBlobId, lfsPointer } from '../content/digests.ts';
import { type ContentSource, contentOf, sizeOf } from '../content/source.ts';
import type { XetDeclaration } from '../xet/declaration.ts';
import type { FileDeclaration } from './declaration.ts';

/** The Hub's data about a file. */
export interface FileFacts {
  readonly size: number;
  /** Git SHA-1 of the content or, for an LFS file, of its pointer. */
  readonly blobId: string;
  readonly lfs: { readonly sha256: string; readonly size: number; readonly pointerSize: number } | null;
}

/** A file that can be served. */
export interface HubFile {
  readonly path: string;
  readonly lfs: boolean;
  readonly source: ContentSource;
  readonly size: number;
  /** Made when it is first asked for: ten thousand models have more headers than a server needs. */
  readonly content: Content;
  /** How it lies in Xet storage; null when it does not. */
  readonly xet: XetDeclaration | null;
  /** Hashes are computed at the first call, unless they were declared, and kept. */
  facts(): Promise<FileFacts>;
}

/** Makes a declared file servable. Throws when it has no size; its content throws when it cannot exist. */
export function hubFile(declaration: FileDeclaration): HubFile {
  const size = sizeOf(declaration);
  const lfs = declaration.lfs ?? false;
  let content: Content | undefined;
  let facts: Promise<FileFacts> | undefined;
  return {
    path: declaration.path,
    lfs,
    source: declaration,
    size,
    get content() {
      content ??= contentOf(declaration);
      return content;
    },
    xet: lfs ? (declaration.xet ?? null) : null,
    facts: () => (facts ??= computeFacts(declaration, size, lfs)),
  };
}

async function computeFacts(source: FileDeclaration, size: number, lfs: boolean): Promise<FileFacts> {
  const hash = source.hash ?? (await digestOf({ source, algorithm: lfs ? 'sha256' : 'git-sha1' }));
  return lfs ? lfsFacts(hash, size) : { size, blobId: hash, lfs: null };
}

/** The facts of an LFS file with this hash and size. */
export function lfsFacts(sha256: string, size: number): FileFacts {
  const pointer = lfsPointer(sha256, size);
  return { size, blobId: gitBlobId(pointer), lfs: { sha256, size, pointerSize: pointer.length } };
}
