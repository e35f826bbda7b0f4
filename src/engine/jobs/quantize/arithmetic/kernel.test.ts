import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KERNELS } from '../../../../../test/quantize/kernels.ts';
import { bf16, DIGESTS, GENERATED_DIGEST, generated, VECTORS } from '../../../../../test/quantize/vectors.ts';
import { ROUNDING_RULES } from '../../../../shared/model/build.ts';
import { worstError } from './error-bound.ts';
import { bf16ToFloat, floatToBf16, floatToHalf, halfToFloat } from './float-formats.ts';
import type { AffineJob, Kernel } from './kernel.ts';

const [[, plain], [, simd]] = KERNELS as [(typeof KERNELS)[0], (typeof KERNELS)[0]];

function quantized(kernel: Kernel, source: Uint16Array, job: Omit<AffineJob, 'groups'>) {
  const groups = source.length / job.groupSize;
  kernel.buffers.source.set(new Uint8Array(source.buffer, source.byteOffset, source.byteLength));
  const bad = kernel.quantize({ ...job, groups });
  const { codes, scales, biases } = kernel.buffers;
  return {
    bad,
    codes: Buffer.from(codes.slice(0, (source.length * job.bits) / 8)),
    scales: Buffer.from(scales.slice(0, groups * 2)),
    biases: Buffer.from(biases.slice(0, groups * 2)),
  };
}

const hex16 = (bytes: Buffer) => bytes.readUInt16LE(0).toString(16).padStart(4, '0');
const wordsOf = (bytes: Buffer) =>
  Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readUInt32LE(i * 4).toString(16));

describe.each(KERNELS)('the %s kernel', (_name, kernel) => {
  const cases = VECTORS.flatMap((vector) => vector.rules.map((rule) => ({ ...vector, rule })));
  it.each(cases)('makes $name at $bits bits, rule $rule', ({ source, bits, rule, scale, bias, words }) => {
    const groupSize = source.length === 64 ? 64 : 32;
    const made = quantized(kernel, Uint16Array.from(source), { bits, groupSize, rule, format: 'bf16' });
    expect(hex16(made.scales)).toBe(scale);
    expect(hex16(made.biases)).toBe(bias);
    expect(wordsOf(made.codes)).toEqual(
      words.split(' ').map((word) => Number.parseInt(word, 16).toString(16)),
    );
  });

  it.each(DIGESTS)('makes the digest of %i bits, groups of %i, rule %s', (bits, groupSize, rule, digest) => {
    const source = generated(7, 262_144);
    expect(createHash('sha256').update(source).digest('hex')).toBe(GENERATED_DIGEST);
    const made = quantized(kernel, source, { bits, groupSize, rule, format: 'bf16' });
    const hash = createHash('sha256').update(made.codes).update(made.scales).update(made.biases);
    expect(hash.digest('hex')).toBe(digest);
  });

  it.each([0x7f80, 0xff80, 0x7fc0, 0x7f81])('refuses %i wherever it stands', (pattern) => {
    for (let at = 0; at < 96; at += 1) {
      const source = generated(3, 96);
      source[at] = pattern;
      const { bad } = quantized(kernel, source, { bits: 4, groupSize: 32, rule: 'cpu', format: 'bf16' });
      expect(bad).toBe(Math.floor(at / 32));
    }
  });

  it('refuses a range that float32 does not hold', () => {
    const source = Uint16Array.from([bf16(3e38), bf16(-3e38), ...new Array(30).fill(0)]);
    expect(quantized(kernel, source, { bits: 8, groupSize: 32, rule: 'metal', format: 'bf16' }).bad).toBe(0);
  });

  it.each([0x7c00, 0xfc00, 0x7e00, 0x7c01])('refuses the half %i', (pattern) => {
    const source = new Uint16Array(64);
    source[40] = pattern;
    expect(quantized(kernel, source, { bits: 4, groupSize: 64, rule: 'cpu', format: 'f16' }).bad).toBe(0);
  });

  it('rounds float32 to BF16, ties to even', () => {
    const values = new Uint32Array([
      0x3f800000, 0x3f808000, 0x3f818000, 0x3f808001, 0x80000000, 1, 0x7f7f7fff, 0,
    ]);
    kernel.buffers.source.set(new Uint8Array(values.buffer));
    expect(kernel.castToBf16(8)).toBe(-1);
    const made = Buffer.from(kernel.buffers.codes.slice(0, 16));
    expect(Array.from({ length: 8 }, (_, i) => made.readUInt16LE(2 * i))).toEqual([
      0x3f80, 0x3f80, 0x3f82, 0x3f81, 0x8000, 0, 0x7f7f, 0,
    ]);
  });

  it.each([0x7f800000, 0xffffffff, 0x7f7fffff, 0x7f7f8000, 0x7fffffff])('refuses to cast %i', (pattern) => {
    const values = new Uint32Array(16);
    values[9] = pattern;
    kernel.buffers.source.set(new Uint8Array(values.buffer));
    const bad = kernel.castToBf16(16);
    expect(bad >= 8 && bad < 16).toBe(true);
  });
});

/** Groups of any patterns, of patterns with one exponent, and of few different values, where ties are common. */
const patterns = fc.oneof(
  fc.uint16Array({ minLength: 64, maxLength: 64 }),
  fc
    .tuple(fc.integer({ min: 0, max: 254 }), fc.uint16Array({ minLength: 64, maxLength: 64 }))
    .map(([exponent, values]) => values.map((value) => (value & 0x807f) | (exponent << 7))),
  fc
    .tuple(
      fc.integer({ min: -20, max: 20 }),
      fc.array(fc.integer({ min: -16, max: 16 }), { minLength: 64, maxLength: 64 }),
    )
    .map(([shift, values]) => Uint16Array.from(values, (value) => bf16(value * 2 ** shift))),
);

describe('the two kernels', () => {
  it.each(ROUNDING_RULES)('give the same bytes for any patterns, rule %s', (rule) => {
    fc.assert(
      fc.property(
        patterns,
        fc.constantFrom<4 | 8>(4, 8),
        fc.constantFrom<32 | 64>(32, 64),
        fc.constantFrom('bf16', 'f16'),
        (source, bits, groupSize, format) => {
          const job = { bits, groupSize, rule, format } as const;
          const expected = quantized(plain, source, job);
          const made = quantized(simd, source, job);
          expect(made.bad).toBe(expected.bad);
          if (made.bad < 0) expect(made).toEqual(expected);
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('keep every value within the bound of the arithmetic', () => {
    for (const [bits, groupSize, rule] of DIGESTS) {
      for (const seed of [1, 2, 3]) {
        const source = generated(seed, 65_536);
        quantized(simd, source, { bits, groupSize, rule, format: 'bf16' });
        const job: AffineJob = { groups: source.length / groupSize, groupSize, bits, rule, format: 'bf16' };
        const worst = worstError(simd.buffers, job);
        expect(worst.isWithinBound).toBe(true);
        expect(worst.steps).toBeGreaterThan(0.5);
      }
    }
  });

  it('break the bound when one code is wrong', () => {
    const source = generated(1, 65_536);
    quantized(simd, source, { bits: 8, groupSize: 64, rule: 'metal', format: 'bf16' });
    simd.buffers.codes[777] = ((simd.buffers.codes[777] ?? 0) + 128) % 256;
    const job = { groups: 1024, groupSize: 64, bits: 8, rule: 'metal', format: 'bf16' } as const;
    expect(worstError(simd.buffers, job).isWithinBound).toBe(false);
  });
});

describe('16-bit formats', () => {
  it('give every finite pattern back', () => {
    for (let bits = 0; bits < 0x10000; bits += 1) {
      if ((bits & 0x7f80) !== 0x7f80 && floatToBf16(bf16ToFloat(bits)) !== bits) expect(bits).toBe('bf16');
      const isZero = (bits & 0x7fff) === 0;
      if ((bits & 0x7c00) !== 0x7c00 && !isZero && floatToHalf(halfToFloat(bits)) !== bits)
        expect(bits).toBe('f16');
    }
  });
});
