/** How a file of weights is rounded, according to its name. */
export interface Quantization {
  /** The experts' name: `Q4_K_M`. */
  readonly code: string;
  /** Average bits per weight. */
  readonly bits: number;
  /** For people: `4-bit, medium`. */
  readonly title: string;
  /** One sentence on what choosing it means. */
  readonly words: string;
  /** From 0, broken, to 100, as trained. */
  readonly quality: number;
  /** Made for a processor that few people have, or superseded: never proposed. */
  readonly isSpecial: boolean;
}

/**
 * Bits and loss of each kind, from the tables of llama.cpp for Llama 3.1 8B (tools/quantize/README.md: bits per weight;
 * discussion of perplexity in pull requests 1684 and 4773). Quality is the rank of those losses, not a separate
 * measurement.
 */
const KNOWN: ReadonlyArray<readonly [code: string, bits: number, quality: number]> = [
  ['F32', 32, 100],
  ['BF16', 16, 100],
  ['F16', 16, 100],
  ['Q8_0', 8.5, 99],
  ['Q6_K', 6.6, 97],
  ['Q5_K_M', 5.7, 94],
  ['Q5_K_S', 5.6, 93],
  ['Q5_1', 6, 92],
  ['Q5_0', 5.6, 91],
  ['Q4_K_M', 4.9, 88],
  ['MXFP4', 4.3, 87],
  ['Q4_K_S', 4.7, 86],
  ['IQ4_NL', 4.7, 86],
  ['IQ4_XS', 4.5, 85],
  ['Q4_1', 5.1, 83],
  ['Q4_0', 4.7, 81],
  ['Q3_K_L', 4.3, 74],
  ['IQ3_M', 3.8, 73],
  ['Q3_K_M', 4, 72],
  ['IQ3_S', 3.7, 70],
  ['Q3_K_S', 3.6, 66],
  ['IQ3_XS', 3.5, 66],
  ['IQ3_XXS', 3.3, 62],
  ['Q2_K', 3.2, 52],
  ['IQ2_M', 2.9, 50],
  ['IQ2_S', 2.7, 46],
  ['IQ2_XS', 2.6, 42],
  ['IQ2_XXS', 2.4, 36],
  ['IQ1_M', 2.1, 22],
  ['IQ1_S', 2, 16],
  ['TQ2_0', 2.1, 20],
  ['TQ1_0', 1.7, 15],
];

/** A code at the end of a file's name or of its folder's: after a separator, and before one or the extension. */
const CODE =
  /(?<![A-Za-z0-9])((?:UD-)?(?:I?Q[1-8](?:_[A-Z0-9]{1,4}){0,3}|T?Q[12]_0|MXFP4|BF16|F16|FP16|F32|FP32))(?![A-Za-z0-9])/gi;

/** Returns the kind of rounding named in a path, the last one in it; null when there is none. */
export function quantizationOf(path: string): Quantization | null {
  const code = [...path.slice(-400).matchAll(CODE)].at(-1)?.[1]?.toUpperCase();
  return code === undefined ? null : described(code);
}

function described(code: string): Quantization {
  const plain = code.replace(/^UD-/, '').replace(/^FP(16|32)$/, 'F$1');
  const [, bits, quality] = KNOWN.find(([name]) => name === plain) ?? similar(plain);
  const isSpecial = /^Q4_0_\d_\d$/.test(plain) || /^T?Q[12]_0$/.test(plain);
  const title = isSpecial ? `${titleOf(plain, bits)} for certain processors` : titleOf(plain, bits);
  return { code, bits, title, quality, isSpecial, words: isSpecial ? SPECIAL : wordsOf(quality) };
}

/** Kinds newer than this table: `Q4_K_XL` is a little better than the known `Q4_K`. */
function similar(code: string): readonly [string, number, number] {
  const family = code.replace(/_(XL|L|M|S|XS|XXS|\d_\d)$/, '');
  const relatives = KNOWN.filter(([name]) => name.startsWith(family));
  const [, bits, quality] = relatives[0] ?? [code, Number(/\d/.exec(code)?.[0] ?? 4) + 0.5, 50];
  const isLarger = /_(XL|L)$/.test(code);
  return [code, isLarger ? bits + 0.3 : bits, isLarger ? Math.min(98, quality + 1) : quality - 1];
}

function titleOf(code: string, bits: number): string {
  if (/^(F32|BF16|F16)$/.test(code)) return code === 'F32' ? 'Full precision' : 'As trained';
  const size = /_(XXS|XS|S|M|L|XL)$/.exec(code)?.[1];
  const names: Readonly<Record<string, string>> = {
    XXS: 'tiny',
    XS: 'extra small',
    S: 'small',
    M: 'medium',
    L: 'large',
    XL: 'extra large',
  };
  const nominal = /[1-8]/.exec(code)?.[0] ?? String(Math.round(bits));
  return size === undefined ? `${nominal}-bit` : `${nominal}-bit, ${names[size]}`;
}

const SPECIAL = 'Made for certain ARM processors with older programs. Take one of the others.';

function wordsOf(quality: number): string {
  if (quality >= 100) return 'The weights as they were trained. Best for making other versions from.';
  if (quality >= 97) return 'Answers like the original.';
  if (quality >= 91) return 'Hardly any difference from the original.';
  if (quality >= 85) return 'The usual choice: a quarter of the size, and the difference is small.';
  if (quality >= 80) return 'A quarter of the size. An older kind; the others of this size answer better.';
  if (quality >= 65) return 'Noticeably worse answers. For when nothing larger fits.';
  if (quality >= 40) return 'Much worse answers. A smaller model is usually the better choice.';
  return 'Barely usable answers.';
}
