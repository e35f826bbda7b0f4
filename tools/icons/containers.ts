/** A picture in a container file. */
export interface SizedPng {
  /** Sides in pixels. */
  readonly size: number;
  readonly png: Uint8Array<ArrayBuffer>;
}

/**
 * Chunk types by which an .icns file names its PNGs; those that are for Retina displays are named by half their size.
 * Source: the format's table as `iconutil` of macOS 10.7 and later writes and reads it.
 */
const ICNS_TYPES: ReadonlyMap<number, readonly string[]> = new Map([
  [16, ['icp4']],
  [32, ['icp5', 'ic11']],
  [64, ['ic12']],
  [128, ['ic07']],
  [256, ['ic08', 'ic13']],
  [512, ['ic09', 'ic14']],
  [1024, ['ic10']],
]);

/** Sizes that an .icns file is made of. */
export const ICNS_SIZES = [...ICNS_TYPES.keys()];

/** A macOS icon: `icns`, the length of all, then for each picture its type, its length with this header, and the PNG. */
export function icns(pictures: readonly SizedPng[]): Buffer {
  const chunks = pictures.flatMap(({ size, png }) => {
    const types = ICNS_TYPES.get(size);
    if (types === undefined) throw new Error(`An .icns file has no place for ${size} pixels.`);
    return types.map((type) => Buffer.concat([icnsHeader(type, png.length), png]));
  });
  const body = Buffer.concat(chunks);
  return Buffer.concat([icnsHeader('icns', body.length), body]);
}

function icnsHeader(type: string, contentLength: number): Buffer {
  const header = Buffer.alloc(8, type, 'latin1');
  header.writeUInt32BE(header.length + contentLength, 4);
  return header;
}

const ICO_HEADER_BYTES = 6;
const ICO_ENTRY_BYTES = 16;

/** A Windows icon with PNGs inside (Windows Vista and later): a directory of entries, then the pictures. */
export function ico(pictures: readonly SizedPng[]): Buffer {
  const header = Buffer.alloc(ICO_HEADER_BYTES);
  header.writeUInt16LE(1, 2);
  header.writeUInt16LE(pictures.length, 4);
  let offset = ICO_HEADER_BYTES + ICO_ENTRY_BYTES * pictures.length;
  const entries = pictures.map(({ size, png }) => {
    const entry = Buffer.alloc(ICO_ENTRY_BYTES);
    // A byte holds no 256: 0 stands for it.
    entry.writeUInt8(size % 256, 0);
    entry.writeUInt8(size % 256, 1);
    entry.writeUInt16LE(1, 4);
    entry.writeUInt16LE(32, 6);
    entry.writeUInt32LE(png.length, 8);
    entry.writeUInt32LE(offset, 12);
    offset += png.length;
    return entry;
  });
  return Buffer.concat([header, ...entries, ...pictures.map(({ png }) => png)]);
}
