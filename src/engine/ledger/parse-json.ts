/**
 * Returns the value of a JSON text, or undefined for one that does not parse: a damaged column must not make a row
 * unreadable.
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
