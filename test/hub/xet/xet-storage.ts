import { hashText } from '../../../src/engine/sources/xet/format/hash-text.ts';
import { type KeyedHash, openKeyedHash } from '../../../src/engine/sources/xet/format/keyed-hash.ts';
import type { HubFile } from '../repositories/hub-file.ts';
import type { RepositoryStore } from '../repositories/repository-store.ts';
import { type SharedChunks, storeFile, type XetFile } from './xet-file.ts';
import type { Xorb } from './xorb.ts';

/** The files of a Hub as Xet storage has them, made when they are first asked for. */
export interface XetStorage {
  readonly keyed: KeyedHash;
  /** Null for a file that is not in Xet storage. */
  fileOf(file: HubFile): Promise<XetFile | null>;
  findFile(name: string): Promise<XetFile | undefined>;
  findXorb(name: string): Promise<Xorb | undefined>;
  /** The file that has a chunk of this hash. */
  fileWithChunk(hash: Uint8Array): XetFile | undefined;
}

/** Xet storage over the declared files. `withFooter`: whether stored xorbs end with one. */
export function xetStorage(store: RepositoryStore, withFooter: boolean): XetStorage {
  const keyed = openKeyedHash();
  const stored = new Map<HubFile, Promise<XetFile>>();
  const files = new Map<string, XetFile>();
  const xorbs = new Map<string, Xorb>();
  const shared: SharedChunks = new Map();
  const fileOf = async (file: HubFile): Promise<XetFile | null> => {
    if (file.xet === null) return null;
    const { xet } = file;
    let made = stored.get(file);
    if (made === undefined) {
      // Created at once, so that concurrent callers wait for the same.
      made = (async () => {
        if (xet.sharesFrom !== undefined) await storeAll(({ xet: other }) => other?.sharesFrom === undefined);
        return storeFile(file.source, file.content, xet, withFooter, keyed, shared);
      })();
      stored.set(file, made);
    }
    const result = await made;
    files.set(result.name, result);
    for (const { xorb } of result.terms) xorbs.set(xorb.name, xorb);
    if (xet.sharesFrom === undefined) for (const { xorb } of result.terms) share(xorb, shared);
    return result;
  };
  /** Clients may know hashes from before a restart. */
  const storeAll = async (which: (file: HubFile) => boolean = () => true) => {
    for (const { commits } of store.all()) {
      for (const { files: declared } of commits.values())
        for (const file of declared.values()) if (which(file)) await fileOf(file);
    }
  };
  return {
    keyed,
    fileOf,
    async findFile(name) {
      if (!files.has(name)) await storeAll();
      return files.get(name);
    },
    async findXorb(name) {
      if (!xorbs.has(name)) await storeAll();
      return xorbs.get(name);
    },
    fileWithChunk: (hash) =>
      [...files.values()].find(({ chunks }) =>
        chunks.some((chunk) => Buffer.compare(chunk.hash, hash) === 0),
      ),
  };
}

function share(xorb: Xorb, shared: SharedChunks): void {
  for (const [index, { hash }] of xorb.chunks.entries()) {
    const name = hashText(hash);
    if (!shared.has(name)) shared.set(name, { xorb, index });
  }
}
