/** `URL.canParse` is younger than the oldest Chrome that the app runs on. Null for what is no address. */
export function parsedAddress(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}
