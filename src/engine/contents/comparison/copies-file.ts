import { rm } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { BLOCK_BYTES } from '../../../shared/model/block.ts';
import type { ByteRange } from '../../../shared/model/byte-range.ts';
import type { FilePart } from '../../integrity/hash-protocol.ts';
import { PartialFile } from '../partial/partial-file.ts';

/** The result of comparing one block. */
export interface Note extends ByteRange {
  /** CRC-32 of the copy in the partial. */
  readonly oldCrc: number;
  /** CRC-32 of the copy that was fetched. */
  readonly newCrc: number;
}

/** A copy that differs from the one in the partial, and the position of its bytes. */
export interface Copy extends ByteRange {
  readonly crc: number;
  readonly at: FilePart;
}

/** A note with the position of the bytes; null where the copies are equal. */
type Entry = Note & { readonly at: FilePart | null };

/** First bytes of a note: "HYC1". */
const MAGIC = 0x48594331;
const HEAD_BYTES = 28;

/**
 * Second copies of blocks, stored next to the partial: a note for each compared block, followed by the bytes where they
 * differ from all known copies. The file is append-only. What a kill leaves of the last note is overwritten, and a note
 * is valid only while the partial still has the copy it refers to. Nothing in it is synced: what a power failure
 * destroys is downloaded again.
 */
export class CopiesFile {
  readonly #file: PartialFile;
  /** Keyed by the offset of the block. */
  readonly #entries = new Map<number, Entry[]>();
  #end = 0;
  #storedBytes = 0;
  #writing: Promise<void> = Promise.resolve();

  private constructor(file: PartialFile) {
    this.#file = file;
  }

  /** Opens or creates the file. Throws as `PartialFile.open` does. */
  static async open(path: string): Promise<CopiesFile> {
    const copies = new CopiesFile(await PartialFile.open(path));
    try {
      await copies.#read();
      return copies;
    } catch (error) {
      await copies.close();
      throw error;
    }
  }

  /** Bytes of stored copies. */
  get storedBytes(): number {
    return this.#storedBytes;
  }

  /** Returns the CRC-32 of each copy of a block that was compared with the one of `oldCrc`, oldest first. */
  seen(block: ByteRange, oldCrc: number): number[] {
    return this.#of(block, oldCrc).map(({ newCrc }) => newCrc);
  }

  /** Returns the copies of a block that differ from the one of `oldCrc`, each once, oldest first. */
  copies(block: ByteRange, oldCrc: number): Copy[] {
    const byCrc = new Map<number, Copy>();
    for (const { start, end, newCrc: crc, at } of this.#of(block, oldCrc)) {
      if (at) byCrc.set(crc, { start, end, crc, at });
    }
    return [...byCrc.values()];
  }

  /** Adds a note; `bytes` are those of the fetched copy. Resolves when it is written. */
  add(note: Note, bytes: Buffer): Promise<void> {
    const isNew = note.newCrc !== note.oldCrc && this.#find(note) === null;
    const start = this.#end;
    this.#append(note, isNew ? bytes.length : 0);
    const head = headOf(note, isNew ? bytes.length : 0);
    const written = this.#writing.then(() => this.#file.write(isNew ? [head, bytes] : [head], start));
    this.#writing = written.catch(() => undefined);
    return written;
  }

  /** Drops all copies that differ; notes of equal copies are kept. */
  dropCopies(): void {
    const equal = [...this.#entries.values()].flat().filter(({ at }) => at === null);
    this.#entries.clear();
    this.#end = 0;
    this.#storedBytes = 0;
    this.#writing = this.#writing.then(() => this.#file.cut(0)).catch(() => undefined);
    for (const { start, end, oldCrc, newCrc } of equal) {
      this.add({ start, end, oldCrc, newCrc }, Buffer.alloc(0)).catch(() => undefined);
    }
  }

  /** Returns the bytes of a copy; null when they are no longer on disk. */
  async bytesOf({ at: { start, end }, crc }: Copy): Promise<Buffer | null> {
    await this.#writing;
    const bytes = await this.#file.read(start, end - start);
    return crc32(bytes) === crc ? bytes : null;
  }

  /** Resolves when every note so far is written. */
  async written(): Promise<void> {
    await this.#writing;
  }

  async close(): Promise<void> {
    await this.#writing;
    await this.#file.close();
  }

  /** Deletes the file, which must be closed. */
  async remove(): Promise<void> {
    await rm(this.#file.path, { force: true });
  }

  #of({ start, end }: ByteRange, oldCrc: number): Entry[] {
    return (this.#entries.get(start) ?? []).filter((entry) => entry.end === end && entry.oldCrc === oldCrc);
  }

  #find(note: Note): FilePart | null {
    return this.copies(note, note.oldCrc).find(({ crc }) => crc === note.newCrc)?.at ?? null;
  }

  #append(note: Note, bytes: number): void {
    const start = this.#end + HEAD_BYTES;
    const at = bytes > 0 ? { path: this.#file.path, start, end: start + bytes } : this.#find(note);
    this.#entries.set(note.start, [...(this.#entries.get(note.start) ?? []), { ...note, at }]);
    this.#end = start + bytes;
    this.#storedBytes += bytes;
  }

  async #read(): Promise<void> {
    for (;;) {
      const head = readHead(await this.#file.read(this.#end, HEAD_BYTES));
      if (head === null) return;
      const { bytes, ...note } = head;
      const kept = await this.#file.read(this.#end + HEAD_BYTES, bytes);
      if (bytes > 0 && (kept.length < bytes || crc32(kept) !== note.newCrc)) return;
      this.#append(note, bytes);
    }
  }
}

function headOf({ start, end, oldCrc, newCrc }: Note, bytes: number): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt32BE(MAGIC, 0);
  head.writeUIntBE(start, 4, 6);
  head.writeUIntBE(end - start, 10, 3);
  head.writeUIntBE(bytes, 13, 3);
  head.writeUInt32BE(oldCrc, 16);
  head.writeUInt32BE(newCrc, 20);
  head.writeUInt32BE(crc32(head.subarray(0, 24)), 24);
  return head;
}

/** Returns null for anything that {@link headOf} did not produce. */
function readHead(head: Buffer): (Note & { readonly bytes: number }) | null {
  if (head.length < HEAD_BYTES || head.readUInt32BE(0) !== MAGIC) return null;
  if (head.readUInt32BE(24) !== crc32(head.subarray(0, 24))) return null;
  const start = head.readUIntBE(4, 6);
  const length = head.readUIntBE(10, 3);
  const bytes = head.readUIntBE(13, 3);
  if (length > BLOCK_BYTES || (bytes !== 0 && bytes !== length)) return null;
  return { start, end: start + length, bytes, oldCrc: head.readUInt32BE(16), newCrc: head.readUInt32BE(20) };
}
