import { z } from 'zod';

/** One file of an archive that is stored next to it. */
interface Entry {
  readonly files?: Readonly<Record<string, Entry>> | undefined;
  readonly unpacked?: boolean | undefined;
  readonly link?: string | undefined;
  readonly integrity?: { readonly algorithm: string; readonly hash: string } | undefined;
}

const entrySchema: z.ZodType<Entry> = z.lazy(() =>
  z.object({
    files: z.record(z.string(), entrySchema).optional(),
    unpacked: z.boolean().optional(),
    link: z.string().optional(),
    integrity: z.object({ algorithm: z.string(), hash: z.string() }).optional(),
  }),
);

/**
 * An archive begins with two numbers of 4 bytes: 4, and the length of the header that follows. Source: README of
 * @electron/asar.
 */
const PREFIX_BYTES = 8;
/** The header is a Pickle of Chromium: its own length, the length of the text, the text. */
const PICKLE_BYTES = 8;
/** Far above the header of any app; a damaged length must not reserve memory. */
const MAX_HEADER_BYTES = 64 << 20;

/** Reads bytes of a file: `original-fs` in the app, because Electron's own `fs` looks into archives. */
export interface RawFile {
  read(buffer: Uint8Array, offset: number, length: number, position: number): Promise<{ bytesRead: number }>;
}

/**
 * Returns the files that the archive's header lists as stored next to it, by their path with `/`, with their SHA-256 in
 * hexadecimal digits. On macOS and Windows Electron checks the header itself against the program (fuse
 * `EnableEmbeddedAsarIntegrityValidation`). Throws for what is not an archive.
 */
export async function unpackedHashes(file: RawFile): Promise<ReadonlyMap<string, string>> {
  const prefix = await exactly(file, PREFIX_BYTES, 0);
  const headerBytes = prefix.readUInt32LE(4);
  if (headerBytes < PICKLE_BYTES || headerBytes > MAX_HEADER_BYTES) throw new Error('This is no archive.');
  const header = await exactly(file, headerBytes, PREFIX_BYTES);
  const text = header.toString('utf8', PICKLE_BYTES, PICKLE_BYTES + header.readUInt32LE(4));
  const hashes = new Map<string, string>();
  collect(entrySchema.parse(JSON.parse(text)), '', hashes);
  return hashes;
}

async function exactly(file: RawFile, length: number, position: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, position);
  if (bytesRead !== length) throw new Error('The archive ends too early.');
  return buffer;
}

function collect(entry: Entry, path: string, hashes: Map<string, string>): void {
  for (const [name, child] of Object.entries(entry.files ?? {})) {
    const childPath = path === '' ? name : `${path}/${name}`;
    if (child.files !== undefined) collect(child, childPath, hashes);
    else if (child.unpacked === true) {
      if (child.integrity?.algorithm !== 'SHA256')
        throw new Error(`${childPath} has no hash in the archive.`);
      hashes.set(childPath, child.integrity.hash);
    }
  }
}
