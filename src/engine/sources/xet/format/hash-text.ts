const HASH_TEXT = /^[0-9a-f]{64}$/;

/** Formats a hash as Xet does: each eight bytes are a little-endian number, printed as 16 hex digits. */
export function hashText(raw: Uint8Array): string {
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  return [0, 8, 16, 24].map((at) => view.getBigUint64(at, true).toString(16).padStart(16, '0')).join('');
}

/** Parses a hash in Xet's format to its 32 bytes; null when it is not 64 lower-case hex digits. */
export function parseHashText(text: string): Uint8Array | null {
  if (!HASH_TEXT.test(text)) return null;
  const raw = new Uint8Array(32);
  const view = new DataView(raw.buffer);
  for (const at of [0, 8, 16, 24])
    view.setBigUint64(at, BigInt(`0x${text.slice(at * 2, at * 2 + 16)}`), true);
  return raw;
}

/** True when both are the same 32 bytes. */
export function sameHash(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
