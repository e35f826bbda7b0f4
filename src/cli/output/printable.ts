/**
 * Characters that move the cursor, change colors or the reading direction: C0, DEL, C1, line and paragraph separators,
 * bidirectional controls.
 */
const UNSAFE = /[\p{Cc}\u2028\u2029\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;

/**
 * Makes external text (file names, messages of a server) safe to write on a terminal: white space becomes a space,
 * other control characters a question mark.
 */
export function printable(text: string): string {
  return text.replaceAll(/[\t\n\r]+/g, ' ').replaceAll(UNSAFE, '?');
}
