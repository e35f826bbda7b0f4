import type { FileDeclaration, RepositoryDeclaration } from '../repositories/declaration.ts';
import type { XetDeclaration } from './declaration.ts';
import { xorshiftBytes } from './xorshift.ts';

const MIB = 1024 * 1024;

/** Bytes like those of 16-bit weights: noise in the low byte, few values in the high one. */
export function weightsLike(length: number, seed: number): Buffer {
  const bytes = xorshiftBytes(length, seed);
  for (let at = 1; at < length; at += 2) bytes[at] = 0x3c + ((bytes[at] ?? 0) & 3);
  return bytes;
}

const file = (path: string, content: Buffer, xet: XetDeclaration): FileDeclaration => ({
  path: `${path}.bin`,
  kind: 'bytes',
  content,
  lfs: true,
  xet,
});

const weights = weightsLike(3 * MIB, 7);
const noise = xorshiftBytes(3 * MIB);
const twice = Buffer.concat([noise.subarray(0, MIB), weights.subarray(0, MIB), noise.subarray(0, MIB)]);
const holes = Buffer.concat([noise.subarray(0, MIB), Buffer.alloc(MIB), noise.subarray(MIB, 2 * MIB)]);
const small = { xorbBytes: MIB } as const;

/** Every way in which a file may lie in Xet storage, in small. */
export const XET_KINDS: readonly FileDeclaration[] = [
  file('modern', noise, small),
  file('legacy', noise, { ...small, rule: 'legacy' }),
  file('one-xorb', noise, {}),
  file('shared-tail', noise, { ...small, layout: 'shared-tail' }),
  file('mid-xorb', noise, { ...small, layout: 'mid-xorb' }),
  file('repeats', twice, { ...small, repeatsFrom: 4 }),
  file('lz4', weights, { ...small, scheme: 'lz4' }),
  file('grouped', weights, { ...small, scheme: 'grouped-lz4' }),
  file('mixed', weights, { ...small, scheme: 'mixed', layout: 'mid-xorb' }),
  file('zero-run', holes, { ...small, scheme: 'lz4' }),
  file('one-chunk', noise.subarray(0, 5000), {}),
  file('smallest-legacy-chunk', noise.subarray(2_693_628, 2_701_756), { rule: 'legacy' }),
];

/** A repository with all of {@link XET_KINDS}, and a small file that is not in Xet storage. */
export const XET_REPOSITORY: RepositoryDeclaration = {
  id: 'org/xet-kinds',
  files: [{ path: 'config.json', kind: 'bytes', content: '{}\n' }, ...XET_KINDS],
};
