import { readFile } from 'node:fs/promises';
import wabt from 'wabt';
import { GEAR_TABLE } from '../../src/engine/sources/xet/kernel/gear-table.ts';
import { TABLE_AT } from '../../src/engine/sources/xet/kernel/layout.ts';
import { BLAKE3_WAT, FIRST_PAGES } from './blake3.ts';
import { GEAR_WAT } from './gear.ts';
import { UNPACK_WATS } from './lz4.ts';

/** Where the assembled module is kept, as TypeScript, so that sources and bundles load it without a file beside them. */
export const KERNEL_FILE = new URL('../../src/engine/sources/xet/kernel/kernel-binary.ts', import.meta.url);

const table = GEAR_TABLE.map((word) =>
  Array.from(
    { length: 8 },
    (_, byte) => `\\${((word >> BigInt(byte * 8)) & 255n).toString(16).padStart(2, '0')}`,
  ).join(''),
).join('');

/** The module as text. */
export const KERNEL_WAT = `(module
  (memory (export "memory") ${FIRST_PAGES})
  (data (i32.const ${TABLE_AT}) "${table}")
${GEAR_WAT}
${BLAKE3_WAT}
${UNPACK_WATS})`;

/** Assembles the module. Throws with the line when the text is wrong. */
export async function assembleKernel(): Promise<Uint8Array> {
  const assembler = await wabt();
  const parsed = assembler.parseWat('xet-kernel.wat', KERNEL_WAT, { simd: true, bulk_memory: true });
  try {
    parsed.validate();
    return parsed.toBinary({ log: false }).buffer;
  } finally {
    parsed.destroy();
  }
}

/** The source file that holds the module. */
export function kernelFile(module: Uint8Array): string {
  const lines =
    Buffer.from(module)
      .toString('base64')
      .match(/.{1,100}/g) ?? [];
  return `/** Assembled from tools/xet-kernel by \`npm run kernel\`; do not edit. */
export const KERNEL_BASE64 = \`
${lines.join('\n')}
\`;
`;
}

/** True when the file in the repository is what the sources give. */
export async function kernelIsCurrent(): Promise<boolean> {
  const there = await readFile(KERNEL_FILE, 'utf8').catch(() => null);
  return there === kernelFile(await assembleKernel());
}
