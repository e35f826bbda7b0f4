import { parseHashText } from '../../../src/engine/sources/xet/format/hash-text.ts';
import type { KeyedHash } from '../../../src/engine/sources/xet/format/keyed-hash.ts';
import { totalLength } from '../../../src/engine/sources/xet/format/tree.ts';
import type { Xorb } from './xorb.ts';

const TAG = Buffer.concat([
  Buffer.from('HFRepoMetaData\0'),
  Buffer.from([85, 105, 103, 69, 106, 123, 129, 87, 131, 165, 189, 217, 92, 205, 209, 74, 169]),
]);
const BOOKEND = Buffer.concat([Buffer.alloc(32, 0xff), Buffer.alloc(16)]);
const FOOTER_BYTES = 200;
const ELIGIBLE = 0x8000_0000;

/** A shard with the chunks of these xorbs, hashes keyed with `key`. `expiresAt` in unix seconds. */
export function encodeShard(
  xorbs: readonly Xorb[],
  key: Uint8Array,
  expiresAt: number,
  keyed: KeyedHash,
): Buffer {
  const header = Buffer.alloc(48);
  TAG.copy(header);
  header.writeBigUInt64LE(2n, 32);
  header.writeBigUInt64LE(BigInt(FOOTER_BYTES), 40);
  const body = Buffer.concat([header, BOOKEND, ...xorbs.map((xorb) => xorbEntry(xorb, key, keyed)), BOOKEND]);
  const footer = Buffer.alloc(FOOTER_BYTES);
  footer.writeBigUInt64LE(1n, 0);
  footer.writeBigUInt64LE(48n, 8);
  footer.writeBigUInt64LE(96n, 16);
  Buffer.from(key).copy(footer, 72);
  footer.writeBigUInt64LE(BigInt(expiresAt), 112);
  footer.writeBigUInt64LE(BigInt(body.length), 192);
  return Buffer.concat([body, footer]);
}

function xorbEntry({ name, chunks, starts }: Xorb, key: Uint8Array, keyed: KeyedHash): Buffer {
  const head = Buffer.alloc(48);
  Buffer.from(parseHashText(name) ?? []).copy(head);
  head.writeUInt32LE(chunks.length, 36);
  head.writeUInt32LE(totalLength(chunks), 40);
  head.writeUInt32LE(starts.at(-1) ?? 0, 44);
  let offset = 0;
  const entries = chunks.map(({ hash, length }) => {
    const entry = Buffer.alloc(48);
    Buffer.from(keyed(key, hash)).copy(entry);
    entry.writeUInt32LE(offset, 32);
    entry.writeUInt32LE(length, 36);
    entry.writeUInt32LE(isEligible(hash) ? ELIGIBLE : 0, 40);
    offset += length;
    return entry;
  });
  return Buffer.concat([head, ...entries]);
}

/** About one chunk in 1,024 can be asked for. Source: huggingface/hub-docs, docs/xet/deduplication.md. */
export const isEligible = (hash: Uint8Array): boolean => hash[24] === 0 && ((hash[25] ?? 0) & 3) === 0;
