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
  const steps: f32 = bits == 4 ? 15 : 255;
  for (let group = 0; group < groups; group++) {
    let lows = widenLow(v128.load(source), format);
    let highs = lows;
    let notFinite = i16x8.splat(0);
    const exponent = i16x8.splat(format == F16 ? 0x7c00 : 0x7f80);
    for (let at: usize = 0; at < groupBytes; at += 16) {
      const eight = v128.load(source + at);
      notFinite = v128.or(notFinite, i16x8.eq(v128.and(eight, exponent), exponent));
      const first = widenLow(eight, format);
      const last = widenHigh(eight, format);
      lows = f32x4.pmin(lows, f32x4.pmin(first, last));
      highs = f32x4.pmax(highs, f32x4.pmax(first, last));
    }
    if (v128.any_true(notFinite)) return group;

    const lo = least(lows);
    let hi = most(highs);
    if (rule == METAL && hi < 0) hi = 0;
    let scale = (hi - lo) / steps;
    if (!isFinite<f32>(scale)) return group;
    if (scale < SMALLEST_STEP) scale = SMALLEST_STEP;
    const negative = Mathf.abs(lo) > Mathf.abs(hi);
    if (!negative) scale = -scale;
    const edge = negative ? lo : hi;
    const code = round(edge / scale, rule);
    if (!isFinite<f32>(code)) return group;
    let bias: f32 = 0;
    if (code != 0) {
      scale = edge / code;
      bias = edge;
    }
    store<u16>(scales, format == F16 ? floatToHalf(scale) : floatToBf16(scale));
    store<u16>(biases, format == F16 ? floatToHalf(bias) : floatToBf16(bias));
    encodeGroup(source, groupBytes, bits, format, rule, f32x4.splat(scale), f32x4.splat(bias), codes);
    source += groupBytes;
    codes += codeBytes;
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
  const exact = f32x4.div(f32x4.sub(values, bias), scale);
  if (rule != METAL) return i32x4.trunc_sat_f32x4_s(f32x4.nearest(exact));
  // A tie goes away from zero. What is cut off is exact, so no sum is rounded on the way.
  const whole = f32x4.trunc(exact);
  const isUp = f32x4.ge(f32x4.sub(exact, whole), f32x4.splat(0.5));
  return i32x4.sub(i32x4.trunc_sat_f32x4_s(whole), isUp);
}

/** The rule's rounding for one value of at most zero. */
function round(value: f32, rule: i32): f32 {
  if (rule != METAL) return nearest(value);
  const whole = Mathf.trunc(value);
  return whole - value >= 0.5 ? whole - 1 : whole;
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

function least(four: v128): f32 {
  const a = min(f32x4.extract_lane(four, 0), f32x4.extract_lane(four, 1));
  const b = min(f32x4.extract_lane(four, 2), f32x4.extract_lane(four, 3));
  return min(a, b);
}

function most(four: v128): f32 {
  const a = max(f32x4.extract_lane(four, 0), f32x4.extract_lane(four, 1));
  const b = max(f32x4.extract_lane(four, 2), f32x4.extract_lane(four, 3));
  return max(a, b);
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
