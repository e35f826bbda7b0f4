import { createHash } from 'node:crypto';
import { getChunks, hashToHex } from '@huggingface/xetchunk-wasm';
import { describe, expect, it } from 'vitest';
import { xorshiftBytes } from '../../../../../test/hub/xet/xorshift.ts';
import { type CutRule, MAX_CHUNK_BYTES } from '../kernel/limits.ts';
import { wasmKernel } from '../kernel/wasm-kernel.ts';
import { cutBytes } from './cut-bytes.ts';
import { hashText, parseHashText } from './hash-text.ts';
import { openKeyedHash } from './keyed-hash.ts';
import { DATA_KEY } from './keys.ts';
import {
  fileHash,
  groupLevel,
  type HashedSpan,
  isNaturalCut,
  nodeOf,
  rootOf,
  verificationHash,
} from './tree.ts';

const kernel = wasmKernel(3 * 1024 * 1024);
const keyed = openKeyedHash();
const big = wasmKernel(24 * 1024 * 1024);
const chunksOf = (bytes: Uint8Array, rule: CutRule = 'modern') => cutBytes(kernel, bytes, rule);
const endsOf = (chunks: readonly HashedSpan[]): number[] =>
  chunks.map(
    ({ length }, index) => length + chunks.slice(0, index).reduce((sum, chunk) => sum + chunk.length, 0),
  );
const raw = (text: string) => parseHashText(text)!;
const span = (text: string, length: number): HashedSpan => ({ hash: raw(text), length });
const rootText = (chunks: readonly HashedSpan[]) => hashText(rootOf(chunks, keyed)!);
const fileText = (chunks: readonly HashedSpan[]) => hashText(fileHash(chunks, keyed));
const verificationText = (chunks: readonly HashedSpan[]) => hashText(verificationHash(chunks, keyed));

/** Bytes of SplitMix64 with seed 0. */
function splitMixBytes(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  let state = 0n;
  for (let at = 0; at < length; at += 8) {
    state = BigInt.asUintN(64, state + 0x9e3779b97f4a7c15n);
    let z = state;
    z = BigInt.asUintN(64, (z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n);
    z = BigInt.asUintN(64, (z ^ (z >> 27n)) * 0x94d049bb133111ebn);
    bytes.writeBigUInt64LE(z ^ (z >> 31n), at);
  }
  return bytes;
}

describe('the text of a hash', () => {
  it('prints four little-endian numbers, and reads them back', () => {
    const bytes = Uint8Array.from({ length: 32 }, (_, index) => index);
    expect(hashText(bytes)).toBe('07060504030201000f0e0d0c0b0a090817161514131211101f1e1d1c1b1a1918');
    expect(parseHashText(hashText(bytes))).toEqual(bytes);
  });

  it.each(['', 'A'.repeat(64), 'g'.repeat(64), '0'.repeat(63), '0'.repeat(65)])('refuses %j', (text) => {
    expect(parseHashText(text)).toBeNull();
  });
});

describe('chunk and file hashes', () => {
  it.each([
    ['', 'e0f2cf784e7e5f10c34f84af150e9a5ff9664216debad915364d741049870f67'],
    ['abc', 'a8803506f7aff014f19aa9e9b79dc6455c49672570f96156071329698dd0284e'],
    ['Hello World!', 'd8d408e608fb9ca213b9909a65d86d725f2de4d8d540324be8a363e7a6e228cb'],
    ['\0'.repeat(65_536), '949007ab06e71557f3426c039da9706141a00dcd6b9e2e840a380bea4657158e'],
  ])('of a chunk', (text, expected) => {
    kernel.input.set(Buffer.from(text));
    expect(hashText(kernel.hash(0, text.length, DATA_KEY))).toBe(expected);
  });

  it.each([
    ['', '0'.repeat(64)],
    ['abc', '55b9df318a7c45f470d57b04d8ca79a15b0637ffe94b25041a58d00c3528afff'],
    ['Hello World!', 'a9dae0ad88b060bdd7e7c87abdcf95b132c95a0414b06d4f6beb68d287b87165'],
    ['\0'.repeat(65_536), 'f3443f56fde4d1adf396a4f6c9f6e2bb20635c82b5788ac89fca7452b125bc32'],
    [
      'a'.repeat(10_000) + 'b'.repeat(20_000) + 'c'.repeat(5),
      'a100abeaa31f86ecc988e97d5523619e315ac04a7a9b8476334e21642e75fd17',
    ],
  ])('of a file', (text, expected) => {
    expect(fileText(chunksOf(Buffer.from(text)))).toBe(expected);
  });
});

describe('the tree', () => {
  const A = 'cfc5d07f6f03c29bbf424132963fe08d19a37d5757aaf520bf08119f05cd56d6';
  const B = 'c3e67584b5c4fc2a89837ec39e40f2c8a6bb0b2987ac94cd4b31e5fbdd210a72';
  const C = '0d2beb91b9196929a5ddec9f6e306924ddf4a24268e3e59fd8464738d525af37';
  const D = 'adf8773496a9b7319b2e50dc98093f344053b17d8ad37100b9c07d9805988784';

  it.each<[HashedSpan[], string, string]>([
    [[span(A, 100)], A, '8e16257caa3fe079d484d872a8975264b2ff683b0d6db9028cc7c0f968a45661'],
    [
      [span(A, 100), span(B, 200), span(C, 300)],
      '71ec1275fca074724e2dd666921b3277c7cee603e4d025bcab2d4050015be2bc',
      '54e55dccc6653c612bdb5576c5d3cb34bb31bc4e100248abccf4c908b3ef7715',
    ],
    [
      Array.from({ length: 4 }, () => span(A, 100)),
      '89f2ada89ff8c96763c6b25010e6dd76a4c05b1466207633ea559acf2093211b',
      '2cdba690d0e09563596e0cda626d43eb4c96ef1e994fe72d9b2f5a83cfcd36dd',
    ],
    [
      [span(A, 100), span(B, 200), span(A, 100), span(B, 200), span(C, 300), span(D, 400)],
      '52c826f99507aa05d0b45e9837fa1709e0485425cfbcb1e80db3905cf98b3ee9',
      '91d21684db364c8883ab8209fa5eb2e781cf07f37e1fa43e731c30839afe422f',
    ],
    [
      Array.from({ length: 40 }, (_, value) => {
        kernel.input.fill(value, 0, 100);
        return { hash: kernel.hash(0, 100, DATA_KEY), length: 100 };
      }),
      '7a763f9badfd1d4ff7ca08dd143b9f89a4fffe5875a4f24ded22916bd666d50f',
      'e2639ecaa161ce62a9b848d3b9256f9db9c23273b99ac41387acb89f80596f4a',
    ],
  ])('gives xorbs and files their names (list %#)', (chunks, xorb, file) => {
    expect(rootText(chunks)).toBe(xorb);
    expect(fileText(chunks)).toBe(file);
  });

  it('gives a node and a verification hash', () => {
    const pair = [
      span('c28f58387a60d4aa200c311cda7c7f77f686614864f5869eadebf765d0a14a69', 100),
      span('6e4e3263e073ce2c0e78cc770c361e2778db3b054b98ab65e277fc084fa70f22', 200),
    ];
    expect(hashText(nodeOf(pair, keyed).hash)).toBe(
      'be64c7003ccd3cf4357364750e04c9592b3c36705dee76a71590c011766b6c14',
    );
    expect(verificationText(pair)).toBe('eb06a8ad81d588ac05d1d9a079232d9c1e7d0b07232fa58091caa7bf333a2768');
  });

  it('names the xorb of two chunks', () => {
    const chunks = [...chunksOf(Buffer.from('abc')), ...chunksOf(Buffer.from('Hello World!'))];
    expect(rootText(chunks)).toBe('86f14a40a4460395edbb1cf6bda61bc84e1a80810b32d1ac53be5dcddc6e19cc');
  });

  it('keys a chunk hash as the global deduplication does', () => {
    const key = Uint8Array.from({ length: 32 }, (_, index) => index);
    const chunk = raw('d8d408e608fb9ca213b9909a65d86d725f2de4d8d540324be8a363e7a6e228cb');
    expect(hashText(keyed(key, chunk))).toBe(
      '213944381648fd3a12bf8dfc98576416734cf1afdb7ddced216b33a217c15167',
    );
  });
});

describe('cutting', () => {
  it('cuts zeros at the largest length', () => {
    const chunks = chunksOf(Buffer.alloc(300_000));
    expect(chunks.map(({ length }) => length)).toEqual([MAX_CHUNK_BYTES, MAX_CHUNK_BYTES, 37_856]);
    expect(chunks.map(({ hash }) => hashText(hash))).toEqual([
      '2e39f13c248013b27e22913ba2893a654120ed0ad8eb7ecbf3f05b9d708634fc',
      '2e39f13c248013b27e22913ba2893a654120ed0ad8eb7ecbf3f05b9d708634fc',
      '9b0a79fb7a9b2632483530fce1c82092edd9b94a8690abc12f700bc530d950b0',
    ]);
    expect(rootText(chunks)).toBe('c2c391c2780688107997606ed6798520928296386f08a43bdf7e28cd1b06b37b');
    expect(fileText(chunks)).toBe('3d7bd4178bc2851ba07d59c24c3a88ae0c7220e9920d6c5c6a06b01556d46404');
  });

  it.each<CutRule>(['modern', 'legacy'])('cuts the million bytes of xet-core by the %s rule', (rule) => {
    const bytes = splitMixBytes(1_000_000);
    bytes[0] = 175;
    bytes[127] = 132;
    bytes[111_111] = 118;
    expect(endsOf(chunksOf(bytes, rule))).toEqual([
      ...[
        84493, 134421, 144853, 243318, 271793, 336457, 467529, 494581, 582000, 596735, 616815, 653164, 678202,
      ],
      ...[724510, 815591, 827760, 958832, 991092, 1000000],
    ]);
  });

  it.each<CutRule>(['modern', 'legacy'])('cuts a million generated bytes by the %s rule', (rule) => {
    const chunks = chunksOf(xorshiftBytes(1_000_000), rule);
    expect(chunks.map(({ length }) => length)).toEqual([
      ...[25265, 45457, 47794, 86095, 35082, 14152, 32296, 25874, 32879, 131072, 11215, 20621, 29599, 46616],
      ...[121776, 30280, 38598, 68130, 28217, 9116, 119866],
    ]);
    expect(hashText(chunks[0]!.hash)).toBe(
      '7e1637f0b321b0f1d0d86917ecb79317be669a7d8f4d3752673dbb19e6e87c19',
    );
    expect(hashText(chunks.at(-1)!.hash)).toBe(
      '16207795352f011a7f3340635cc127cd410ee00a3fe8a710e73e3c113f015711',
    );
    expect(rootText(chunks)).toBe('402ea86bd144c6a2aee154db7e0b9ec8491903415bd27345c7b95963fded8d32');
    expect(fileText(chunks)).toBe('63f0d6b500a59d08e0c285fbce380fb1fa8f7aa4e96caa222ed3ba6fcba39f1a');
    expect(verificationText(chunks)).toBe('1c7debd04f86023a32dc8628f1db32f8a6be2f54cd5976d790b3452b131b314f');
  });

  const threeMiB = xorshiftBytes(3 * 1024 * 1024);

  it('is given the bytes that the vectors mean', () => {
    expect(threeMiB.subarray(0, 16).toString('hex')).toBe('193e3ab51f37d0bf39b8eeb4d33cb85f');
    expect(createHash('sha256').update(threeMiB).digest('hex')).toBe(
      'eacfe04bc21304a30f1841b28d57f3ff58dee143c5c40569fc8e05b078100339',
    );
  });

  it('cuts 3 MiB by the modern rule', () => {
    const chunks = chunksOf(threeMiB);
    expect(endsOf(chunks).slice(40)).toEqual([
      ...[2443707, 2549065, 2673163, 2693628, 2824700, 2855851, 2916806, 2928389, 2990087, 3045197, 3082704],
      3145728,
    ]);
    expect(hashText(chunks[44]!.hash)).toBe(
      '8ee1833ff616a01e187888865c8e22f403c860b7a6c347ba28c4511995875086',
    );
    expect(rootText(chunks)).toBe('6299b0a1b08caa813a3730d494648726f4b3fb85dd3b072f28ad031d6f408636');
    expect(fileText(chunks)).toBe('27d7a6d9c85ba8153b9929089573df0b9b8c85d1398cff4d25862f2817f78974');
    expect(verificationText(chunks)).toBe('5f5086729a0572c66018bcefebbbf8bfc7fb0c13e9269ae72d642ac6308b0bc8');
    const natural = chunks.flatMap((chunk, index) => (isNaturalCut(chunk) ? [index] : []));
    expect(natural).toEqual([3, 6, 8, 13, 17, 18, 27, 30, 31, 37, 40, 47]);
  });

  it('groups the chunks of 3 MiB into levels', () => {
    const chunks = chunksOf(threeMiB);
    const ends = endsOf(chunks);
    const first = endsOf(groupLevel(chunks, keyed));
    const sizes = first.map(
      (end, index) => ends.indexOf(end) - (index === 0 ? -1 : ends.indexOf(first[index - 1]!)),
    );
    expect(sizes).toEqual([4, 3, 7, 4, 9, 4, 7, 3, 7, 4]);
    expect(groupLevel(groupLevel(chunks, keyed), keyed)).toHaveLength(2);
  });

  it('cuts 3 MiB by the legacy rule', () => {
    const chunks = chunksOf(threeMiB, 'legacy');
    expect(endsOf(chunks).slice(40)).toEqual([
      ...[2443707, 2549065, 2673163, 2693628, 2701756, 2832828, 2840956, 2855851, 2916806, 2928389, 2990087],
      ...[3045197, 3053325, 3082704, 3145728],
    ]);
    expect([44, 46, 52].map((index) => chunks[index]!.length)).toEqual([8128, 8128, 8128]);
    expect(rootText(chunks)).toBe('8d8379a2050b942759d655e4bc686650f620695b4e3a06aaa60d39fd08ef5317');
    expect(fileText(chunks)).toBe('23d390ede45773887483691c97b8881d5decf41c9c2c27eece4b1d387f71b663');
    expect(verificationText(chunks)).toBe('4aa56f79cfbb21b4a93f23697327de49a8f76f8577d58986f1766e0925fe59cb');
  });

  it('names 24 MiB as hf_xet does', () => {
    const chunks = cutBytes(big, xorshiftBytes(24 * 1024 * 1024, 12_345), 'modern');
    expect(fileText(chunks)).toBe('cbb345200ec09de598239f8250c95ba75316d329bae1b91c03dd276349e2dd47');
  });

  it('cuts and hashes by the legacy rule as the JavaScript uploader does', () => {
    const bytes = xorshiftBytes(2_500_000, 77);
    const theirs = getChunks(bytes).map(({ hash, length }) => ({ hash: hashToHex(hash), length }));
    const ours = chunksOf(bytes, 'legacy').map(({ hash, length }) => ({ hash: hashText(hash), length }));
    expect(ours).toEqual(theirs);
  });

  it('gives each length of chunk as part of the content', () => {
    expect(chunksOf(xorshiftBytes(500_000)).reduce((sum, { length }) => sum + length, 0)).toBe(500_000);
  });
});
