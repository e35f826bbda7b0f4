/** Keys of the BLAKE3 hashes of Xet, by what is hashed. Source: huggingface/hub-docs, docs/xet/hashing.md. */

/** For a chunk's bytes. */
export const DATA_KEY = Uint8Array.of(
  ...[102, 151, 245, 119, 91, 149, 80, 222, 49, 53, 203, 172, 165, 151, 24, 28],
  ...[157, 228, 33, 16, 155, 235, 43, 88, 180, 208, 176, 75, 147, 173, 242, 41],
);
/** For the text that names the children of a tree node. */
export const NODE_KEY = Uint8Array.of(
  ...[1, 126, 197, 199, 165, 71, 41, 150, 253, 148, 102, 102, 180, 138, 2, 230],
  ...[93, 221, 83, 111, 55, 199, 109, 210, 248, 99, 82, 230, 74, 83, 113, 63],
);
/** For the chunk hashes of a term. */
export const VERIFICATION_KEY = Uint8Array.of(
  ...[127, 24, 87, 214, 206, 86, 237, 102, 18, 127, 249, 19, 231, 165, 195, 243],
  ...[164, 205, 38, 213, 181, 219, 73, 230, 65, 36, 152, 127, 40, 251, 148, 195],
);
/** For the root of a file. The Hub's salt is always zero. */
export const FILE_KEY = new Uint8Array(32);
