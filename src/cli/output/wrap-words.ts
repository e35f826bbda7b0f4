import { displayWidth, truncateEnd } from './display-width.ts';

/**
 * Wraps `text` in lines of at most `width` columns, broken between words; what does not fit into `maxLines` is cut off.
 */
export function wrapWords(text: string, width: number, maxLines: number): readonly string[] {
  const lines: string[] = [];
  let rest = text.split(' ');
  while (rest.length > 0 && lines.length < maxLines - 1) {
    const count = wordsThatFit(rest, width);
    lines.push(rest.slice(0, count).join(' '));
    rest = rest.slice(count);
  }
  if (rest.length > 0) lines.push(rest.join(' '));
  return lines.map((line) => truncateEnd(line, width));
}

/** Returns how many of the first words make up a line: at least one, however long. */
function wordsThatFit(words: readonly string[], width: number): number {
  let used = 0;
  const tooFar = words.findIndex((word, index) => {
    used += displayWidth(word) + (index === 0 ? 0 : 1);
    return index > 0 && used > width;
  });
  return tooFar === -1 ? words.length : tooFar;
}
