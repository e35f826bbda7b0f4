import { beforeAll, describe, expect, it } from 'vitest';
import { bytesContent } from '../../../../../test/hub/content/bytes.ts';
import { encodeShard } from '../../../../../test/hub/xet/shard-encode.ts';
import { storeFile } from '../../../../../test/hub/xet/xet-file.ts';
import { xorshiftBytes } from '../../../../../test/hub/xet/xorshift.ts';
import { openKeyedHash } from './keyed-hash.ts';
import { readShard } from './shard.ts';

const keyed = openKeyedHash();
const key = xorshiftBytes(32, 3);
const content = xorshiftBytes(1_000_000);
const FOOTER_BYTES = 200;
let shard: Buffer;
let xorb: string;
beforeAll(async () => {
  const file = await storeFile({ kind: 'bytes', content }, bytesContent(content), {}, true, keyed);
  xorb = file.terms[0]!.xorb.name;
  shard = encodeShard([file.terms[0]!.xorb], key, 1_800_000_000, keyed);
});

/** The shard with a 64-bit number changed; a negative position counts from the end. */
function changed(at: number, value: bigint): Buffer {
  const copy = Buffer.from(shard);
  copy.writeBigUInt64LE(value, at < 0 ? copy.length + at : at);
  return copy;
}

describe('readShard', () => {
  it('contains the chunks of xorbs, their lengths and the key', () => {
    const { xorbs, key: told, expiresAtMs } = readShard(shard);
    expect([...xorbs.keys()]).toEqual([xorb]);
    expect(
      xorbs
        .get(xorb)
        ?.map(({ length }) => length)
        .slice(0, 3),
    ).toEqual([25_265, 45_457, 47_794]);
    expect([Buffer.from(told!), expiresAtMs]).toEqual([key, 1_800_000_000_000]);
  });

  it.each<[string, () => Buffer]>([
    ['an empty answer', () => Buffer.alloc(0)],
    ['another kind of file', () => Buffer.alloc(1000)],
    ['one that is cut', () => shard.subarray(0, -1)],
    ['an unknown version', () => changed(32, 3n)],
    ['a footer of another size', () => changed(40, 2n ** 63n)],
    ['a footer that is somewhere else', () => changed(-8, 5n)],
    ['xorbs before the start', () => changed(-FOOTER_BYTES + 16, 0n)],
    ['xorbs far behind the end', () => changed(-FOOTER_BYTES + 16, 2n ** 60n)],
    ['more chunks than it has room for', () => changed(96 + 36, 8000n)],
    ['more chunks than a xorb may have', () => changed(96 + 36, 2n ** 32n - 1n)],
  ])('refuses %s', (_, make) => {
    expect(() => readShard(make())).toThrow(expect.objectContaining({ name: 'XetFormatError' }));
  });
});
