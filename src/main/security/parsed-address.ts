/** `URL.canParse` and `URL.parse` are younger than the oldest Node that this runs on. Null for what is no address. */
export function parsedAddress(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}
