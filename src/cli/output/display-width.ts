import stringWidth from 'string-width';

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Returns the columns that a text without escape sequences takes on a terminal. */
export function displayWidth(text: string): number {
  return stringWidth(text);
}

/** Returns the longest start of `text` that takes at most `columns`. */
function take(segments: readonly string[], columns: number): string {
  let taken = '';
  let width = 0;
  for (const segment of segments) {
    width += stringWidth(segment);
    if (width > columns) break;
    taken += segment;
  }
  return taken;
}

const segmentsOf = (text: string) => Array.from(segmenter.segment(text), ({ segment }) => segment);

/** Truncates `text` to at most `columns`, ending in `…` when something is missing. */
export function truncateEnd(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  return columns < 1 ? '' : `${take(segmentsOf(text), columns - 1)}…`;
}

/** Truncates `text` to at most `columns` in its middle: file names differ at their ends. */
export function truncateMiddle(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  if (columns < 1) return '';
  const segments = segmentsOf(text);
  const tailColumns = Math.floor((columns - 1) / 2);
  const tail = segmentsOf(take(segments.toReversed(), tailColumns)).length;
  const head = take(segments, columns - 1 - tailColumns);
  return `${head}…${tail === 0 ? '' : segments.slice(-tail).join('')}`;
}

/** Pads `text` with spaces to `columns`; longer text stays as it is. */
export function padEnd(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - displayWidth(text)));
}

/** Right-aligns `text` in `columns`; longer text stays as it is. */
export function padStart(text: string, columns: number): string {
  return ' '.repeat(Math.max(0, columns - displayWidth(text))) + text;
}
