/**
 * Affine quantization of MLX with SIMD, in AssemblyScript (docs/adr: WebAssembly from AssemblyScript). The same steps as the
 * plain kernel in src/engine/jobs/quantize/arithmetic, which explains them; float32 arithmetic is exact in WebAssembly, so
 * both give the same bytes. Memory is laid out by the caller; every argument is an offset or a count.
 */

const F16: i32 = 1;
const METAL: i32 = 1;

/** Smallest step, in float32. Source: MLX 0.32.2, mlx/backend/cpu/quantized.cpp, `eps`. */
const SMALLEST_STEP: f32 = 1e-7;

/** 2^112 turns the exponent bias of a half into that of a float. */
const HALF_TO_FLOAT: f32 = reinterpret<f32>(0x77800000);

/** The float32 before 0.5. */
const BELOW_HALF: f32 = reinterpret<f32>(0x3effffff);

/** 2^23: from here on a float32 has no fraction. */
const NO_FRACTION: f32 = 8388608;

/** Groups whose scales are made before their codes. */
const BLOCK_GROUPS: i32 = 64;
/** Their scales and biases in float32, side by side. */
const EXACT: usize = memory.data(64 * 8);

/**
 * Quantizes `groups` groups of `groupSize` (a multiple of 16) 16-bit values. `bits` is 4 or 8. Returns -1, or the index of
 * the first group with a value that is not finite.
 */
export function quantize(
  source: usize,
  groups: i32,
  groupSize: i32,
  bits: i32,
  format: i32,
  rule: i32,
  codes: usize,
  scales: usize,
  biases: usize,
): i32 {
  const groupBytes: usize = <usize>groupSize * 2;
  const codeBytes: usize = (<usize>groupSize * <usize>bits) >> 3;
  for (let first = 0; first < groups; first += BLOCK_GROUPS) {
    const count = min(BLOCK_GROUPS, groups - first);
    const bad = scaleGroups(source, count, groupBytes, bits, format, rule, scales, biases);
    if (bad >= 0) return first + bad;
    for (let at = 0; at < count; at++) {
      const exact = EXACT + <usize>at * 8;
      const scale = v128.load32_splat(exact);
      const bias = v128.load32_splat(exact, 4);
      encodeGroup(source, groupBytes, bits, format, rule, scale, bias, codes);
      source += groupBytes;
      codes += codeBytes;
    }
    scales += BLOCK_GROUPS * 2;
    biases += BLOCK_GROUPS * 2;
  }
  return -1;
}

/**
 * Finds scale and bias of at most {@link BLOCK_GROUPS} groups: rounded to their places in the result, and exact for their codes.
 * The divisions for one scale wait for each other, those for several groups do not, so this is a loop of its own. Returns as
 * {@link quantize} does.
 */
function scaleGroups(
  source: usize,
  groups: i32,
  groupBytes: usize,
  bits: i32,
  format: i32,
  rule: i32,
  scales: usize,
  biases: usize,
): i32 {
  const steps: f32 = bits == 4 ? 15 : 255;
  const exponent: i32 = format == F16 ? 0x7c00 : 0x7f80;
  for (let group = 0; group < groups; group++) {
    let lows = ordered(v128.load(source));
    let highs = lows;
    for (let at: usize = 16; at < groupBytes; at += 16) {
      const eight = ordered(v128.load(source + at));
      lows = i16x8.min_s(lows, eight);
      highs = i16x8.max_s(highs, eight);
    }
    const least = smallest(lows);
    // The largest is the smallest of the mirror image.
    const most = ~smallest(v128.not(highs));
    // What is not finite lies beyond every finite value.
    if (most >= exponent || least <= ~exponent) return group;

    const lo = toFloat(least, format);
    let hi = toFloat(most, format);
    if (rule == METAL && hi < 0) hi = 0;
    let scale = (hi - lo) / steps;
    if (!isFinite<f32>(scale)) return group;
    if (scale < SMALLEST_STEP) scale = SMALLEST_STEP;
    // Which end is further from zero is the toss of a coin: a branch would be predicted wrong every other time.
    const negative: u32 = u32(Mathf.abs(lo) > Mathf.abs(hi));
    const mask: u32 = 0 - negative;
    scale = reinterpret<f32>(reinterpret<u32>(scale) | ((negative ^ 1) << 31));
    const edge = reinterpret<f32>((reinterpret<u32>(lo) & mask) | (reinterpret<u32>(hi) & ~mask));
    const code = round(edge / scale, rule);
    if (!isFinite<f32>(code)) return group;
    let bias: f32 = 0;
    if (code != 0) {
      scale = edge / code;
      bias = edge;
    }
    store<u16>(scales, format == F16 ? floatToHalf(scale) : floatToBf16(scale));
    store<u16>(biases, format == F16 ? floatToHalf(bias) : floatToBf16(bias));
    const exact = EXACT + <usize>group * 8;
    store<f32>(exact, scale);
    store<f32>(exact, bias, 4);
    source += groupBytes;
    scales += 2;
    biases += 2;
  }
  return -1;
}

/**
 * Rounds `count` (a multiple of 8) float32 values to BF16. Returns -1, or the index of the first eight with a value that
 * is not finite, before or after.
 */
export function castToBf16(source: usize, count: i32, target: usize): i32 {
  const exponent = i32x4.splat(0x7f800000);
  for (let at = 0; at < count; at += 8) {
    const first = v128.load(source);
    const last = v128.load(source, 16);
    const firstRounded = roundToBf16(first);
    const lastRounded = roundToBf16(last);
    const notFinite = v128.or(
      v128.or(isAllOnes(first, exponent), isAllOnes(last, exponent)),
      v128.or(isAllOnes(firstRounded, exponent), isAllOnes(lastRounded, exponent)),
    );
    if (v128.any_true(notFinite)) return at >> 3;
    v128.store(target, i16x8.narrow_i32x4_u(i32x4.shr_u(firstRounded, 16), i32x4.shr_u(lastRounded, 16)));
    source += 32;
    target += 16;
  }
  return -1;
}

function encodeGroup(
  source: usize,
  groupBytes: usize,
  bits: i32,
  format: i32,
  rule: i32,
  scale: v128,
  bias: v128,
  codes: usize,
): void {
  for (let at: usize = 0; at < groupBytes; at += 32) {
    const first = v128.load(source + at);
    const last = v128.load(source + at, 16);
    // Narrowing saturates: what is below 0 becomes 0, what is above 255 becomes 255.
    const sixteen = i8x16.narrow_i16x8_u(
      i16x8.narrow_i32x4_s(
        encode(widenLow(first, format), scale, bias, rule),
        encode(widenHigh(first, format), scale, bias, rule),
      ),
      i16x8.narrow_i32x4_s(
        encode(widenLow(last, format), scale, bias, rule),
        encode(widenHigh(last, format), scale, bias, rule),
      ),
    );
    if (bits == 8) {
      v128.store(codes, sixteen);
      codes += 16;
    } else {
      const nibbles = i8x16.min_u(sixteen, i8x16.splat(15));
      const pairs = v128.or(
        v128.and(nibbles, i16x8.splat(0x000f)),
        v128.and(i16x8.shr_u(nibbles, 4), i16x8.splat(0x00f0)),
      );
      v128.store64_lane(codes, i8x16.narrow_i16x8_u(pairs, pairs), 0);
      codes += 8;
    }
  }
}

function encode(values: v128, scale: v128, bias: v128, rule: i32): v128 {
  const exact = f32x4.pmax(f32x4.div(f32x4.sub(values, bias), scale), f32x4.splat(0));
  // Ties go away from zero. Adding 0.5 itself would lift the number below it to 1.
  const rounded = rule == METAL ? f32x4.trunc(f32x4.add(exact, f32x4.splat(BELOW_HALF))) : exact;
  // Without room for a fraction the addition rounds, ties to even, and leaves the number in the lowest bits.
  const magic = f32x4.splat(NO_FRACTION);
  return i32x4.sub(f32x4.add(rounded, magic), magic);
}

/** Patterns of 16-bit floats as integers of the same order: those of negative numbers run backwards otherwise. */
function ordered(eight: v128): v128 {
  return v128.xor(eight, v128.and(i16x8.shr_s(eight, 15), i16x8.splat(0x7fff)));
}

function smallest(eight: v128): i32 {
  const four = i16x8.min_s(eight, i64x2.shuffle(eight, eight, 1, 0));
  const two = i16x8.min_s(four, i32x4.shuffle(four, four, 1, 0, 3, 2));
  return min<i32>(i16x8.extract_lane_s(two, 0), i16x8.extract_lane_s(two, 1));
}

/** The value of an {@link ordered} pattern. */
function toFloat(order: i32, format: i32): f32 {
  const pattern: u32 = order ^ ((order >> 31) & 0x7fff);
  if (format != F16) return reinterpret<f32>(pattern << 16);
  const magnitude = reinterpret<f32>((pattern & 0x7fff) << 13) * HALF_TO_FLOAT;
  return order < 0 ? -magnitude : magnitude;
}

/** The rule's rounding for one value of at most zero. */
function round(value: f32, rule: i32): f32 {
  if (rule != METAL) return nearest(value);
  // A float64 has room for the half of every float32.
  return <f32>Math.ceil(<f64>value - 0.5);
}

function widenLow(eight: v128, format: i32): v128 {
  const four = i32x4.extend_low_i16x8_u(eight);
  return format == F16 ? halfToFloat(four) : i32x4.shl(four, 16);
}

function widenHigh(eight: v128, format: i32): v128 {
  const four = i32x4.extend_high_i16x8_u(eight);
  return format == F16 ? halfToFloat(four) : i32x4.shl(four, 16);
}

/** Exact for every finite half, subnormal ones too. */
function halfToFloat(four: v128): v128 {
  const magnitude = i32x4.shl(v128.and(four, i32x4.splat(0x7fff)), 13);
  const sign = i32x4.shl(v128.and(four, i32x4.splat(0x8000)), 16);
  return v128.or(f32x4.mul(magnitude, f32x4.splat(HALF_TO_FLOAT)), sign);
}

/** To nearest, ties to even. */
function floatToBf16(value: f32): u16 {
  const pattern = reinterpret<u32>(value);
  return <u16>((pattern + 0x7fff + ((pattern >> 16) & 1)) >> 16);
}

/** To nearest, ties to even. The caller's values are all below the largest half. */
function floatToHalf(value: f32): u16 {
  const pattern = reinterpret<u32>(value);
  const sign = (pattern >> 16) & 0x8000;
  const magnitude = pattern & 0x7fffffff;
  // Below 2^-14 a half counts in steps of 2^-24: adding 0.5 leaves exactly those bits, rounded by the addition.
  if (magnitude < 0x38800000) {
    const steps = reinterpret<u32>(reinterpret<f32>(magnitude) + <f32>0.5) - 0x3f000000;
    return <u16>(sign | steps);
  }
  return <u16>(sign | ((magnitude - 0x38000000 + 0xfff + ((magnitude >> 13) & 1)) >> 13));
}

function roundToBf16(four: v128): v128 {
  const even = v128.and(i32x4.shr_u(four, 16), i32x4.splat(1));
  return i32x4.add(four, i32x4.add(even, i32x4.splat(0x7fff)));
}

function isAllOnes(four: v128, exponent: v128): v128 {
  return i32x4.eq(v128.and(four, exponent), exponent);
}
