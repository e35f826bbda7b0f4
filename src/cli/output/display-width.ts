const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Code point ranges that terminals show two columns wide (Unicode East Asian Width W and F, and pictographs). */
const WIDE: ReadonlyArray<readonly [number, number]> = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xa000, 0xa4cf],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1f64f],
  [0x1f680, 0x1f6ff],
  [0x1f900, 0x1faff],
  [0x20000, 0x3fffd],
];

function graphemeWidth(grapheme: string): number {
  const code = grapheme.codePointAt(0) ?? 0;
  if (/^[\p{M}\p{Cf}\p{Cc}]/u.test(grapheme)) return 0;
  if (/\p{Emoji_Presentation}|\uFE0F/u.test(grapheme)) return 2;
  return WIDE.some(([from, to]) => code >= from && code <= to) ? 2 : 1;
}

/** Columns that a text without escape sequences takes on a terminal. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const { segment } of segmenter.segment(text)) width += graphemeWidth(segment);
  return width;
}

/** The longest start of `text` that takes at most `columns`. */
function take(segments: readonly string[], columns: number): string {
  let taken = '';
  let width = 0;
  for (const segment of segments) {
    width += graphemeWidth(segment);
    if (width > columns) break;
    taken += segment;
  }
  return taken;
}

const segmentsOf = (text: string) => Array.from(segmenter.segment(text), ({ segment }) => segment);

/** `text` cut to at most `columns`, ending in `…` when something is missing. */
export function truncateEnd(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  return columns < 1 ? '' : `${take(segmentsOf(text), columns - 1)}…`;
}

/** `text` cut to at most `columns` in its middle: the ends of file names tell them apart. */
export function truncateMiddle(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  if (columns < 1) return '';
  const segments = segmentsOf(text);
  const tailColumns = Math.floor((columns - 1) / 2);
  const tail = segmentsOf(take(segments.toReversed(), tailColumns)).length;
  const head = take(segments, columns - 1 - tailColumns);
  return `${head}…${tail === 0 ? '' : segments.slice(-tail).join('')}`;
}

/** `text` filled with spaces to `columns`; longer text stays as it is. */
export function padEnd(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - displayWidth(text)));
}

/** `text` moved to the right end of `columns`; longer text stays as it is. */
export function padStart(text: string, columns: number): string {
  return ' '.repeat(Math.max(0, columns - displayWidth(text))) + text;
}
