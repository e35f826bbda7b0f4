import { XetFormatError } from './format-error.ts';
import { hashText } from './hash-text.ts';

/** Source: huggingface/hub-docs, docs/xet/shard.md; huggingface/xet-core, mdb_shard. */
const TAG = Buffer.from([
  ...Buffer.from('HFRepoMetaData', 'latin1'),
  ...[0, 85, 105, 103, 69, 106, 123, 129, 87, 131, 165, 189, 217, 92, 205, 209, 74, 169],
]);
const HEADER_VERSION = 2n;
const FOOTER_VERSION = 1n;
const ENTRY_BYTES = 48;
const FOOTER_BYTES = 200;
/** Maximum number of chunks in a xorb. Source: huggingface/xet-core, constants.rs. */
const MAX_XORB_CHUNKS = 8192;

/** A chunk as listed in a shard: its hash is keyed with the shard's key. */
export interface ShardChunk {
  readonly keyedHash: Uint8Array;
  readonly length: number;
}

/** A shard of the global deduplication, which lists the chunks of some xorbs. */
export interface Shard {
  /** Key of the chunk hashes; null when they are not keyed. */
  readonly key: Uint8Array | null;
  /** When the shard expires, in ms since the epoch; 0 when unknown. */
  readonly expiresAtMs: number;
  /** Chunks in order, by the text of the xorb's hash. */
  readonly xorbs: ReadonlyMap<string, readonly ShardChunk[]>;
}

const fail = (what: string): never => {
  throw new XetFormatError(`a shard: ${what}`);
};

/** Reads a shard. Throws `XetFormatError` for offsets, counts or lengths that do not fit it. */
export function readShard(bytes: Uint8Array): Shard {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < ENTRY_BYTES + FOOTER_BYTES) fail('it is cut');
  if (TAG.compare(bytes, 0, TAG.length) !== 0) fail('not one');
  if (view.getBigUint64(32, true) !== HEADER_VERSION) fail('unknown version');
  if (view.getBigUint64(40, true) !== BigInt(FOOTER_BYTES)) fail('a footer of an unknown size');
  const footer = bytes.length - FOOTER_BYTES;
  if (view.getBigUint64(footer, true) !== FOOTER_VERSION) fail('unknown version of the footer');
  if (view.getBigUint64(footer + 192, true) !== BigInt(footer)) fail('the footer is not where it says');
  const start = view.getBigUint64(footer + 16, true);
  if (start < BigInt(ENTRY_BYTES) || start > BigInt(footer)) fail('xorbs outside of it');
  const key = bytes.slice(footer + 72, footer + 104);
  return {
    key: key.every((byte) => byte === 0) ? null : key,
    expiresAtMs: Number(view.getBigUint64(footer + 112, true)) * 1000,
    xorbs: readXorbs(bytes, view, Number(start), footer),
  };
}

function readXorbs(bytes: Uint8Array, view: DataView, start: number, end: number): Shard['xorbs'] {
  const xorbs = new Map<string, readonly ShardChunk[]>();
  let at = start;
  for (;;) {
    if (at + ENTRY_BYTES > end) fail('the list of xorbs has no end');
    const hash = bytes.subarray(at, at + 32);
    if (hash.every((byte) => byte === 0xff)) return xorbs;
    const count = view.getUint32(at + 36, true);
    at += ENTRY_BYTES;
    if (count > MAX_XORB_CHUNKS || at + count * ENTRY_BYTES > end) fail(`${count} chunks in one xorb`);
    xorbs.set(
      hashText(hash),
      Array.from({ length: count }, (_, index) => {
        const entry = at + index * ENTRY_BYTES;
        return { keyedHash: bytes.slice(entry, entry + 32), length: view.getUint32(entry + 36, true) };
      }),
    );
    at += count * ENTRY_BYTES;
  }
}
