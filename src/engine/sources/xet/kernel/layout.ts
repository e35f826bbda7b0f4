/**
 * Memory layout of the WebAssembly module, in bytes from its start. The generator (tools/xet-kernel) and the engine
 * both read this file.
 */

/** The gear table: 256 little-endian numbers of 64 bits. */
export const TABLE_AT = 0;
/** The BLAKE3 key, 32 bytes. */
export const KEY_AT = 2048;
/** The digest of the last call of `hash`, 32 bytes. */
export const DIGEST_AT = 2080;
/** A last block of fewer than 64 bytes, padded with zeros. */
export const BLOCK_AT = 2112;
/** The chaining value of one BLAKE3 chunk, 32 bytes. */
export const CHAIN_AT = 2176;
/** Chaining values of a tree level: 32 bytes for each 1,024 of the input, and room for three unused ones. */
export const LEVEL_AT = 4096;
/** Start of the bytes to divide and to hash. */
export const INPUT_AT = 262_144;
/** Maximum input of `hash` in bytes: the level must end before the input begins. */
export const MAX_HASH_BYTES = ((INPUT_AT - LEVEL_AT) / 32 - 4) * 1024;
/** After the input: lanes without their own chunk read from here, and their results are ignored. */
export const SLACK_BYTES = 4096;
