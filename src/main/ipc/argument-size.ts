/** Structured clones may contain cycles; this many values are more than any command has. */
const MAX_VALUES = 20_000;

/**
 * True when a value from the page is so large that it is rejected unread. The largest legitimate one is text for the
 * clipboard, one million characters. Counts characters of strings and keys, and values.
 */
export function isTooLarge(value: unknown, maxCharacters = 2_000_000): boolean {
  let characters = 0;
  let values = 0;
  const open: unknown[] = [value];
  while (open.length > 0) {
    const next = open.pop();
    values += 1;
    if (typeof next === 'string') characters += next.length;
    else if (ArrayBuffer.isView(next) || next instanceof ArrayBuffer) characters += next.byteLength;
    else if (typeof next === 'object' && next !== null) {
      const keys = Object.keys(next);
      if (values + open.length + keys.length > MAX_VALUES) return true;
      for (const key of keys) {
        characters += key.length;
        open.push((next as Record<string, unknown>)[key]);
      }
    }
    if (characters > maxCharacters || values > MAX_VALUES) return true;
  }
  return false;
}
