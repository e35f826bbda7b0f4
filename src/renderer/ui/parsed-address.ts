/** `URL.canParse` is newer than the oldest Chrome that the app runs on. Returns null for an invalid URL. */
export function parsedAddress(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}
